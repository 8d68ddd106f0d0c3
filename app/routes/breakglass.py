"""Break-glass: opening somebody's sensitive entries for an hour, closing them, and the owner's page about it."""

from collections import Counter

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import breakglass
from app.core.access import May
from app.core.forms import Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

# What was looked at, by the first part of the address after the person's.
SEEN = {
    "": N_("Overview"), "record": N_("Health record"), "timeline": N_("Timeline"), "attachments": N_("Photos and PDFs"),
    "medicines": N_("What is really taken"), "encounters": N_("Consultation"), "questionnaires": N_("Questionnaires"),
    "reports": N_("Reports"), "indicators": N_("Indicators"),
}
ELSEWHERE = N_("Another page")


@get("/patients/{patient_id:int}/breakglass", needs=May.SEE_CLINICAL)
def new(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    return _page(db, actor, patient, blank(breakglass.NewOpening))


@post("/patients/{patient_id:int}/breakglass", needs=May.SEE_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(breakglass.NewOpening, data)
    if form.attempt(lambda given: breakglass.open_for_an_hour(db, actor, patient.id, given)) is None:
        return _page(db, actor, patient, form, 422)
    return go(request, f"/patients/{patient.id}/record")


@post("/patients/{patient_id:int}/breakglass/end", needs=May.SEE_CLINICAL)
def close(request: Request, db: TheDb, actor: TheActor, patient: ThePatient) -> Response:
    breakglass.close(db, actor, patient.id)
    return go(request, f"/patients/{patient.id}")


def _page(db: TheDb, actor: TheActor, patient: ThePatient, form: Form, status: int = 200) -> Page:
    sees = actor.may(May.SEE_SENSITIVE) and not actor.also
    return page(
        "breakglass/new.html", "glass-form", patient=patient, form=form, status=status, sees=sees,
        open_now=None if sees else breakglass.standing(db, actor, patient.id),
    )


# ── the owner ──

@get("/manage/breakglass", needs=May.SEE_AUDIT)
def index(db: TheDb) -> Page:
    fresh, noted = breakglass.fresh(db), breakglass.noted(db)
    return page("breakglass/index.html", fresh=fresh, noted=noted, seen={one.id: _seen(db, one.id) for one in [*fresh, *noted]})


@post("/manage/breakglass/{opening_id:int}/noting", needs=May.SEE_AUDIT)
def take_note(db: TheDb, actor: TheActor, opening_id: FromPath[int]) -> Response:
    breakglass.take_note(db, actor, opening_id)
    return redirect("/manage/breakglass")


def _seen(db: TheDb, opening_id: int) -> list[str]:
    """What was looked at and how often, in the reader's language."""
    parts = Counter(look.place.split("/")[1] if "/" in look.place else "" for look in breakglass.looks(db, opening_id))
    names: Counter[str] = Counter()
    for part, times in parts.items():
        names[SEEN.get(part, ELSEWHERE)] += times if part != "breakglass" else 0
    return [f"{_(name)} ×{times}" if times > 1 else _(name) for name, times in names.items() if times]


handlers = [new, create, close, index, take_note]
