"""Writing in a consultation: its sections as they are typed, what is unchanged, what is measured."""

import secrets
import unicodedata
from typing import Any

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import catalogue, encounters, observations, records
from app.clinic.encounters import Encounter
from app.clinic.patients import Patient
from app.core import clock, settings
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.words import _
from app.routes.opening import opening
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, is_htmx, page, post, redirect

ALL = "/patients/{patient_id:int}/encounters"
ONE = ALL + "/{encounter_id:int}"


class Entering(msgspec.Struct, frozen=True):
    """The vital signs as typed. unsure: what to send back to confirm an unusual value."""

    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    unsure: tuple[str, ...] = ()


def saved(db: Database, patient: Patient, one: Encounter) -> dict[str, Any]:
    """What the answer to a save relies on; it comes with every rest of the fingers, so it is little."""
    return {
        "patient": patient, "encounter": one, "sections": encounters.sections(bool(settings.get(db, "tcm", False))), "texts": encounters.texts(db, one.id),
        "measured": _measured(db, patient, one), "conflict": None, "conflict_in": "",
    }


def writing(db: Database, actor: Actor, patient: Patient, one: Encounter) -> dict[str, Any]:
    """What the page and each of its blocks rely on."""
    return saved(db, patient, one) | {
        "history": encounters.known(db, actor, patient.id, clock.today().isoformat(), one.id), "certainties": encounters.CERTAINTIES,
        "vitals": [catalogue.indicators()[code] for code in observations.VITALS], "entering": Entering(), "most": encounters.MOST_LINES,
        "hand": secrets.token_hex(8), "n": 0, "token": secrets.token_hex(16), "earlier": encounters.earlier(db, one.id),
        "needs": records.parts(db, actor, patient.id, ("needs",))["needs"], "need_told": records.section("needs").line,
        "templates": encounters.templates(db), "forms": encounters.forms(db, one), "constitution": encounters.constitution(db, patient.id),
        "today": clock.today().isoformat(),
    }


@post(ONE + "/sections/{part_id:str}", needs=May.RECORD_CLINICAL)
def update(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], part_id: FromPath[str], data: Fields
) -> Page | Response:
    """Kept as it is typed. What another page wrote meanwhile is shown beside it, and neither is lost."""
    one, section = own(db, patient, encounter_id), _section(part_id)
    typed = encounters.Typed(
        {name: _text(data, name) for name in data if section.takes(name)}, _number(data, "seen"), _text(data, "hand")[:32], _number(data, "n"))
    try:
        encounters.keep(db, actor, patient, one.id, section.id, typed)
    except Conflict as conflict:
        values = _compared(db, actor, patient, one, section, typed, conflict)
        if not is_htmx(request):
            return page("encounters/edit.html", **values, opening=opening(db, patient, one.id), status=409)
        return page("encounters/blocks.html", "section", **values, status=409)
    if not is_htmx(request):
        return redirect(f"/patients/{patient.id}/encounters/{one.id}#section-{section.id}")
    if "over" in data:  # both texts go with this answer
        values = writing(db, actor, patient, one) | {"section": section, "hand": typed.hand, "n": typed.n}
        return page("encounters/blocks.html", "section", "sections-index", **values)
    return page("encounters/blocks.html", "kept", "sections-index", **saved(db, patient, one), section=section)


def _compared(
    db: Database, actor: Actor, patient: Patient, one: Encounter, section: encounters.Section, typed: encounters.Typed, conflict: Conflict
) -> dict[str, Any]:
    """The section with what was typed here, and both texts over it; saved again, it goes over the newer one knowingly."""
    values = writing(db, actor, patient, one)
    newer = values["texts"][section.id]
    mine = msgspec.structs.replace(newer, body={name: text for name, text in typed.fields.items() if text})
    return values | {
        "section": section, "conflict": conflict, "conflict_in": section.id, "newer": newer, "texts": values["texts"] | {section.id: mine},
        "hand": typed.hand, "n": typed.n,
    }


