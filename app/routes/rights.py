"""What a person may ask for about their own data: that it be used no more, and who has looked."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.response import Response

from app.clinic import patients
from app.core import clock
from app.core.access import May
from app.core.forms import Field, Form, bind, blank
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post


class Lifting(msgspec.Struct, frozen=True):
    lifted: Annotated[str, Field(most=300)]


@get("/patients/{patient_id:int}/rights", needs=May.EXPORT)
def show(db: TheDb, patient: ThePatient) -> Page:
    return _show(db, patient, blank(patients.NewRestriction, asked_on=clock.today().isoformat()), blank(Lifting))


@post("/patients/{patient_id:int}/restriction", needs=May.EXPORT)
def restrict(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(patients.NewRestriction, data)
    if form.attempt(lambda given: patients.restrict(db, actor, patient.id, given) or True):
        return go(request, f"/patients/{patient.id}/rights")
    return _show(db, patient, form, blank(Lifting), 422)


@post("/patients/{patient_id:int}/restriction/end", needs=May.EXPORT)
def lift(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Lifting, data)
    if form.attempt(lambda given: patients.lift(db, actor, patient.id, given.lifted) or True):
        return go(request, f"/patients/{patient.id}/rights")
    return _show(db, patient, blank(patients.NewRestriction), form, 422)


def _show(db: TheDb, patient: ThePatient, restricting: Form, lifting: Form, status: int = 200) -> Page:
    return page(
        "rights/show.html", "restriction", patient=patient, standing=patients.restriction(db, patient.id), restricting=restricting,
        lifting=lifting, status=status,
    )


handlers = [show, restrict, lift]
