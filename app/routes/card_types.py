"""The card types the clinic sells, under Manage."""

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import cards
from app.core.access import May
from app.core.errors import Conflict, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import _
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post, redirect


class EditType(cards.NewType, frozen=True):
    version: int = 0


@get("/manage/card-types", needs=May.MANAGE_CLINIC)
def types(db: TheDb) -> Page:
    return _types(db, blank(cards.NewType, colour="jade", people=1))


@post("/manage/card-types", needs=May.MANAGE_CLINIC)
def add_type(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(cards.NewType, data)
    if form.attempt(lambda given: cards.add_type(db, actor, given)) is None:
        return _types(db, form, 422)
    return go(request, "/manage/card-types")


@get("/manage/card-types/{type_id:int}", needs=May.MANAGE_CLINIC)
def edit_type(db: TheDb, type_id: FromPath[int]) -> Page:
    kind = _kind(db, type_id)
    typed = cards.as_new(kind)
    values = {name: getattr(typed, name) or "" for name in typed.__struct_fields__}
    return _type(db, kind, blank(EditType, **values | {"price_fen": cards.yuan(kind.price_fen), "version": kind.version}))


@post("/manage/card-types/{type_id:int}", needs=May.MANAGE_CLINIC)
def update_type(request: Request, db: TheDb, actor: TheActor, type_id: FromPath[int], data: Fields) -> Page | Response:
    kind, form = _kind(db, type_id), bind(EditType, data)
    try:
        if form.attempt(lambda given: cards.edit_type(db, actor, type_id, given.version, given) or True):
            return go(request, "/manage/card-types")
    except Conflict as conflict:
        form.raw["version"] = str(kind.version)
        return _type(db, kind, form, conflict, 409)
    return _type(db, kind, form, status=422)


@post("/manage/card-types/{type_id:int}/retirement", needs=May.MANAGE_CLINIC)
def retire_type(db: TheDb, actor: TheActor, type_id: FromPath[int]) -> Response:
    cards.retire_type(db, actor, type_id)
    return redirect(f"/manage/card-types/{type_id}")


@post("/manage/card-types/{type_id:int}/return", needs=May.MANAGE_CLINIC)
def restore_type(db: TheDb, actor: TheActor, type_id: FromPath[int]) -> Response:
    cards.restore_type(db, actor, type_id)
    return redirect(f"/manage/card-types/{type_id}")


def _types(db: TheDb, form: Form, status: int = 200) -> Page:
    return page("cards/types.html", "types", types=cards.types(db), form=form, colours=_colours(), status=status)


def _type(db: TheDb, kind: cards.CardType, form: Form, conflict: Conflict | None = None, status: int = 200) -> Page:
    return page(
        "cards/type.html", "card-type", kind=kind, form=form, conflict=conflict, colours=_colours(),
        sold=cards.sold(db, kind.id), status=status,
    )


def _colours() -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in cards.COLOURS.items()]


def _kind(db: TheDb, type_id: int) -> cards.CardType:
    kind = cards.get_type(db, type_id)
    if kind is None:
        raise NotFound()
    return kind


handlers = [types, add_type, edit_type, update_type, retire_type, restore_type]
