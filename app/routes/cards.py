"""Cards: a person's, their printed sheet, and the types the clinic sells."""

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import cards
from app.core import charts, clock
from app.core.access import May
from app.core.errors import Conflict, NotFound
from app.core.forms import Form, bind, blank
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect


class Opening(msgspec.Struct, frozen=True):
    type_id: int


class EditType(cards.NewType, frozen=True):
    version: int = 0


@get("/patients/{patient_id:int}/cards", needs=May.FIND_PATIENTS)
def index(db: TheDb, patient: ThePatient) -> Page:
    return _cards(db, patient, blank(Opening), blank(cards.Closing))


@post("/patients/{patient_id:int}/cards", needs=May.HANDLE_CARDS)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Opening, data)
    if form.attempt(lambda given: cards.open_card(db, actor, patient.id, given.type_id)) is None:
        return _cards(db, patient, form, blank(cards.Closing), 422)
    return go(request, f"/patients/{patient.id}/cards")


@post("/patients/{patient_id:int}/cards/{card_id:int}/closing", needs=May.HANDLE_CARDS)
def close(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], data: Fields
) -> Page | Response:
    form = bind(cards.Closing, data)
    if form.attempt(lambda given: cards.close(db, actor, patient.id, card_id, given.reason) or True) is None:
        return _cards(db, patient, blank(Opening), form, 422)
    return go(request, f"/patients/{patient.id}/cards")


@get("/patients/{patient_id:int}/cards/{card_id:int}", needs=May.HANDLE_CARDS)
def show(db: TheDb, patient: ThePatient, card_id: FromPath[int]) -> Page:
    """The sheet to print: number, barcode, QR."""
    card = next((one for one in cards.cards_of(db, patient.id) if one.id == card_id), None)
    if card is None:
        raise NotFound()
    return page(
        "cards/show.html", patient=patient, card=card, barcode=charts.barcode(card.number, label=False),
        qr=charts.qr(card.number, card.shown),
    )


def _cards(db: TheDb, patient: ThePatient, opening: Form, closing: Form, status: int = 200) -> Page:
    sold = [one for one in cards.types(db) if not one.retired]
    return page(
        "cards/index.html", "cards", patient=patient, cards=cards.cards_of(db, patient.id), opening=opening,
        kinds=[(one.id, one.name, f"¥ {one.price}") for one in sold],
        closing=closing, today=clock.today().isoformat(), status=status,
    )


# ── types, under Manage ──

@get("/manage/card-types", needs=May.MANAGE_CLINIC)
def types(db: TheDb) -> Page:
    return page("cards/types.html", "types", types=cards.types(db), form=blank(cards.NewType))


@post("/manage/card-types", needs=May.MANAGE_CLINIC)
def add_type(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(cards.NewType, data)
    if form.attempt(lambda given: cards.add_type(db, actor, given)) is None:
        return page("cards/types.html", "types", types=cards.types(db), form=form, status=422)
    return go(request, "/manage/card-types")


@get("/manage/card-types/{type_id:int}", needs=May.MANAGE_CLINIC)
def edit_type(db: TheDb, type_id: FromPath[int]) -> Page:
    kind = _type(db, type_id)
    typed = blank(
        EditType, name_zh=kind.name_zh, name_en=kind.name_en, price_fen=cards.yuan(kind.price_fen), months=kind.months,
        version=kind.version)
    return page("cards/type.html", kind=kind, form=typed, conflict=None)


@post("/manage/card-types/{type_id:int}", needs=May.MANAGE_CLINIC)
def update_type(request: Request, db: TheDb, actor: TheActor, type_id: FromPath[int], data: Fields) -> Page | Response:
    kind, form = _type(db, type_id), bind(EditType, data)
    try:
        if form.attempt(lambda given: cards.edit_type(db, actor, type_id, given.version, given) or True):
            return go(request, "/manage/card-types")
    except Conflict as conflict:
        form.raw["version"] = str(kind.version)
        return page("cards/type.html", "card-type", kind=kind, form=form, conflict=conflict, status=409)
    return page("cards/type.html", "card-type", kind=kind, form=form, conflict=None, status=422)


@post("/manage/card-types/{type_id:int}/retirement", needs=May.MANAGE_CLINIC)
def retire_type(db: TheDb, actor: TheActor, type_id: FromPath[int]) -> Response:
    cards.retire_type(db, actor, type_id)
    return redirect("/manage/card-types")


def _type(db: TheDb, type_id: int) -> cards.CardType:
    kind = cards.get_type(db, type_id)
    if kind is None:
        raise NotFound()
    return kind


handlers = [index, create, close, show, types, add_type, edit_type, update_type, retire_type]
