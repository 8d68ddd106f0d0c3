"""The builder: one questionnaire, its questions one after another, the open one with its fields, and beside it the form itself to try.

Every field is kept when it is left, every button too. What was on the page goes along with it, so nothing typed is lost.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import questionnaires
from app.clinic.questionnaires import building
from app.core import fhirjson
from app.core.access import May
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.forms import Form
from app.core.words import N_, _, language
from app.routes.mapping import indicators, record_fields
from app.routes.trial import tried
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, is_htmx, page, post

ALL = "/manage/questionnaires"
ONE = ALL + "/{questionnaire_id:int}"
KEPT = {"HX-Trigger": "kept"}  # the form beside it draws itself again
SHAPING = ("kind", "way", "indicator")  # fields that bring other fields


@get(ONE + "/edit", needs=May.BUILD_FORMS, slow=True)
def edit(
    request: Request, db: TheDb, questionnaire_id: FromPath[int], at: Annotated[str, QueryParameter(name="at")] = "",
    new: Annotated[str, QueryParameter(name="new")] = "",
) -> Page | Response:
    draft = questionnaires.draft(db, questionnaire_id)
    if draft is None:
        return go(request, f"{ALL}/{questionnaire_id}")
    resource = fhirjson.loads(draft.fhir)
    return _builder(draft, resource, at if building.find(resource, at) else "", whole=True, new=new == "1")


@post(ONE + "/draft", needs=May.BUILD_FORMS)
def keep(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Page | Response:
    """A field was left or a button pressed."""
    draft, change, at = _draft(db, questionnaire_id), _text(data, "change"), _text(data, "at")
    before = fhirjson.loads(draft.fhir)
    if str(draft.revision) != _text(data, "revision"):
        return _stale(draft, before, at, data)
    edited = building.edit(before, at, data, change)
    try:
        draft = _kept(db, actor, draft, before, edited.resource)
    except Conflict:
        return _stale(_draft(db, questionnaire_id), before, at, data)
    if edited.errors:
        form = Form(_raw(edited.resource, at) | _typed(data), {name: _(message) for name, message in edited.errors.items()})
        return _builder(draft, edited.resource, at, form, status=422)
    if change == "review":
        return go(request, f"{ALL}/{questionnaire_id}/publication")
    undo = fhirjson.dumps(before) if edited.lost else ""
    if not change and not _shaped(before, edited.resource, at) and not _text(data, "wrong") and not undo and is_htmx(request):
        return page("questionnaires/build.html", "revision", draft=draft, headers=KEPT)
    return _builder(draft, edited.resource, edited.at, undo=undo, focus=_focus(edited, change))


@post(ONE + "/undo", needs=May.BUILD_FORMS)
def undo(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Response:
    """Back to how it was before the last button, unless somebody has gone on since."""
    draft = _draft(db, questionnaire_id)
    try:
        questionnaires.keep_draft(db, actor, draft.questionnaire_id, _text(data, "before"), revision(data))
    except questionnaires.Unreadable:
        raise Refusal(N_("This cannot be undone any more.")) from None
    return go(request, _address(questionnaire_id, _text(data, "at")))


def revision(data: Mapping[str, Any]) -> int:
    """The revision a page was drawn with; 0, which none has, for anything else."""
    said = _text(data, "revision")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _kept(db: Database, actor: Any, draft: questionnaires.Draft, before: dict, after: dict) -> questionnaires.Draft:
    if after == before:
        return draft
    questionnaires.keep_draft(db, actor, draft.questionnaire_id, fhirjson.dumps(after), draft.revision)
    return _draft(db, draft.questionnaire_id)


def _stale(draft: questionnaires.Draft, resource: dict, at: str, data: Fields) -> Page:
    """Somebody else has changed it: theirs stands, ours is kept in the fields, and both are shown."""
    resource = fhirjson.loads(draft.fhir)
    at = at if building.find(resource, at) else ""
    theirs, mine = building.opened(resource, at), _typed(data)
    texts = [(_named(name), str(mine[name]), str(theirs[name])) for name in theirs if name in mine and mine[name] != theirs[name]]
    conflict = Conflict(N_("%(by)s has changed this questionnaire meanwhile. What you typed is still in the fields."), texts, by=draft.by)
    return _builder(draft, resource, at, Form(theirs | mine, {}), status=409, conflict=conflict)


LABELS = {
    "text_zh": N_("Question in Chinese"), "text_en": N_("Question in English"), "title_zh": N_("Name in Chinese"),
    "title_en": N_("Name in English"), "kind": N_("Kind"),
}


def _named(field: str) -> str:
    """A field as the table of both texts calls it."""
    return LABELS.get(field, field)


ROWS = {"option": "option.{}.zh", "band": "band.{}.high", "when": "when.{}.question"}


def _focus(edited: building.Edited, change: str) -> str:
    """The field one goes on with: of what has just been added."""
    if change.startswith("add "):
        return "text_zh"
    row = ROWS.get(change, "")
    raw, n = building.opened(edited.resource, edited.at), 0
    while row and row.format(n + 1) in raw:
        n += 1
    return row.format(n) if row else ""


def _shaped(before: dict, after: dict, at: str) -> bool:
    """Whether the open item has other fields than the page shows."""
    was, now = building.opened(before, at), building.opened(after, at)
    told = [name for name in was if name in SHAPING or name.endswith((".question", ".op"))]
    return was.keys() != now.keys() or any(was[name] != now[name] for name in told)


def _raw(resource: dict, at: str) -> dict[str, Any]:
    return building.opened(resource, at)


def _typed(data: Fields) -> dict[str, Any]:
    """What was typed, to be shown again."""
    return {name: value for name, value in data.items() if name not in ("change", "revision", "at", "boxes", "wrong")}


def _draft(db: Database, questionnaire_id: int) -> questionnaires.Draft:
    draft = questionnaires.draft(db, questionnaire_id)
    if draft is None:
        raise NotFound()
    return draft


def _text(data: Mapping[str, Any], name: str) -> str:
    given = data.get(name, "")
    return str(given[-1] if isinstance(given, list) and given else given or "")


def _address(questionnaire_id: int, at: str) -> str:
    return f"{ALL}/{questionnaire_id}/edit" + (f"?at={quote(at, safe='')}" if at else "")


def _builder(
    draft: questionnaires.Draft, resource: dict, at: str, form: Form | None = None, status: int = 200, conflict: Conflict | None = None,
    undo: str = "", whole: bool = False, new: bool = False, focus: str = "",
) -> Page:
    """whole: asked for as a page. The form beside it takes its time, so it is made only where it is drawn."""
    headers = {} if whole else KEPT | {"HX-Push-Url": _address(draft.questionnaire_id, at)}
    return page(
        "questionnaires/build.html", "revision", "undo", "builder", draft=draft, resource=resource, at=at, new=new, focus=focus,
        form=form or Form(building.opened(resource, at)), b=building, own=building.own(resource), place=building.find(resource, at),
        built=list(building.places(resource)), conflict=conflict, undo=undo, tried=lambda: tried(draft.fhir, {}, language()), headers=headers,
        status=status, **_choices(building.own(resource)),
    )  # fmt: skip


def _choices(own: str) -> dict[str, Any]:
    """What the pull-down lists offer, in the reader's language."""

    def choices_of(item: dict) -> list[tuple[str, str]]:
        said = [(value, building.option(option, own)) for value, option in building.answers(item)]
        return [(value, texts[language()] or texts[own] or value) for value, texts in said]

    def kinds(item: dict) -> list[tuple[str, str]]:
        return [(kind, _(one.label)) for kind, one in building.ALL.items() if kind == building.kind_of(item) or building.may_turn(item, kind)]

    return {
        "indicators": indicators(), "record_fields": record_fields(), "kinds": kinds, "choices_of": choices_of,
        "translated": lambda names: [(value, _(label)) for value, label in names.items()],
    }


handlers = [edit, keep, undo]
