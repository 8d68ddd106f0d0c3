"""A response is completed: it becomes a fact, with its answers, its scores and what was measured, in one change."""

from typing import Any

from app.clinic import observations, patients, questionnaires
from app.clinic.questionnaires import Place, Scored, State, Value
from app.clinic.responses import measured, queries
from app.clinic.responses.shapes import Response, Sitting
from app.clinic.responses.sitting import OTHER_HAND, being_filled, definition_of, state_of
from app.clinic.responses.telling import details_of
from app.clinic.responses.typed import option_of
from app.clinic.responses.unscored import marks
from app.core import clock, fhirjson
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid
from app.core.words import N_

NOTHING = N_("Nothing has been answered yet.")
MISSING = N_("Please answer this.")
AHEAD = N_("This time has not come yet.")
CORRECTED = N_("Somebody else corrected or took out these answers meanwhile. What you have typed stays here; look at theirs first.")
END = "DELETE FROM sittings WHERE response_id = :id AND revision = :seen"
RETIRE_ANSWERS = "UPDATE answers SET retired_event_id = :event WHERE response_id = :response AND retired_event_id IS NULL"


def complete(db: Database, actor: Actor | None, response_id: int, answered_at: str = "") -> int:
    """Send it; answered_at: of paper, the clinic time it was filled in. Raises Invalid, path by path, where something is missing or cannot be."""
    one, sitting = being_filled(db, response_id)
    definition, state = definition_of(db, one), state_of(db, one, sitting)
    at = answered_at or clock.wall()
    _refuse_unfinished(state, at)
    with db.change(actor, "response.corrected" if one.replaces_id else "response.completed", one.patient_id) as details:
        _end_sitting(db, one, sitting)
        made = questionnaires.response(definition, state, **_around(db, one, actor, at))
        _take_over_marks(made, sitting)
        if not_worked_out := marks(state):
            made.setdefault("extension", []).extend(not_worked_out)
        db.update("responses", one.id, {"fhir": fhirjson.dumps(made), "completed_event_id": details.event_id, "completed_at": at})
        db.insert_many("answers", [_whole(one, at) | row for row in rows(state)])
        if one.replaces_id:
            _retire_old(db, actor, one, details.event_id)
        _file_measured(db, actor, one, state, sitting, at, details.event_id)
        details |= details_of(one, one.reason) | {"scores": [_score(score) for score in state.scores if score.value is not None]}
        if state.problems:
            details["problems"] = sorted({problem.path for problem in state.problems})
    return one.id


def _refuse_unfinished(state: State, at: str) -> None:
    errors: dict[str, Any] = {path: MISSING for path in state.missing}
    errors |= measured.impossible(state, [place.path for place in state.shown])
    if at > clock.wall():
        errors["answered_at"] = AHEAD
    if errors:
        raise Invalid(errors)
    if not state.answered:
        raise Invalid({"": NOTHING})


def _end_sitting(db: Database, one: Response, sitting: Sitting) -> None:
    if not db.execute(END, id=one.id, seen=sitting.revision):
        raise Conflict(OTHER_HAND)


def _around(db: Database, one: Response, actor: Actor | None, at: str) -> dict[str, Any]:
    """Who answered for whom and when, as FHIR says it."""
    subject = {"reference": f"urn:yihe:patient:{patients.get(db, one.patient_id).number}"}
    author = {"reference": f"urn:yihe:staff:{actor.id}", "display": actor.name} if actor else subject
    moment = f"{at}:00{clock.offset()}" if "T" in at else at
    return {"status": "amended" if one.replaces_id else "completed", "subject": subject, "author": author, "authored": moment}


TAKEN_OVER = "urn:yihe:taken-over"


def _take_over_marks(made: dict[str, Any], sitting: Sitting) -> None:
    """Which answers were known already and only confirmed: path, where from, of what day."""
    if sitting.taken_over:
        made.setdefault("extension", []).extend({"url": TAKEN_OVER, "extension": [
            {"url": "path", "valueString": path}, {"url": "source", "valueString": source}, {"url": "date", "valueString": day},
        ]} for path, (source, day) in sitting.taken_over.items())


