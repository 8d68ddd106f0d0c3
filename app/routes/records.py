"""The health record: its sections, new entries, corrections with a reason, and what an entry said before."""

import secrets
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import completeness, mistakes, records
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, NotFound, Refusal
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

RECORD = "/patients/{patient_id:int}/record"
SECTION = RECORD + "/{section_id:str}"
ENTRY = SECTION + "/{entry_id:int}"
ANOTHERS = N_("This was struck out as another person's. Please write it down anew if it is this person's after all.")


class Reason(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]


class Token(msgspec.Struct, frozen=True):
    """One per form shown: sent twice, it writes once."""

    token: Annotated[str, Field(parse=lambda text: text[:64])] = ""


class Day(msgspec.Struct, frozen=True):
    on: date


class Check(msgspec.Struct, frozen=True):
    how: Literal["papers", "asked", "examined"]


@get(RECORD, needs=May.SEE_CLINICAL)
def index(
    db: TheDb, actor: TheActor, patient: ThePatient, out: Annotated[str, QueryParameter(name="out")] = ""
) -> Page:
    """out: what has just been taken out, so that it can be put back at once."""
    return page(
        "records/index.html", patient=patient, parts=records.parts(db, actor, patient.id), sections=records.SECTIONS,
        groups=records.GROUPS, checks=records.CHECKS, completeness=completeness.opening(db, patient), today=clock.today(),
        out=_just_out(db, actor, patient.id, out), nothings={one.section: one.id for one in records.nothings(db, patient.id) if not one.gone},
    )


@get(RECORD + "/then", needs=May.SEE_CLINICAL)
def then(
    db: TheDb, actor: TheActor, patient: ThePatient, on: Annotated[str, QueryParameter(name="on")] = ""
) -> Page:
    """The record as it was at the end of a day."""
    form = bind(Day, {"on": on}) if on else blank(Day, on=clock.today().isoformat())
    asked = form.value.on if form.ok else None
    return page(
        "records/then.html", patient=patient, form=form, day=asked, today=asked, latest=clock.today().isoformat(),
        sections=records.parts_on(db, actor, patient.id, asked) if asked else [], status=200 if form.ok or not on else 422,
    )


@get(SECTION + "/new", needs=May.RECORD_CLINICAL)
def new(db: TheDb, patient: ThePatient, section_id: FromPath[str]) -> Page:
    section = records.section(section_id)
    return _form("records/new.html", patient, section, blank(section.new, **_presets(section)), token=secrets.token_hex(16))


@post(SECTION, needs=May.RECORD_CLINICAL)
def create(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], data: Fields
) -> Page | Response:
    section = records.section(section_id)
    form, token = bind(section.new, data), bind(Token, data).value.token
    try:
        done = form.attempt(lambda given: records.record(db, actor, patient.id, section, given, token))
    except Conflict as conflict:  # a colleague wrote it down first: what was typed becomes a correction of that
        form.raw["reason"] = ""
        return _form("records/edit.html", patient, section, form, 409, conflict, records.entries(db, patient.id, section)[0].id, blank(Reason))
    if done is None:
        return _form("records/new.html", patient, section, form, status=422, token=token)
    return go(request, f"/patients/{patient.id}/record#{section.id}")


@post(SECTION + "/none", needs=May.RECORD_CLINICAL)
def none(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str]) -> Response:
    records.record_none(db, actor, patient.id, records.section(section_id))
    return go(request, f"/patients/{patient.id}/record#{section_id}")


@get(ENTRY, needs=May.SEE_CLINICAL)
def show(db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int]) -> Page:
    """An entry with all its versions."""
    section = records.section(section_id)
    _seen(db, actor, patient.id, section, entry_id)
    return page("records/show.html", patient=patient, section=section,
                versions=records.history(db, patient.id, section, entry_id), checks=records.CHECKS,
                differences=records.differences, mistaken=bool(mistakes.mistake(db, section.id, entry_id)))


@get(ENTRY + "/edit", needs=May.RECORD_CLINICAL)
def edit(db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int]) -> Page:
    section = records.section(section_id)
    entry = _seen(db, actor, patient.id, section, entry_id)
    return _form("records/edit.html", patient, section, _again(section, entry), entry_id=entry_id, taking_out=blank(Reason))


