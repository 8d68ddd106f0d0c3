"""The list of people: filtered by its address, masked until somebody asks, kept under a name."""

from typing import Annotated, Any
from urllib.parse import parse_qs

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import lists, staff, tags
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import Forbidden, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import N_, _
from app.routes import sitting
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, is_htmx, page, post, redirect

ON_A_PAGE = 50
UNREADABLE = N_("This list's address cannot be read. Open the list anew and choose the filters again.")
PAGING = {"before", "after"}


def view_of(values: dict[str, list[str]], actor: Actor) -> lists.View:
    """A filter that cannot be read is refused: without it the list would be everybody's."""
    form = bind(lists.View, values) if values else Form({}, value=lists.EVERYBODY)
    if not form.ok:
        raise NotFound(UNREADABLE)
    if form.value.clinical and not actor.may(May.SEE_CLINICAL):
        raise Forbidden()
    return form.value


def asked(request: Request) -> dict[str, list[str]]:
    given = request.query_params
    return {name: given.getall(name) for name in given if name not in PAGING}


def sent(data: dict[str, Any], actor: Actor) -> lists.View:
    """The list a form is about: it carries the address's part after the question mark."""
    given = data.get("query", "")
    return view_of(parse_qs(str(given[-1] if isinstance(given, list) else given)), actor)


def crews(db: Database) -> dict[str, list[tuple[int, str]]]:
    return {
        "doctors": [(one.id, one.name) for one in staff.with_role(db, Role.DOCTOR)],
        "managers": [(one.id, one.name) for one in staff.with_role(db, Role.HEALTH_MANAGER)],
    }


@get("/patients", needs=May.FIND_PATIENTS, slow=lambda values: bool(asked(values["request"])))
def index(
    request: Request, db: TheDb, actor: TheActor, before: Annotated[int | None, QueryParameter(name="before")] = None,
    after: Annotated[int | None, QueryParameter(name="after")] = None,
) -> Page:
    """Everybody at once, who is chosen in a thread: a rare kind of person may be found only by looking at all."""
    return _index(request, db, actor, view_of(asked(request), actor), before, after)


def _index(
    request: Request, db: Database, actor: Actor, view: lists.View, before: int | None = None, after: int | None = None,
    saving: Form | None = None, status: int = 200,
) -> Page:
    rows = lists.page_of(db, view, before=before, after=after, limit=ON_A_PAGE + 1)
    more, newer = len(rows) > ON_A_PAGE, after is not None
    rows = rows[1:] if more and newer else rows[:ON_A_PAGE]
    until, shown = sitting.until(request, db), lists.columns(view, actor)
    return page(
        "lists/index.html", view=view, shown=shown, heads=[_(one.label) for one in shown],
        lines=lists.lines(db, rows, shown, not until), until=until, back=view.path(before=before, after=after),
        older=rows[-1].id if rows and (more or newer) else None, newer=rows[0].id if rows and (before or newer and more) else None,
        said=lists.sentence(db, view) if view.narrowed else "", n=lists.count(db, view) if view.narrowed else None,
        views=lists.views(db, actor), saving=saving or blank(lists.NewView), status=status,
        rules=tags.rules(db) if actor.may(May.SEE_CLINICAL) else [], **crews(db),
    )


# ── names and numbers ──

@post("/patients/{patient_id:int}/unmasking", needs=May.FIND_PATIENTS)
def unmask_row(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    """One line in full; without htmx the person's own page."""
    lists.unmask_row(db, actor, patient)
    if not is_htmx(request):
        return redirect(f"/patients/{patient.id}")
    rows = next(lists.rows_of(db, [patient.id]))
    shown = lists.columns(sent(data, actor), actor)
    return page("lists/index.html", "rows", lines=lists.lines(db, rows, shown, masked=False), shown=shown)


# ── lists that are kept ──

@post("/patients/views", needs=May.FIND_PATIENTS)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    view, form = sent(data, actor), bind(lists.NewView, data)
    if form.attempt(lambda new: lists.save(db, actor, new, view)) is None:
        return _index(request, db, actor, view, saving=form, status=422)
    return go(request, view.path())


@post("/patients/views/{view_id:int}/removal", needs=May.FIND_PATIENTS)
def remove(db: TheDb, actor: TheActor, view_id: FromPath[int]) -> Response:
    lists.retire(db, actor, view_id)
    return redirect(f"/patients/filters?removed={view_id}")


@post("/patients/views/{view_id:int}/return", needs=May.FIND_PATIENTS)
def restore(db: TheDb, actor: TheActor, view_id: FromPath[int]) -> Response:
    return redirect(lists.restore(db, actor, view_id).path)


handlers = [index, unmask_row, create, remove, restore]
