"""Which health managers work with which doctor. A doctor without any of their own works with all of them."""

from collections.abc import Iterable

from app.clinic.staff.queries import get, with_role
from app.core import events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import N_

events.declare("staff.team_changed", N_("Changed who works with %(name)s"), clinical=False)

TEAM = "SELECT manager_id FROM teams WHERE doctor_id = :doctor ORDER BY manager_id"
EMPTY = "DELETE FROM teams WHERE doctor_id = :doctor"


def team(db: Database, doctor_id: int) -> list[int]:
    """Staff ids of the managers named for this doctor; empty means all of them."""
    return db.all(int, TEAM, doctor=doctor_id)


def set_team(db: Database, actor: Actor, doctor_id: int, manager_ids: Iterable[int]) -> None:
    """Name the managers who work with a doctor. Raises NotFound for who is no doctor or no manager."""
    doctor, chosen = get(db, doctor_id), sorted(set(manager_ids))
    managers = {member.id for member in with_role(db, Role.HEALTH_MANAGER)}
    if doctor is None or doctor.role != Role.DOCTOR or not managers.issuperset(chosen):
        raise NotFound()
    with db.change(actor, "staff.team_changed") as details:
        details |= {"staff": doctor_id, "name": doctor.name, "managers": chosen}
        db.execute(EMPTY, doctor=doctor_id)
        db.insert_many("teams", [
            {"doctor_id": doctor_id, "manager_id": manager, "event_id": details.event_id} for manager in chosen
        ])
