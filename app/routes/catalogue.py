"""Manage › indicators: what the catalogue says and by whom, and the clinic's own limits."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import catalogue
from app.clinic.catalogue import Indicator, NewOverride, Override
from app.core.access import May
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes import meanwhile
from app.routes.observations import status_word
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

Limit = Annotated[float | None, Field(lowest=0)]


class Limits(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500)]
    low_male: Limit = None
    high_male: Limit = None
    low_female: Limit = None
    high_female: Limit = None
    critical_low: Limit = None
    critical_high: Limit = None
    seen: str = ""


LABELS = {
    "low_male": N_("Men, from"), "high_male": N_("Men, to"), "low_female": N_("Women, from"), "high_female": N_("Women, to"),
    "critical_low": N_("Critical at or below"), "critical_high": N_("Critical at or above"),
}


class Back(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500)]


@get("/manage/indicators", needs=May.MAKE_RULES)
def index(db: TheDb, category: Annotated[str, QueryParameter(name="category")] = "") -> Page:
    known, own = catalogue.in_force(db), catalogue.overrides(db)
    categories = list(catalogue.categories().values())
    groups = [
        (one, [indicator for indicator in known.values() if indicator.category == one.code])
        for one in categories if category in ("", one.code)
    ]
    chips = [(f"/manage/indicators?category={one.code}", one.name, category == one.code) for one in categories]
    return page("catalogue/index.html", groups=groups, own=own, chips=chips, category=category, version=catalogue.version(),
                range_text=catalogue.range_text, status_word=status_word)


@get("/manage/indicators/{code:str}", needs=May.MAKE_RULES)
def show(db: TheDb, code: FromPath[str]) -> Page:
    indicator = _known(code)
    return _show(db, indicator, _prefilled(db, indicator))


@post("/manage/indicators/{code:str}/limits", needs=May.MAKE_RULES)
def create(request: Request, db: TheDb, actor: TheActor, code: FromPath[str], data: Fields) -> Page | Response:
    indicator, form = _known(code), bind(Limits, data)

    def save(given: Limits) -> bool:
        with db.aside():
            meanwhile.compare(form, _prefilled(db, indicator), LABELS)
            catalogue.override(db, actor, code, NewOverride(**{name: getattr(given, name) for name in NewOverride.__struct_fields__}))
        return True

    try:
        saved = form.attempt(save)
    except Conflict as conflict:
        return _show(db, indicator, form, 409, conflict)
    return go(request, f"/manage/indicators/{code}") if saved else _show(db, indicator, form, 422)


@post("/manage/indicators/{code:str}/restoration", needs=May.MAKE_RULES)
def restore(request: Request, db: TheDb, actor: TheActor, code: FromPath[str], data: Fields) -> Page | Response:
    indicator, form = _known(code), bind(Back, data)
    if not form.ok:
        return _show(db, indicator, _prefilled(db, indicator), 422)
    catalogue.restore(db, actor, code, form.value.reason)
    return go(request, f"/manage/indicators/{code}")


def _show(db: Database, indicator: Indicator, form: Form, status: int = 200, conflict: Conflict | None = None) -> Page:
    return page("catalogue/show.html", "limits", status=status, indicator=indicator, form=form, conflict=conflict,
                own=catalogue.overrides(db).get(indicator.code), history=catalogue.history(db, indicator.code),
                status_word=status_word, told=catalogue.told, range_text=catalogue.range_text, limits_of=limits_of,
                blank_back=Form({"reason": ""}))


def _prefilled(db: Database, indicator: Indicator) -> Form:
    """What holds now: the clinic's own, else the catalogue's critical limits beside a blank range."""
    now = catalogue.overrides(db).get(indicator.code) or indicator
    form = blank(Limits, **{name: _typed(getattr(now, name, None)) for name in LABELS})
    form.raw["seen"] = meanwhile.seen(form, LABELS)
    return form


def _known(code: str) -> Indicator:
    if code not in catalogue.indicators():
        raise NotFound()
    return catalogue.indicators()[code]


def _typed(limit: float | None) -> str:
    return "" if limit is None else catalogue.plain(limit)


def limits_of(own: Override) -> list[tuple[str, str]]:
    """(which, range) pairs of an override, with word ids the template translates: male, female, critical."""
    pairs = {"male": (own.low_male, own.high_male), "female": (own.low_female, own.high_female)}
    critical = "/".join(
        sign + catalogue.plain(end) for sign, end in (("≤", own.critical_low), ("≥", own.critical_high)) if end is not None
    )
    shown = [(name, catalogue.ends_text(*ends)) for name, ends in pairs.items() if ends != (None, None)]
    return shown + ([("critical", critical)] if critical else [])


handlers = [index, show, create, restore]
