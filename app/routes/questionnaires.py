"""Manage: the library of questionnaires. What there is, under which licence, how sure its words are; new, copied, brought in, sent out."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import questionnaires
from app.clinic.questionnaires import building
from app.core import fhirjson
from app.core.access import May
from app.core.db import Database
from app.core.errors import Conflict, NotFound, TooLarge
from app.core.forms import Field, Form, bind, blank, once
from app.core.words import N_, _, language
from app.routes.building import revision
from app.routes.trial import tried
from app.routes.web import Fields, Page, TheActor, TheDb, Uploads, get, go, page, post

ALL = "/manage/questionnaires"
ONE = ALL + "/{questionnaire_id:int}"
LARGEST_FILE = 2_000_000
SHOWN = 50
FILTERS = {"": N_("In use"), "draft": N_("Being built"), "off": N_("Switched off"), "retired": N_("Retired")}


class NewQuestionnaire(msgspec.Struct, frozen=True):
    title_zh: Annotated[str, Field(most=200)]
    title_en: Annotated[str, Field(most=200)]
    use: str = "patient"
    token: Annotated[str, Field(parse=lambda text: text[:64])] = ""


class Line(msgspec.Struct, frozen=True):
    """One of the library; definition: of the version in force, or of the draft."""

    one: questionnaires.Listed
    definition: questionnaires.Definition
    standing: questionnaires.Standing


def _unfilled() -> Form[NewQuestionnaire]:
    return blank(NewQuestionnaire, use="patient", token=secrets.token_hex(16))


@get(ALL, needs=May.BUILD_FORMS, slow=True)
def index(
    db: TheDb, of: Annotated[str, QueryParameter(name="of")] = "", at: Annotated[int, QueryParameter(name="page")] = 1,
) -> Page:
    return _index(db, of if of in FILTERS else "", max(at, 1))


@get(ALL + "/new", needs=May.BUILD_FORMS)
def new() -> Page:
    return _new(_unfilled())


@post(ALL, needs=May.BUILD_FORMS)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(NewQuestionnaire, data)
    made = form.attempt(lambda new: questionnaires.begin(db, actor, fhirjson.dumps(building.blank(new.title_zh, new.title_en, new.use)), new.token))
    if made is None:
        return _new(form, 422)
    return go(request, f"{ALL}/{made}/edit?new=1")


@post(ALL + "/imports", needs=May.BUILD_FORMS)
def bring_in(request: Request, db: TheDb, actor: TheActor, uploads: Uploads) -> Page | Response:
    """A FHIR file becomes a draft, with whatever is to be mended listed beside it."""
    token = _token(uploads)
    file = next((one for one in uploads.get("file", []) if not isinstance(one, str)), None)
    content = file.file.read(LARGEST_FILE + 1) if file else b""
    if len(content) > LARGEST_FILE:
        raise TooLarge(N_("A questionnaire is at most 2 MB."))
    fhir = content.decode("utf-8", "replace").removeprefix("\ufeff")
    if not content:
        return _new(_unfilled(), 422, _("Please choose a file."))
    try:
        made = questionnaires.begin(db, actor, fhir, token)
    except questionnaires.Unreadable:
        return _new(_unfilled(), 422, _("This is no questionnaire that can be read."), questionnaires.check(content))
    return go(request, f"{ALL}/{made}/edit")


@get(ONE, needs=May.BUILD_FORMS, slow=True)
def show(db: TheDb, questionnaire_id: FromPath[int], version: Annotated[int, QueryParameter(name="version")] = 0) -> Page:
    """A version as it is asked, and what changed in it."""
    one, versions = listed(db, questionnaire_id), questionnaires.versions(db, questionnaire_id)
    shown = next((each for each in versions if each.id == version), versions[0] if versions else None)
    if version and (shown is None or shown.id != version):
        raise NotFound()
    fhir = shown.fhir if shown else _draft(db, questionnaire_id).fhir
    before = next((each for each in versions if shown and each.number == shown.number - 1), None)
    return page(
        "questionnaires/show.html", one=one, line=_line(db, one), versions=versions, shown=shown, draft=questionnaires.draft(db, questionnaire_id),
        trial=tried(fhir, {}, language()), changes=questionnaires.differences(before.definition, shown.definition) if before else [], before=before,
        uses=building.USES, statuses=questionnaires.STATUSES, licences=questionnaires.LICENCES, token=secrets.token_hex(16),
    )


@get(ONE + "/questionnaire.json", needs=May.BUILD_FORMS)
def send_out(db: TheDb, questionnaire_id: FromPath[int], version: Annotated[int, QueryParameter(name="version")] = 0) -> Response:
    """FHIR's JSON: of a version, else of the one in force, else of the draft."""
    one, versions = listed(db, questionnaire_id), questionnaires.versions(db, questionnaire_id)
    asked = next((each for each in versions if each.id == version), versions[0] if versions and not version else None)
    if version and asked is None:
        raise NotFound()
    fhir = asked.fhir if asked else _draft(db, questionnaire_id).fhir
    name = f"{one.code}.v{asked.number}.json" if asked else f"{one.code}.draft.json"
    return Response(
        fhirjson.pretty(fhirjson.loads(fhir)).encode(), media_type="application/fhir+json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@post(ONE + "/editing", needs=May.BUILD_FORMS)
def revise(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Response:
    """The clinic's own is edited; of a shipped one, a copy, for the next edition of the house would undo what was changed."""
    one = listed(db, questionnaire_id)
    if one.origin == "shipped":
        return _copied(request, db, actor, one, _token(data))
    questionnaires.revise(db, actor, one.id)
    return go(request, f"{ALL}/{one.id}/edit")


@post(ONE + "/copy", needs=May.BUILD_FORMS)
def copy(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Response:
    return _copied(request, db, actor, listed(db, questionnaire_id), _token(data))


def _copied(request: Request, db: Database, actor: Any, one: questionnaires.Listed, token: str) -> Response:
    """A second tap makes no second one."""
    versions = questionnaires.versions(db, one.id)
    fhir = versions[0].fhir if versions else _draft(db, one.id).fhir
    made = questionnaires.begin(db, actor, fhirjson.dumps(building.own_copy(fhirjson.loads(fhir))), once(token, one.id))
    return go(request, f"{ALL}/{made}/edit")


@get(ONE + "/publication", needs=May.BUILD_FORMS, slow=True)
def review(db: TheDb, questionnaire_id: FromPath[int]) -> Page:
    """What is to be mended, and what changes for those who are asked."""
    return _review(db, questionnaire_id)


@post(ONE + "/publication", needs=May.BUILD_FORMS)
def publish(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Page | Response:
    draft = _draft(db, questionnaire_id)
    if questionnaires.check(draft.fhir).errors:
        return _review(db, questionnaire_id, 422)
    try:
        questionnaires.publish(db, actor, questionnaire_id, revision(data))
    except Conflict as conflict:
        return _review(db, questionnaire_id, 409, conflict)
    return go(request, f"{ALL}/{questionnaire_id}")


def _review(db: Database, questionnaire_id: int, status: int = 200, conflict: Conflict | None = None) -> Page:
    draft, versions = _draft(db, questionnaire_id), questionnaires.versions(db, questionnaire_id)
    changes = questionnaires.differences(versions[0].definition, questionnaires.read(draft.fhir)) if versions else []
    return page(
        "questionnaires/publication.html", one=listed(db, questionnaire_id), draft=draft, definition=questionnaires.read(draft.fhir),
        findings=questionnaires.check(draft.fhir), changes=changes, number=versions[0].number + 1 if versions else 1, conflict=conflict,
        numbers=building.numbers(fhirjson.loads(draft.fhir)),
        status=status,
    )


@post(ONE + "/draft-removal", needs=May.BUILD_FORMS)
def drop(request: Request, db: TheDb, questionnaire_id: FromPath[int]) -> Response:
    questionnaires.drop_draft(db, listed(db, questionnaire_id).id)
    return go(request, f"{ALL}/{questionnaire_id}")


@post(ONE + "/switch", needs=May.BUILD_FORMS)
def switch(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int], data: Fields) -> Response:
    questionnaires.switch(db, actor, listed(db, questionnaire_id).id, data.get("on") == "1")
    return go(request, f"{ALL}/{questionnaire_id}")


@post(ONE + "/retirement", needs=May.BUILD_FORMS)
def retire(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int]) -> Response:
    questionnaires.retire(db, actor, listed(db, questionnaire_id).id)
    return go(request, f"{ALL}/{questionnaire_id}")


@post(ONE + "/return", needs=May.BUILD_FORMS)
def restore(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int]) -> Response:
    questionnaires.restore(db, actor, listed(db, questionnaire_id).id)
    return go(request, f"{ALL}/{questionnaire_id}")


def _token(data: Mapping[str, Any]) -> str:
    """Of the form, so that it makes one questionnaire however often it is sent."""
    given = data.get("token", "")
    return str(given[-1] if isinstance(given, list) and given else given)[:64] if given else ""


def listed(db: Database, questionnaire_id: int) -> questionnaires.Listed:
    found = next((one for one in questionnaires.everything(db) if one.id == questionnaire_id), None)
    if found is None:
        raise NotFound()
    return found


def _draft(db: Database, questionnaire_id: int) -> questionnaires.Draft:
    found = questionnaires.draft(db, questionnaire_id)
    if found is None:
        raise NotFound()
    return found


def _line(db: Database, one: questionnaires.Listed) -> Line:
    version = questionnaires.version(db, one.version_id) if one.version_id else None
    definition = version.definition if version else questionnaires.read(_draft(db, one.id).fhir)
    return Line(one, definition, questionnaires.standing(definition))


def _belongs(one: questionnaires.Listed) -> str:
    """The filter it stands under."""
    if one.retired:
        return "retired"
    return "draft" if one.version_id is None else "" if one.is_on else "off"


def _new(form: Form, status: int = 200, file_error: str = "", findings: Any = None) -> Page:
    """To be built here, or brought in from a file."""
    uses = [(use, _(label)) for use, label in building.USES.items()]
    return page("questionnaires/new.html", form=form, uses=uses, file_error=file_error, findings=findings, status=status)


def _index(db: Database, of: str, at: int) -> Page:
    everything = questionnaires.everything(db)
    of_filter = {name: [one for one in everything if _belongs(one) == name or (name == "draft" and one.revision and not one.retired)] for name in FILTERS}
    found = of_filter[of]
    return page(
        "questionnaires/index.html", lines=[_line(db, one) for one in found[(at - 1) * SHOWN : at * SHOWN]], of=of, at=at,
        older=len(found) > at * SHOWN, filters=[(name, _(label), len(of_filter[name])) for name, label in FILTERS.items()],
        use_names=building.USES, statuses=questionnaires.STATUSES, licences=questionnaires.LICENCES,
    )


handlers = [index, new, create, bring_in, show, send_out, revise, copy, review, publish, drop, switch, retire, restore]
