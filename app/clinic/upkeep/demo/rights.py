"""One person of the invented clinic asked for everything that is kept about them, and took it home."""

from collections.abc import Sequence

from app.clinic import dossiers
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.core.access import Role
from app.core.db import Database
from app.core.files import Files

WITH_PAPERS = 3  # the same people as have papers: of them there is something of everything


def settle(db: Database, crew: Crew, lives: Sequence[Life]) -> None:
    doctor, files = crew.one(Role.DOCTOR), Files(db.path.parent / "files")
    life = next((one for one in lives if one.story.extra >= WITH_PAPERS and one.serial in crew.patients), None)
    if life is None:
        return
    person = crew.patients[life.serial]
    id = dossiers.want(db, doctor, person, life.person.language)
    if dossiers.make_one(db, files, id):
        dossiers.hand_out(db, doctor, person, id)
