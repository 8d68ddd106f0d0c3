"""A list in one go, for the command line: read, settled as recognised, compared, and what is clear filed."""

from datetime import date

from app.clinic.exams import Told
from app.clinic.rosters import queries
from app.clinic.rosters.deciding import decide_pile, may
from app.clinic.rosters.lists import begin, drop, upload
from app.clinic.rosters.running import claim, compare, file, release
from app.clinic.rosters.settling import Choice, settle_columns
from app.clinic.rosters.shapes import Counts
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict
from app.core.files import Files
from app.core.words import N_

CHUNK = 0.3  # seconds: nobody else is at the file


def bring(
    db: Database, actor: Actor | None, files: Files, name: str, content: bytes, *, source: str = "", day_order: str = "",
    ages_on: date | None = None, alike: str = "", dry_run: bool = False, told: Told | None = None,
) -> tuple[int, Counts]:
    """The list's id and where its lines are. alike: what becomes of the doubtful; blank: they wait. Raises Refusal."""
    roster_id = upload(db, actor, files, name, content, source)
    columns = queries.roster(db, roster_id).all_columns
    asked = [Choice(column.place, column.meaning, day_order) for column in columns if column.order == "ask" and day_order]
    settle_columns(db, actor, files, roster_id, asked, {}, ages_on)
    _run(db, files, roster_id, compare, told=told)
    for pile in queries.piles(db, roster_id) if alike else ():
        if pile.waiting and pile.because and may(pile, alike):
            decide_pile(db, actor, roster_id, pile.key, alike)
    if dry_run:
        counts = queries.counts(db, roster_id)
        drop(db, actor, roster_id)
        return roster_id, counts
    begin(db, actor, roster_id)
    _run(db, files, roster_id, file, hold=CHUNK, told=told)
    return roster_id, queries.counts(db, roster_id)


def _run(db: Database, files: Files, roster_id: int, verb, **how) -> None:
    claimed = claim(db, roster_id)
    if claimed is None:
        raise Conflict(N_("Another list is being worked on. Please wait until it is done."))
    roster, token = claimed
    try:
        verb(db, files, roster, token, **how)
    finally:
        release(db, token)
