"""Names and numbers are masked on lists, where passers-by can read them; showing them is written down.

The person's number (Y-000123) stays: it means nothing outside the clinic, and tells two rows apart.
"""

from datetime import timedelta

from app.clinic import patients
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_

SITTING = timedelta(hours=1)
events.declare("list.unmasked", N_("Showed names and numbers on the list of people"), clinical=False)
events.declare("list.masked", N_("Masked names and numbers on the list of people again"), clinical=False)
events.declare("list.row_unmasked", N_("Showed the name and numbers of %(number)s on the list"), clinical=False)

SHOWN = """
SELECT until FROM unmaskings WHERE session_id = :session AND ended_event_id IS NULL AND until > :now ORDER BY id DESC LIMIT 1
"""
END = "UPDATE unmaskings SET ended_event_id = :event WHERE session_id = :session AND ended_event_id IS NULL"


def shown_until(db: Database, session_id: int) -> str:
    """Until when (UTC) this device shows names and numbers on lists; blank while they are masked."""
    return db.value(SHOWN, session=session_id, now=clock.stamp()) or ""


def unmask(db: Database, actor: Actor, session_id: int) -> None:
    """Show names and numbers on this device for the sitting."""
    with db.change(actor, "list.unmasked") as details:
        until = clock.stamp(clock.now() + SITTING)
        details |= {"session": session_id, "until": until}
        db.execute(END, session=session_id, event=details.event_id)
        db.insert("unmaskings", {"session_id": session_id, "until": until, "event_id": details.event_id})


def mask(db: Database, actor: Actor, session_id: int) -> None:
    with db.change(actor, "list.masked") as details:
        details["session"] = session_id
        db.execute(END, session=session_id, event=details.event_id)


def unmask_row(db: Database, actor: Actor, patient: patients.Patient) -> None:
    """One person's, once. In the audit by their number; it is nothing that happened to them, so not in their timeline."""
    with db.change(actor, "list.row_unmasked") as details:
        details |= {"patient": patient.id, "number": patient.number}
