"""Taking an assignment back: whose patient somebody was before."""

from app.clinic import staff
from app.clinic.patients.actions import present
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_

events.declare("patient.doctor_put_back", N_("Responsible doctor as before: %(name)s"), clinical=False)
events.declare("patient.manager_put_back", N_("Health manager as before: %(name)s"), clinical=False)


def put_back(db: Database, actor: Actor | None, patient_id: int, what: str, staff_id: int | None, undone: int) -> None:
    """What event `undone` did to the doctor or manager is taken back: also to nobody, also to who has left since."""
    with db.change(actor, f"patient.{what}_put_back", patient_id) as details:
        patient = present(db, patient_id)
        name = staff.names(db).get(staff_id, "—")
        details |= {f"{what}_id": staff_id, "name": name, "from": getattr(patient, f"{what}_id"), "undone": undone}
        db.update("patients", patient_id, {f"{what}_id": staff_id, "version": patient.version + 1})
