"""Today: one's list of work, on the screen and on paper; and the bell."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import completeness, exams, patients, records, staff, work
from app.core import clock
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.forms import bind
from app.core.words import N_, ngettext
from app.routes.follow_up import how_it_looks, spoken_day
from app.routes.web import Page, TheActor, TheDb, get, page, post, redirect

DUES = {"all": N_("All"), "late": N_("Overdue"), "today": N_("Today"), "soon": N_("Can start"), "missed": N_("Past its time")}

ON_SCREEN, ON_PAPER = 20, 200  # persons
REMINDERS = 50  # on a page


class View(msgspec.Struct, frozen=True):
    """The list's address: which due days, whose work, which page."""

    due: Literal["all", "late", "today", "soon", "missed"] = "all"
    of: Literal["mine", "clinic"] = "mine"
    page: int = 1

    def path(self, **changes: Any) -> str:
        values = msgspec.structs.asdict(self) | {"page": 1} | changes
        usual = msgspec.structs.asdict(View())
        query = urlencode({name: value for name, value in values.items() if value != usual[name]})
        return f"/today?{query}" if query else "/today"

    @property
    def here(self) -> str:
        return self.path(page=self.page)


def view_of(values: dict[str, Any]) -> View:
    """What cannot be read falls back to the usual list."""
    view = bind(View, values).value or View()
    return view if view.page > 0 else msgspec.structs.replace(view, page=1)


@get("/today", needs=May.SIGNED_IN)
def index(
    db: TheDb, actor: TheActor, due: Annotated[str, QueryParameter(name="due")] = "",
    of: Annotated[str, QueryParameter(name="of")] = "", number: Annotated[str, QueryParameter(name="page")] = "",
) -> Page | Response:
    if not actor.may(May.DO_WORK):
        return redirect("/patients")
    return today_page(db, actor, view_of({"due": due, "of": of, "page": number}))


@get("/today/sheet", needs=May.DO_WORK, slow=True)
def sheet(
    request: Request, db: TheDb, actor: TheActor, due: Annotated[str, QueryParameter(name="due")] = "",
    of: Annotated[str, QueryParameter(name="of")] = "", number: Annotated[str, QueryParameter(name="page")] = "",
) -> Page:
    """The call sheet on paper: the same people, their numbers in full, room to write."""
    view = view_of({"due": due, "of": of, "page": number})
    shown = _list(db, actor, view, ON_PAPER)
    request.app.state.looks.note_all(actor.id, (person.patient.id for person in shown["list"].people), "print")
    return page("work/sheet.html", show_phone=patients.show_phone, **shown)


def today_page(db: Database, actor: Actor, view: View) -> Page:
    return page("work/today.html", "work", "beside", **_list(db, actor, view))


def _list(db: Database, actor: Actor, view: View, size: int = ON_SCREEN) -> dict[str, Any]:
    """What the list shows, whole or as blocks."""
    today = clock.today()
    listed = work.today(db, actor, today, view.due, view.of, view.page, size)
    items = [item for person in listed.people for item in person.items]
    codes = {item.pathway_code for item in items}
    return {
        "list": listed, "alarms": work.alarms(db, actor), "view": view, "due_names": DUES, "back": view.here, "day": spoken_day(today),
        "reasons": work.reasons(db, items, actor), "afternoon": work.afternoon(db, clock.local_now()),
        "doctors": staff.with_role(db, Role.DOCTOR) if "assign_doctor" in codes else [],
        "completeness": {
            person.patient.id: completeness.opening(db, person.patient) for person in listed.people
            if any(item.pathway_code == "complete_record" for item in person.items)
        },
        **how_it_looks(), "undo": work.just_done(db, actor, today), "elsewhere": elsewhere(db, actor), "owners": staff.names(db),
    }


def elsewhere(db: Database, actor: Actor) -> list[tuple[str, str, int]]:
    """What waits on other pages: path, what it is, how many."""
    found = []
    if actor.may(May.IMPORT):
        _received, _filed, tray, *_rest = exams.totals(db)
        found.append(("/manage/tray", N_("Import tray, owner or meaning unclear"), tray))
    if actor.may(May.SEE_CLINICAL):
        unexplained, listed = work.unexplained_and_listed(db)
        found.append(("/today?of=clinic", N_("Abnormal results not yet explained"), unexplained))
        found.append(("/recalls", N_("On recall lists, no day yet"), listed))
    return [entry for entry in found if entry[2]]


# ── the bell ──

@get("/reminders", needs=May.DO_WORK)
def reminders(db: TheDb, actor: TheActor, before: Annotated[int | None, QueryParameter(name="before")] = None) -> Page:
    found = work.reminders_of(db, actor, before, REMINDERS + 1)
    return page(
        "work/reminders.html", reminders=found[:REMINDERS], told=told, before=before,
        older=found[REMINDERS - 1].id if len(found) > REMINDERS else None,
    )


def told(reminder: work.Reminder) -> str:
    n = reminder.n
    match reminder.kind:
        case "overdue":
            return ngettext("%(n)s thing is overdue", "%(n)s things are overdue", n)
        case "due_today":
            return ngettext("%(n)s thing is due today", "%(n)s things are due today", n)
        case _:
            return ngettext("%(n)s thing of the day was unfinished in the afternoon",
                            "%(n)s things of the day were unfinished in the afternoon", n)


@post("/reminders/sighting", needs=May.DO_WORK)
def see(db: TheDb, actor: TheActor) -> Response:
    work.see(db, actor)
    return redirect("/reminders")


handlers = [index, sheet, reminders, see]
