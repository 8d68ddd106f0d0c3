"""What is done with questionnaires. A draft is edited freely; a published version never changes, a change is the next one."""

import re
import unicodedata

from app.clinic.questionnaires import queries
from app.clinic.questionnaires.linting import check
from app.clinic.questionnaires.reading import read
from app.clinic.questionnaires.shapes import Definition
from app.core import clock, events, fhirjson
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.words import N_

events.declare("questionnaire.begun", N_("Began the questionnaire %(title)s"), clinical=False)
events.declare("questionnaire.published", N_("Published the questionnaire %(title)s, version %(number)s"), clinical=False)
events.declare("questionnaire.retired", N_("Retired the questionnaire %(title)s"), clinical=False)
events.declare("questionnaire.restored", N_("Took the questionnaire %(title)s back into use"), clinical=False)
events.declare("questionnaire.switched_on", N_("Switched on the questionnaire %(title)s"), clinical=False)
events.declare("questionnaire.switched_off", N_("Switched off the questionnaire %(title)s"), clinical=False)

USES = ("patient", "staff", "consultation")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def begin(db: Database, actor: Actor, fhir: str, token: str | None = None) -> int:
    """A new questionnaire of the clinic's own, as a draft; also what was imported. Returns its id, the same for the same token.

    Raises Unreadable.
    """
    definition = read(fhir)
    with db.aside():  # asked under the lock: two taps may arrive together
        if token and (made := queries.made_with(db, token)):
            return made
        with db.change(actor, "questionnaire.begun") as details:
            row = {"code": _free_code(db, definition), "origin": "clinic", "token": token or None, "event_id": details.event_id}
            id = db.insert("questionnaires", row)
            _new_draft(db, actor, id, fhir)
            details |= {"questionnaire": id, "code": row["code"], "title": _title(definition, "zh")}
    return id


def _free_code(db: Database, definition: Definition) -> str:
    """What it calls itself, with a number where that is taken."""
    said = definition.name or definition.url.rpartition("/")[2] or definition.title.said("en")[0]
    plain = unicodedata.normalize("NFKD", said).lower()
    slug = _NOT_SLUG.sub("-", plain).strip("-")[:50].strip("-") or "form"
    code, n = slug, 1
    while queries.row_by_code(db, code):
        n += 1
        code = f"{slug}-{n}"
    return code


def _new_draft(db: Database, actor: Actor, id: int, fhir: str) -> None:
    row = {"questionnaire_id": id, "fhir": fhir, "revision": 1, "staff_id": actor.id, "saved_at": clock.stamp()}
    db.insert("questionnaire_drafts", row)


def revise(db: Database, actor: Actor, id: int) -> None:
    """Open the version in force for editing, unless somebody has already."""
    versions = queries.versions(db, id)
    if queries.draft(db, id) is None:
        if not versions:
            raise NotFound()
        with db.aside():
            _new_draft(db, actor, id, versions[0].fhir)


KEEP = """
UPDATE questionnaire_drafts SET fhir = :fhir, revision = revision + 1, staff_id = :staff, saved_at = :at
WHERE questionnaire_id = :id AND revision = :revision
"""


def keep_draft(db: Database, actor: Actor, id: int, fhir: str, revision: int) -> int:
    """Save what is being built; returns its new revision. Raises Conflict with both texts, and Unreadable."""
    read(fhir)
    with db.aside():
        if not db.execute(KEEP, id=id, fhir=fhir, revision=revision, staff=actor.id, at=clock.stamp()):
            _refuse_stale(db, id, fhir)
    return revision + 1


def _refuse_stale(db: Database, id: int, mine: str) -> None:
    there = queries.draft(db, id)
    if there is None:
        raise NotFound()
    texts = [(N_("Questionnaire"), _pretty(mine), _pretty(there.fhir))]
    raise Conflict(N_("%(by)s has changed this questionnaire meanwhile. Here are both; nothing was saved."), texts, by=there.by)


def _pretty(fhir: str) -> str:
    return fhirjson.pretty(fhirjson.loads(fhir))


DROP = "DELETE FROM questionnaire_drafts WHERE questionnaire_id = :id"


