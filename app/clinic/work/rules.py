"""When work is due, whose it is and what follows from how it went. No file, no clock, no language."""

from datetime import date, timedelta
from typing import Literal

from app.clinic.work.pathways import Outcome, Pathway

Lateness = Literal["missed", "late", "today", "soon"]
Window = tuple[date, date, date]  # show from, due on, show until

TRIES_BEFORE_VISIT = 3
COVERS = {"nurse": ("nurse", "health_manager")}  # in a small clinic the nurse is the one who calls


def lateness(due_on: str, show_until: str, today: date) -> Lateness:
    """Never stored: what is late today was in time yesterday."""
    day = today.isoformat()
    if show_until < day:
        return "missed"
    if due_on < day:
        return "late"
    return "today" if due_on == day else "soon"


def days_between(due_on: str, today: date) -> int:
    """Positive: days late. Negative: days left."""
    return (today - date.fromisoformat(due_on)).days


def window(pathway: Pathway, days: int, today: date, evidence_on: date | None = None) -> Window:
    """The days of a new item. A past due day stays what it was: such an item is born late, but is shown."""
    start = evidence_on if pathway.counted_from == "evidence" and evidence_on else today
    return window_around(pathway, start + timedelta(days=days), today)


def window_around(pathway: Pathway, due: date, today: date) -> Window:
    shown = max(due, today) + timedelta(days=pathway.grace_days)
    return due - timedelta(days=pathway.early_days), due, shown


def is_old(evidence_on: date | None, work_from: date) -> bool:
    """Old results are listed for recall instead of making dated work."""
    return evidence_on is not None and evidence_on < work_from


def owner(pathway: Pathway, doctor_id: int | None, manager_id: int | None) -> tuple[int | None, str | None]:
    """(staff id, None) or (None, role): the person whose patient it is, or anyone of the role."""
    if pathway.owner.startswith("role:"):
        return None, pathway.owner.removeprefix("role:")
    if pathway.owner == "doctor":
        return (doctor_id, None) if doctor_id is not None else (None, "doctor")
    return (manager_id, None) if manager_id is not None else (None, "health_manager")


def roles_of(role: str) -> tuple[str, ...]:
    """Whose shared work a member of staff sees as their own."""
    return COVERS.get(role, (role,))


def least_loaded(loads: dict[int, int]) -> int | None:
    """The one with the fewest patients; of equals the one who has been here longest."""
    return min(loads, key=lambda id: (loads[id], id), default=None)


def postponed_window(show_until: str, due_on: date, new_due: date, today: date) -> str | None:
    """Why an item may not be moved to this day: "past", "same" or "beyond"; None when it may."""
    if new_due < today:
        return "past"
    if new_due == due_on:
        return "same"
    return "beyond" if new_due.isoformat() > show_until else None


def follow_up_day(outcome: Outcome, usual_days: int, today: date, chosen: date | None = None) -> date:
    """The next date by outcome; a day agreed with the person wins. usual_days: of the pathway that follows."""
    days = usual_days if outcome.next_days is None else outcome.next_days
    return chosen or today + timedelta(days=days)
