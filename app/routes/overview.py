"""Five questions about one person on one screen: who, what is wrong, what changed, what is due."""

import msgspec

from app.clinic import catalogue, completeness, households, observations, patients, records, staff, work
from app.core import charts
from app.core.access import Actor
from app.core.charts import Point
from app.core.db import Database
from app.core.words import _
from app.routes import identity

MOST_CHANGES = 6
MOST_FINDINGS = 3
SHOWN = ("conditions", "medications", "notes")  # of the record
USUAL = ("SBP", "WEIGHT", "BMI", "WAIST", "FPG", "HBA1C", "LDL", "TC", "UA", "EGFR")


class Change(msgspec.Struct, frozen=True):
    """An indicator's newest value beside the one before; two pressures are one line. now, was: printed without the unit."""

    code: str
    name: str
    range: str
    now: str
    unit: str
    taken_on: str
    was: str
    was_on: str
    level: str | None
    spark: str


class View(msgspec.Struct, frozen=True):
    """more_changes, more_findings: how many are not shown here. listed: items waiting on a recall list, without a day."""

    parts: dict[str, records.Part]
    completeness: completeness.State
    findings: list[observations.Finding]
    more_findings: int
    changes: list[Change]
    more_changes: int
    due: list[work.Item]
    reasons: dict[int, list[tuple[str, str]]]
    listed: int


class Facts(msgspec.Struct, frozen=True):
    """Who somebody is, for everybody who may find people. documents: (kind, masked). offers: what to ask about the family's illnesses."""

    phones: list[patients.Phone]
    documents: list[tuple[str, str]]
    related: list[patients.Related]
    child: bool
    refused: list[str]
    welcome: list[str]
    manager: str
    consent: patients.Consent | None
    family: households.Family
    offers: int
    joined: list[patients.Merge]


def facts(db: Database, patient: patients.Patient) -> Facts:
    manager = staff.get(db, patient.manager_id) if patient.manager_id else None
    given, family = patients.consents(db, patient.id), households.family(db, patient.id)
    answers = patients.channels(db, patient.id)
    return Facts(
        phones=patients.lines(db, patient.id), documents=_documents(db, patient), related=patients.related(db, patient.id),
        child=identity.is_child(patient.born),
        refused=_channels(answers, False), welcome=_channels(answers, True), manager=manager.name if manager else "", consent=given[0] if given else None,
        family=family, offers=len(households.offers(db, patient.id, family.ties)), joined=patients.merges_into(db, patient.id),
    )


def _documents(db: Database, patient: patients.Patient) -> list[tuple[str, str]]:
    return [(_(patients.DOCUMENTS[system]), patients.mask_document(value)) for system, value in patients.documents(db, patient.id)]


def _channels(answers: dict[str, bool], allowed: bool) -> list[str]:
    return [_(name) for id, name in patients.CHANNELS.items() if answers.get(id) is allowed]


def overview(db: Database, actor: Actor, patient: patients.Patient) -> View:
    readings = observations.latest(db, patient.id)
    findings = observations.open_findings(db, patient.id)
    told, items = _worth_telling(readings), work.open_for(db, patient.id)
    due = [item for item in items if item.due_on]
    return View(
        parts=records.parts(db, actor, patient.id, SHOWN), completeness=completeness.opening(db, patient),
        findings=findings[:MOST_FINDINGS], more_findings=max(0, len(findings) - MOST_FINDINGS),
        changes=[_change(one, readings) for one in told[:MOST_CHANGES]],
        more_changes=max(0, len(told) - MOST_CHANGES), due=due,
        reasons=work.reasons(db, due, actor), listed=sum(item.due_on is None for item in items),
    )


def _worth_telling(readings: list[observations.Reading]) -> list[observations.Reading]:
    """What is out of range first, then what one always looks at, then the rest; newest first among equals."""
    there = {reading.code for reading in readings}
    single = [one for one in readings if one.code != "DBP" or "SBP" not in there]
    place = {code: n for n, code in enumerate(USUAL)}
    return sorted(single, key=lambda one: (not one.now.out, place.get(one.code, len(place))))


def _change(one: observations.Reading, readings: list[observations.Reading]) -> Change:
    pair = next((r for r in readings if r.code == "DBP" and r.taken_at == one.taken_at), None) if one.code == "SBP" else None
    was, indicator = one.previous, one.indicator
    return Change(
        code=one.code, name=_("Blood pressure") if pair else indicator.brief, unit=indicator.printed,
        range="" if pair else observations.told_range(one.now),
        now=_both(one.now, pair and pair.now), taken_on=one.now.day, was=_both(was, pair and _at(pair, was)) if was else "",
        was_on=was.day if was else "", level=pair.level if pair and pair.now.out and not one.now.out else one.level,
        spark=charts.sparkline([_point(value) for value in one.series], indicator.brief, indicator.decimals),
    )


def _at(reading: observations.Reading, other: observations.Observation | None) -> observations.Observation | None:
    return next((value for value in reading.series if other and value.taken_at == other.taken_at), None)


def _point(value: observations.Observation) -> Point:
    return Point(value.taken_at, value.value, value.text or "", value.level, value.range_low, value.range_high)


def _both(upper: observations.Observation, lower: observations.Observation | None) -> str:
    return _bare(upper) + ("/" + _bare(lower) if lower else "")


def _bare(value: observations.Observation) -> str:
    return value.text or "—" if value.value is None else catalogue.number(value.indicator, value.value, value.comparator)