def drop_draft(db: Database, id: int) -> None:
    """Throw away what was not published; the version in force stays as it is."""
    if not queries.versions(db, id):
        raise Refusal(N_("This is its only text. Retire the questionnaire instead."))
    with db.aside():
        db.execute(DROP, id=id)


def publish(db: Database, actor: Actor, id: int, revision: int) -> int:
    """The draft becomes the version in force; returns the version's id. Refused while the linter finds an error."""
    draft = queries.draft(db, id)
    if draft is None:
        raise NotFound()
    _refuse_unsound(draft.fhir)
    with db.change(actor, "questionnaire.published") as details:
        now = queries.draft(db, id)  # the linter takes its time, and somebody may have gone on editing
        if now is None or now.revision != revision:
            _refuse_stale(db, id, draft.fhir)
        version_id = _new_version(db, id, draft.code, draft.fhir, details)
        db.execute(DROP, id=id)
    return version_id


def _refuse_unsound(fhir: str) -> None:
    if not check(fhir).ok:
        raise Refusal(N_("This questionnaire has errors. Please mend what is listed, then publish it."))


def _new_version(db: Database, id: int, code: str, fhir: str, details) -> int:
    definition = read(fhir)
    number = max((version.number for version in queries.versions(db, id)), default=0) + 1
    title_zh, title_en = _title(definition, "zh"), _title(definition, "en")
    version_id = db.insert("questionnaire_versions", {
        "questionnaire_id": id, "number": number, "title_zh": title_zh, "title_en": title_en,
        "use": definition.use if definition.use in USES else "patient", "fhir": fhir, "published_event_id": details.event_id,
    })  # fmt: skip
    details |= {"questionnaire": id, "version": version_id, "code": code, "title": title_zh, "number": number}
    return version_id


def _title(definition: Definition, language: str) -> str:
    return definition.title.said(language)[0] or definition.name or "—"


def ship(db: Database, code: str, fhir: str, digest: str, is_on: bool) -> None:
    """A questionnaire that comes with the house: new, or its next version where the file has changed.

    `is_on` counts the first time; after that the clinic's own switch does. A clinic's own of the same code is left alone.
    """
    row = queries.row_by_code(db, code)
    if row and (row.origin != "shipped" or row.shipped == digest):
        return
    with db.change(None, "questionnaire.published") as details:
        if row is None:
            new = {"code": code, "origin": "shipped", "shipped": digest, "is_on": int(is_on), "event_id": details.event_id}
            id = db.insert("questionnaires", new)
        else:
            id = row.id
            db.update("questionnaires", id, {"shipped": digest})
        _new_version(db, id, code, fhir, details)


def retire(db: Database, actor: Actor, id: int) -> None:
    """It is offered no more; what was answered stays."""
    row = _row(db, id)
    if row.retired_event_id is None:
        with db.change(actor, "questionnaire.retired") as details:
            details |= _named(db, row)
            db.update("questionnaires", id, {"retired_event_id": details.event_id})


def restore(db: Database, actor: Actor, id: int) -> None:
    row = _row(db, id)
    if row.retired_event_id is not None:
        with db.change(actor, "questionnaire.restored") as details:
            details |= _named(db, row)
            db.update("questionnaires", id, {"retired_event_id": None})


def switch(db: Database, actor: Actor, id: int, on: bool) -> None:
    """Whether it is offered, as with shipped ones whose words nobody has verified."""
    row = _row(db, id)
    if bool(row.is_on) is not on:
        with db.change(actor, "questionnaire.switched_on" if on else "questionnaire.switched_off") as details:
            details |= _named(db, row)
            db.update("questionnaires", id, {"is_on": int(on)})


def _row(db: Database, id: int) -> queries.Row:
    row = queries.row(db, id)
    if row is None:
        raise NotFound()
    return row


def _named(db: Database, row: queries.Row) -> dict[str, int | str]:
    """What an event says of a questionnaire."""
    versions, draft = queries.versions(db, row.id), queries.draft(db, row.id)
    title = versions[0].title_zh if versions else _title(read(draft.fhir), "zh") if draft else "—"
    return {"questionnaire": row.id, "code": row.code, "title": title}
