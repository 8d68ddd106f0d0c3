"""What a person may ask for about their own data: all of it, that it be used no more, and who has looked."""

import secrets
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response, Stream

from app.clinic import dossiers, patients, staff
from app.core import clock
from app.core.access import May
from app.core.forms import Field, Form, bind, blank
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

ON_A_PAGE = 50


class Lifting(msgspec.Struct, frozen=True):
    lifted: Annotated[str, Field(most=300)]


class Wish(msgspec.Struct, frozen=True):
    language: staff.Language
    token: str = ""


@get("/patients/{patient_id:int}/rights", needs=May.EXPORT)
def show(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    return _show(db, actor, patient, "dossiers", "restriction")


@post("/patients/{patient_id:int}/restriction", needs=May.EXPORT)
def restrict(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(patients.NewRestriction, data)
    if form.attempt(lambda given: patients.restrict(db, actor, patient.id, given) or True):
        return go(request, f"/patients/{patient.id}/rights")
    return _show(db, actor, patient, "restriction", restricting=form, status=422)


@post("/patients/{patient_id:int}/restriction/end", needs=May.EXPORT)
def lift(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Lifting, data)
    if form.attempt(lambda given: patients.lift(db, actor, patient.id, given.lifted) or True):
        return go(request, f"/patients/{patient.id}/rights")
    return _show(db, actor, patient, "restriction", lifting=form, status=422)


def _show(
    db: TheDb, actor: TheActor, patient: ThePatient, *blocks: str, restricting: Form | None = None, lifting: Form | None = None,
    status: int = 200,
) -> Page:
    wish = blank(Wish, language=patient.language, token=secrets.token_hex(16))
    return page(
        "rights/show.html", *blocks, patient=patient, standing=patients.restriction(db, patient.id), status=status, wish=wish,
        restricting=restricting or blank(patients.NewRestriction, asked_on=clock.today().isoformat()), lifting=lifting or blank(Lifting),
        dossiers=dossiers.dossiers(db, actor, patient.id),
    )


# ── the person's file ──

@post("/patients/{patient_id:int}/dossiers", needs=May.EXPORT)
def want(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Wish, data)
    if form.attempt(lambda given: dossiers.want(db, actor, patient.id, given.language, given.token)):
        return go(request, f"/patients/{patient.id}/rights")
    return _show(db, actor, patient, "dossiers", status=422)


@post("/patients/{patient_id:int}/dossiers/{dossier_id:int}/copies", needs=May.EXPORT, look="export")
def hand_out(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, dossier_id: FromPath[int]) -> Response[Any]:
    """Written down before it leaves, piece by piece: with photos it is large."""
    one = dossiers.hand_out(db, actor, patient.id, dossier_id)
    headers = {"Content-Disposition": f'attachment; filename="{patient.number}-{one.at[:10]}.zip"', "Content-Length": str(one.size)}
    return Stream(request.app.state.files.pieces(one.file), media_type="application/zip", headers=headers)


# ── who looked ──

@get("/patients/{patient_id:int}/looks", needs=May.SEE_AUDIT)
def looks(
    request: Request, db: TheDb, patient: ThePatient, number: Annotated[int, QueryParameter(name="page", ge=0, le=100_000)] = 0
) -> Page:
    form = bind(dossiers.Period, dict(request.query_params))
    found = dossiers.who_looked(db, patient.id, form.value, page=number, limit=ON_A_PAGE + 1) if form.ok else []
    return page(
        "rights/looks.html", patient=patient, form=form, looks=found[:ON_A_PAGE], number=number, more=len(found) > ON_A_PAGE,
        status=200 if form.ok else 422,
    )


@get("/patients/{patient_id:int}/looks/sheet", needs=May.SEE_AUDIT, look="print", slow=True)
def sheet(request: Request, db: TheDb, patient: ThePatient) -> Page:
    form = bind(dossiers.Period, dict(request.query_params))
    found = dossiers.who_looked(db, patient.id, form.value, limit=dossiers.ON_PAPER + 1) if form.ok else []
    return page(
        "rights/sheet.html", patient=patient, form=form, back=f"/patients/{patient.id}/looks", looks=found[: dossiers.ON_PAPER],
        most=dossiers.ON_PAPER, more=len(found) > dossiers.ON_PAPER, today=clock.today().isoformat(), status=200 if form.ok else 422,
    )


handlers = [show, restrict, lift, want, hand_out, looks, sheet]