def _retire_old(db: Database, actor: Actor | None, one: Response, event_id: int) -> None:
    old = queries.get(db, one.replaces_id)
    if old.retired:
        raise Conflict(CORRECTED)
    db.update("responses", old.id, {"retired_event_id": event_id})
    db.execute(RETIRE_ANSWERS, event=event_id, response=old.id)
    take_back_measured(db, actor, old.id, one.reason)


# ── what was measured ──

def _file_measured(
    db: Database, actor: Actor | None, one: Response, state: State, sitting: Sitting, at: str, event_id: int,
) -> None:
    """What was known already and only confirmed was measured another day and stands in the results."""
    asked_now = [place for place in state.shown if place.path not in sitting.taken_over]
    values = measured.understood(measured.typed(asked_now, state.values)).values
    if values:
        report = observations.record(db, actor, patients.get(db, one.patient_id), at, values)
        filed(db, one, event_id, report_id=report)


def filed(db: Database, one: Response, event_id: int, **what: Any) -> None:
    db.insert("response_filings", {"response_id": one.id, "event_id": event_id, **what})


def take_back_measured(db: Database, actor: Actor | None, response_id: int, reason: str) -> None:
    """What was filed of a response goes with it, unless somebody took it back before."""
    for report_id, *_entry in queries.filed(db, response_id):
        if report_id and db.value(STANDING_REPORT, id=report_id):
            observations.withdraw_report(db, actor, report_id, reason)


STANDING_REPORT = "SELECT 1 FROM diagnostic_reports WHERE id = :id AND withdrawn_event_id IS NULL"


# ── one row per answer and score ──

def _whole(one: Response, at: str) -> dict[str, Any]:
    return {"response_id": one.id, "patient_id": one.patient_id, "questionnaire_id": one.questionnaire_id, "code": one.code, "at": at}


def rows(state: State) -> list[dict[str, Any]]:
    made = [_row(place, n, value) for place in answered(state) for n, value in enumerate(state.values[place.path])]
    return made + [_score_row(score) for score in state.scores if score.value is not None]


def answered(state: State) -> list[Place]:
    """The questions that were asked and answered, and what was worked out, without the scores."""
    return [place for place in state.places if place.path in state.open and state.values.get(place.path) and not place.item.score]


NUMBERS = {"valueInteger", "valueDecimal", "valueQuantity"}
DATES = {"valueDate", "valueDateTime", "valueTime"}
BLANK = {"number": None, "choice": None, "words": None, "ordinal": None, "is_score": 0, "band": None, "level": None}


def _row(place: Place, n: int, value: Value) -> dict[str, Any]:
    return BLANK | {"link_id": place.item.link_id, "path": place.path, "n": n} | _content(place, value)


def _content(place: Place, value: Value) -> dict[str, Any]:
    name, content = next(iter(value.items()))
    option = option_of(place.item, value)
    if name == "valueCoding" or option:
        code = content.get("code") or content.get("display") if name == "valueCoding" else str(content)
        words = option.text.original if option else content.get("display")
        points = questionnaires.ordinal(place.item, value)
        return {"kind": "choice", "choice": code, "words": words, "ordinal": None if points is None else float(points)}
    if name in NUMBERS:
        number = content.get("value") if name == "valueQuantity" else content
        return {"kind": "number", "number": None if number is None else float(number)}
    if name == "valueBoolean":
        return {"kind": "boolean", "number": float(content)}
    if name in DATES:
        return {"kind": "date", "words": content}
    if name in ("valueString", "valueUri"):
        return {"kind": "text", "words": content}
    return {"kind": "other"}


def _score_row(score: Scored) -> dict[str, Any]:
    band = {"band": score.band.code, "level": score.band.level} if score.band else {}
    value = {"kind": "choice", "choice": score.value} if isinstance(score.value, str) else {"kind": "number", "number": float(score.value)}
    return BLANK | {"link_id": score.link_id, "path": score.path, "n": 0, "is_score": 1} | value | band


def _score(score: Scored) -> list[Any]:
    """As the event keeps it: item, value, band."""
    value = score.value if isinstance(score.value, str) else float(score.value)
    return [score.link_id, value, score.band.code if score.band else None]
