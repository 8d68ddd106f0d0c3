"""Choosing whom a list shows and what stands there; the answer is the list's address."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import cards, criteria, lists, patients, tags
from app.core.access import Actor, May
from app.core.db import Database
from app.core.forms import Form, bind, blank
from app.core.words import _
from app.routes.lists import asked, crews, view_of
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

BUILT = ("all.", "any.", "none.")


@get("/patients/filters", needs=May.FIND_PATIENTS)
def new(
    request: Request, db: TheDb, actor: TheActor, removed: Annotated[int | None, QueryParameter(name="removed")] = None,
) -> Page:
    view = view_of({name: given for name, given in asked(request).items() if name != "removed"}, actor)
    form = blank(lists.View, **msgspec.structs.asdict(view) | {"columns": view.columns or list(lists.USUAL)})
    built = tags.draft_of(tags.tree_of(view.where)) if view.where else None
    if built:
        form.raw["where"] = ""  # its rows say it; only what rows cannot say is carried along whole
    return _page(db, actor, form, built or tags.draft({}), removed=removed)


@post("/patients/filters/draft", needs=May.SEE_CLINICAL)
def draft(db: TheDb, actor: TheActor, data: Fields) -> Page:
    """A row of the conditions more, or less."""
    raw = blank(lists.View).raw
    typed = {name: data.get(name, usual) for name, usual in raw.items()}
    form = Form({name: _several(value) if isinstance(raw[name], list) else str(value) for name, value in typed.items()})
    return _page(db, actor, form, tags.draft(data, str(data.get("change", ""))))


@post("/patients/filters", needs=May.FIND_PATIENTS)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """Read what was chosen and go to the list; nothing is stored."""
    conditions = any(name.startswith(BUILT) for name in data)
    built = tags.draft(data)
    form = bind(lists.View, data)
    if not form.ok or (conditions and built.criterion is None):
        return _page(db, actor, form, built, built.errors if conditions else {}, status=422)
    where = _both(form.value.where, built.criterion)
    chosen = [name for name, _label in lists.choices(actor) if name in form.value.columns]
    usual = [name for name, _label in lists.choices(actor) if name in lists.USUAL]
    view = msgspec.structs.replace(form.value, where=where, columns=[] if chosen == usual else chosen)
    return go(request, view.path())


def _both(carried: str, built: criteria.Criterion | None) -> str:
    """What was carried along and what the rows say."""
    if built is None:
        return carried
    return criteria.dump(criteria.AllOf((tags.tree_of(carried), built)) if carried else built)


def _several(given: Any) -> list[str]:
    return [str(one) for one in (given if isinstance(given, list) else [given])]


def _page(
    db: Database, actor: Actor, form: Form, built: tags.Draft, errors: dict[str, str] | None = None,
    removed: int | None = None, status: int = 200,
) -> Page:
    clinical = actor.may(May.SEE_CLINICAL)
    carried = bind(lists.View, {"where": form.raw["where"]}).value if clinical else None
    lacks = [(name, _(label)) for name, label in lists.LACKS.items() if clinical or name not in lists.CLINICAL_LACKS]
    return page(
        "lists/filters.html", "filters", form=form, rows=built.groups, errors=errors or {}, status=status, removed=removed,
        sexes=[(sex, _(label)) for sex, label in patients.SEXES.items()], lacks=lacks,
        carried=criteria.sentence(tags.tree_of(carried.where)) if carried and carried.where else "", columns=lists.choices(actor),
        card_types=[(str(one.id), one.name) for one in cards.types(db)], states=_pairs(lists.STATES), contacts=_pairs(lists.CONTACTS),
        tag_rules=[(rule.code, rule.name) for rule in tags.rules(db)] + [(label, label) for label in tags.labels(db)] if clinical else [],
        views=[one for one in lists.views(db, actor) if one.owner_id == actor.id],
        whats=tags.whats(db) if clinical else [], groups=_pairs(tags.GROUPS), ops=_pairs(tags.OPS), takes=_pairs(tags.TAKES), **crews(db),
    )


def _pairs(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(label)) for code, label in words.items()]


handlers = [new, draft, create]