@get(ONE + "/sections/{part_id:str}", needs=May.RECORD_CLINICAL)
def section(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], part_id: FromPath[str]) -> Page | Response:
    """One section anew, as it stands: what somebody else wrote is taken."""
    one, asked = own(db, patient, encounter_id), _section(part_id)
    if not is_htmx(request) or not one.is_open:
        return redirect(f"/patients/{patient.id}/encounters/{one.id}#section-{asked.id}")
    return page("encounters/blocks.html", "section", "sections-index", **writing(db, actor, patient, one) | {"section": asked})


@post(ONE + "/history", needs=May.RECORD_CLINICAL)
def check(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], data: Fields) -> Page | Response:
    """"Unchanged" in one tap, "none" in one tap, and both taken back."""
    one, part = own(db, patient, encounter_id), _text(data, "part")
    match _text(data, "what"):
        case "none":
            encounters.say_none(db, actor, patient, one.id, part)
        case "undo":
            encounters.take_back(db, actor, patient, one.id, part)
        case _:
            encounters.unchanged(db, actor, patient, one.id, part)
    if not is_htmx(request):
        return redirect(f"/patients/{patient.id}/encounters/{one.id}#section-history")
    return page("encounters/blocks.html", "asked", "sections-index", **writing(db, actor, patient, one))


# ── specialty forms, measuring ──

@post(ONE + "/forms", needs=May.RECORD_CLINICAL)
def begin_form(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], data: Fields) -> Response:
    """A specialty form is a questionnaire of its own page; its answers belong to this consultation."""
    one = own(db, patient, encounter_id)
    id = encounters.begin_form(db, actor, patient, one.id, _number(data, "questionnaire"), _text(data, "token")[:64])
    return go(request, f"/patients/{patient.id}/questionnaires/{id}/sitting")


@post(ONE + "/measurements", needs=May.RECORD_CLINICAL)
def measure(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], data: Fields) -> Page | Response:
    """Vital signs are results like any other: filed by their own verb, and named by this consultation."""
    one = own(db, patient, encounter_id)
    texts = {code: _text(data, f"value_{code}")[:200] for code in observations.VITALS}
    sure = data.get("sure", [])
    entry = observations.understand(
        [observations.Typed(code, text) for code, text in texts.items()], frozenset(sure if isinstance(sure, list) else [str(sure)]))
    errors = {code: _(message, **params) for code, (message, params) in entry.errors.items()}
    if not errors and not (errors := _file(db, actor, patient, one, entry.values, _text(data, "token")[:64])):
        if not is_htmx(request):
            return redirect(f"/patients/{patient.id}/encounters/{one.id}#section-examination")
        return page("encounters/blocks.html", "measured", "sections-index", **writing(db, actor, patient, one))
    values = writing(db, actor, patient, one) | {"entering": Entering(texts, errors, tuple(entry.unsure))}
    if not is_htmx(request):
        return page("encounters/edit.html", **values, opening=opening(db, patient, one.id), status=422)
    return page("encounters/blocks.html", "measured", **values, status=422)


def _file(db: Database, actor: Actor, patient: Patient, one: Encounter, values: list[observations.NewValue], token: str) -> dict[str, str]:
    """What was wrong; nothing when it is filed, now or by the tap before."""
    try:
        with db.aside():
            report = observations.record(db, actor, patient, clock.wall(), values, token or None)
            encounters.link_report(db, patient, one.id, report)
    except observations.AlreadyFiled:
        return {}
    except Invalid as invalid:
        return {name: _(str(message)) for name, message in invalid.errors.items()}
    return {}


def _measured(db: Database, patient: Patient, one: Encounter) -> list[tuple[int, list[observations.Observation]]]:
    found = [(report, observations.report_values(db, patient.id, report)) for report in encounters.reports_of(db, one.id)]
    return [(report, values) for report, values in found if values]


def own(db: Database, patient: Patient, id: int) -> Encounter:
    one = encounters.encounter(db, patient.id, id)
    if one is None:
        raise NotFound()
    return one


def _section(id: str) -> encounters.Section:
    found = encounters.SECTIONS.get(id)
    if found is None:
        raise NotFound()
    return found


def _text(data: dict[str, Any], name: str) -> str:
    """As typed, without what no keyboard writes and without the spaces around it."""
    given = data.get(name, "")
    text = str(given[-1] if isinstance(given, list) and given else given or "").replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _number(data: dict[str, Any], name: str) -> int:
    text = _text(data, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


handlers = [update, section, check, begin_form, measure]
