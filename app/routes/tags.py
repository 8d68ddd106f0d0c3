"""A person's tags: what stands and why, labels by hand, a rule's tag kept away, and how it was before."""

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import mistakes, tags
from app.core.access import May
from app.core.errors import Refusal
from app.core.forms import Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post


@get("/patients/{patient_id:int}/tags", needs=May.SEE_CLINICAL)
def index(db: TheDb, patient: ThePatient) -> Page:
    return _index(db, patient)


@post("/patients/{patient_id:int}/tags", needs=May.TAG)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(tags.Labelled, data)
    if form.attempt(lambda new: tags.label(db, actor, patient.id, new) or True):
        return go(request, f"/patients/{patient.id}/tags")
    return _index(db, patient, form, status=422)


@post("/patients/{patient_id:int}/tags/{tag_id:int}/removal", needs=May.TAG)
def remove(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, tag_id: FromPath[int], data: Fields
) -> Page | Response:
    form = bind(tags.Reasoned, data)
    if form.attempt(lambda given: tags.take_off(db, actor, patient.id, tag_id, given.reason) or True):
        return go(request, f"/patients/{patient.id}/tags")
    return _index(db, patient, removing=(tag_id, form), status=422)


@post("/patients/{patient_id:int}/tags/holds/{hold_id:int}/release", needs=May.TAG)
def release(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, hold_id: FromPath[int], data: Fields
) -> Page | Response:
    form = bind(tags.Reasoned, data)
    if form.attempt(lambda given: tags.release(db, actor, patient.id, hold_id, given.reason) or True):
        return go(request, f"/patients/{patient.id}/tags")
    return _index(db, patient, releasing=(hold_id, form), status=422)


@post("/patients/{patient_id:int}/tags/{tag_id:int}/restoration", needs=May.TAG)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, tag_id: FromPath[int]) -> Response:
    """A label that was taken off, not one of somebody else."""
    if mistakes.mistake(db, "tags", tag_id):
        raise Refusal(N_("This tag is another person's."))
    tags.put_back(db, actor, patient.id, tag_id)
    return go(request, f"/patients/{patient.id}/tags")


NOTHING = (0, None)


def _index(
    db: TheDb, patient: ThePatient, form: Form | None = None, removing: tuple = NOTHING, releasing: tuple = NOTHING, status: int = 200
) -> Page:
    current = tags.current(db, patient.id)
    return page(
        "tags/index.html", patient=patient, tags=[(tag, tags.why(tag)) for tag in current],
        holds=tags.holds(db, patient.id), history=tags.history(db, patient.id), now={tag.name for tag in current}, labels=tags.labels(db),
        form=form or blank(tags.Labelled), fresh=blank(tags.Reasoned), removing=removing, releasing=releasing, status=status,
    )


handlers = [index, create, remove, put_back, release]