@post(ENTRY, needs=May.RECORD_CLINICAL)
def update(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int],
    data: Fields,
) -> Page | Response:
    """A correction. The entry's id is the version that was seen."""
    section = records.section(section_id)
    form, why = bind(section.new, data), bind(Reason, data)
    form.raw["reason"] = why.raw["reason"]
    form.errors |= why.errors
    try:
        done = form.attempt(lambda given: records.correct(db, actor, patient.id, section, entry_id, given, why.value.reason))
    except Conflict as conflict:
        newest = records.newest(db, patient.id, section, entry_id).id
        return _form("records/edit.html", patient, section, form, 409, conflict, newest, blank(Reason))
    if done is None:
        return _form("records/edit.html", patient, section, form, 422, None, entry_id, blank(Reason))
    return go(request, f"/patients/{patient.id}/record#{section.id}")


@post(ENTRY + "/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int],
    data: Fields,
) -> Page | Response:
    section = records.section(section_id)
    entry = _seen(db, actor, patient.id, section, entry_id)
    why = bind(Reason, data)
    if why.attempt(lambda given: records.withdraw(db, actor, patient.id, section, entry_id, given.reason) or True) is None:
        return _form("records/edit.html", patient, section, _again(section, entry), 422, None, entry_id, why)
    return go(request, f"/patients/{patient.id}/record?out={section.id}:{entry_id}")


@post(ENTRY + "/restoration", needs=May.RECORD_CLINICAL)
def put_back(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int]
) -> Response:
    """Taking it out is undone."""
    section = records.section(section_id)
    _seen(db, actor, patient.id, section, entry_id)
    if mistakes.mistake(db, section.id, entry_id):
        raise Refusal(ANOTHERS)
    records.put_back(db, actor, patient.id, section, entry_id)
    return go(request, f"/patients/{patient.id}/record#{section.id}")


@post(ENTRY + "/verification", needs=May.RECORD_CLINICAL)
def verify(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int],
    data: Fields,
) -> Response:
    """Somebody checked this version against something."""
    section = records.section(section_id)
    _seen(db, actor, patient.id, section, entry_id)
    if (check := bind(Check, data)).ok:
        records.verify(db, actor, patient.id, section, entry_id, check.value.how)
    return go(request, f"/patients/{patient.id}/record/{section.id}/{entry_id}")


@post(ENTRY + "/verification/withdrawal", needs=May.RECORD_CLINICAL)
def unverify(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, section_id: FromPath[str], entry_id: FromPath[int]
) -> Response:
    section = records.section(section_id)
    _seen(db, actor, patient.id, section, entry_id)
    records.unverify(db, actor, patient.id, section, entry_id)
    return go(request, f"/patients/{patient.id}/record/{section.id}/{entry_id}")


def _seen(db: Database, actor: Actor, patient_id: int, section: records.Section, entry_id: int) -> records.Entry:
    """This person's entry, unless it or what became of it is not for these eyes."""
    entry = records.entry(db, patient_id, section, entry_id)
    if entry is None:
        raise NotFound()
    versions = records.history(db, patient_id, section, entry_id)
    if any(one.sensitive for one in versions) and not actor.may(May.SEE_SENSITIVE):
        raise Forbidden()
    return entry


def _just_out(db: Database, actor: Actor, patient_id: int, out: str) -> tuple[records.Section, records.Entry] | None:
    """The section and the entry, if it still is out and for these eyes."""
    name, _colon, id = out.partition(":")
    if name not in records.SECTIONS or not (id.isascii() and id.isdigit() and len(id) < 16):
        return None
    section = records.SECTIONS[name]
    one = records.newest(db, patient_id, section, int(id))
    shown = one and one.retired and (section.noun, one.id) not in records.withheld(db, actor, patient_id)
    return (section, one) if shown else None


def _presets(section: records.Section) -> dict[str, Any]:
    """The defaults of the choices, as if they had been chosen."""
    fields = {field.name: field.default for field in msgspec.structs.fields(section.new) if section.choices(field.name)}
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _again(section: records.Section, entry: records.Entry) -> Form:
    """The form of an entry as it stands, and why it changes."""
    form = blank(section.new, **section.typed(entry))
    form.raw["reason"] = ""
    return form


def _form(
    template: str, patient: ThePatient, section: records.Section, form: Form, status: int = 200,
    conflict: Conflict | None = None, entry_id: int = 0, taking_out: Form | None = None,
    token: str = "",
) -> Page:
    return page(
        template, "entry-form", patient=patient, section=section, form=form, conflict=conflict, entry_id=entry_id,
        taking_out=taking_out, token=token, today=clock.today().isoformat(), status=status, hints=records.HINTS, units=records.UNITS,
        options={name: [(id, _(text)) for id, text in section.choices(name).items()] for name in section.fields},
    )


handlers = [index, then, new, create, none, show, edit, update, withdraw, put_back, verify, unverify]
