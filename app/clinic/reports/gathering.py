"""Everything a report says, put together once and frozen, in the language it will be read in."""

from typing import Any

from app.clinic import catalogue, observations, patients, records, staff, tags, work
from app.clinic.observations import Observation, Reading
from app.clinic.patients import Patient
from app.clinic.reports import rules
from app.clinic.reports.shapes import Aspect, Clinic, Content, Finding, Person, Result, Said, Tag, Value, Work
from app.clinic.work import Item
from app.core import clock, settings
from app.core.access import Role
from app.core.db import Database
from app.core.words import N_, _, speaking

VERSION = 1
TALKED_OVER = "abnormal"  # the programme that explains every abnormal result and measures it again
PAIRED = {"SBP": N_("Blood pressure")}


def gather(db: Database, patient: Patient, number: str, language: str, words: str = "", address: str = "") -> Content:
    """words: the doctor's, in Markdown. address: where the clinic's network serves us; blank on one machine."""
    with speaking(language):
        readings = _in_order(observations.latest(db, patient.id))
        results = [_result(reading) for reading in readings]
        to_do = _work(db, patient, readings)
        asked = rules.asked(to_do)
        return Content(
            version=VERSION, number=number, language=language, made_on=clock.today().isoformat(),
            clinic=_clinic(settings.everything(db)), person=_person(patient), doctor=_doctor(db, patient),
            measured_on=max((result.now.at[:10] for result in results), default=""),
            allergies=_allergies(db, patient.id),
            aspects=_aspects(results, asked), findings=_findings(results, to_do, asked, language),
            results=tuple(results), charts=rules.charts(results), tags=_tags(db, patient.id), work=tuple(to_do),
            words=words, address=address,
        )  # fmt: skip


def _clinic(known: dict[str, Any]) -> Clinic:
    return Clinic(
        known.get("clinic_name", ""), known.get("clinic_address", ""), known.get("clinic_phone", ""), known.get("logo") or ""
    )  # fmt: skip


def _person(patient: Patient) -> Person:
    return Person(
        patient.name, patient.number, patient.sex, patients.age(patient, clock.today()), patient.birth_date or "",
        bool(patient.birth_about), bool(patient.name_is_number),
    )  # fmt: skip


def _doctor(db: Database, patient: Patient) -> str:
    return staff.names(db).get(patient.doctor_id, "") if patient.doctor_id else ""


def _allergies(db: Database, patient_id: int) -> tuple[str, ...] | None:
    """None where nobody has asked: that is not the same as having none."""
    known = records.allergies(db, patient_id)
    if not known and "allergies" not in records.none_known(db, patient_id):
        return None
    return tuple(_("%(substance)s (%(reaction)s)", substance=one.substance, reaction=one.reaction) if one.reaction else one.substance for one in known)


def _in_order(readings: list[Reading]) -> list[Reading]:
    """As the catalogue lists them, so that reports can be laid side by side."""
    places = {code: place for place, code in enumerate(catalogue.indicators())}
    return sorted(readings, key=lambda reading: places[reading.code])


def _result(reading: Reading) -> Result:
    indicator = reading.indicator
    return Result(
        code=reading.code, name=indicator.name, brief=indicator.brief, category=catalogue.categories()[indicator.category].name,
        unit=indicator.printed if reading.value is not None else "", decimals=indicator.decimals,
        range=observations.told_range(reading.now),
        values=tuple(map(_value, reading.series)),
    )  # fmt: skip


def _value(one: Observation) -> Value:
    words = catalogue.said(one.text) if one.text else "—"
    shown = words if one.value is None else catalogue.number(one.indicator, one.value, one.comparator)
    plain = one.value is not None and not one.comparator
    return Value(one.taken_at, one.value, shown, one.level, one.range_low, one.range_high, plain)


def _aspects(results: list[Result], asked: set[str]) -> tuple[Aspect, ...]:
    lights: dict[str, list] = {}
    for result in results:
        lights.setdefault(result.category, []).append(rules.light(result, asked))
    return tuple(Aspect(name, light) for name, seen in lights.items() if (light := rules.gravest(seen)))


def _findings(results: list[Result], to_do: list[Work], asked: set[str], language: str) -> tuple[Finding, ...]:
    found = []
    for pair in rules.pairs(results):
        if any(result.out for result in pair):
            found.append(_finding(pair, to_do, asked, language))
    return tuple(rules.said_once(rules.gravest_first(found)))


def _finding(pair: tuple[Result, ...], to_do: list[Work], asked: set[str], language: str) -> Finding:
    out = [result for result in pair if result.out]
    codes = {result.code for result in pair}
    return Finding(
        name=_(PAIRED[pair[0].code]) if len(pair) > 1 else pair[0].name,
        results=pair,
        light=rules.gravest(rules.light(result, asked) for result in out) or "watch",
        means=_once(catalogue.sentence(result.code, result.now.level, language) for result in out),
        do=_once(fact for result in out for fact in catalogue.advice(result.code, result.now.level, language)),
        next=tuple(place for place, item in enumerate(to_do) if codes & set(item.codes)),
    )


def _once(sentences) -> tuple[Said, ...]:
    return tuple(dict.fromkeys(Said(one.text, one.source) for one in sentences))


def _work(db: Database, patient: Patient, readings: list[Reading]) -> list[Work]:
    """What we owe the person; what only concerns our own papers is not for them to read."""
    names = staff.names(db)
    measured = {one.id: reading.code for reading in readings for one in reading.series}
    found = tuple(sorted({finding.code for finding in observations.open_findings(db, patient.id)}))
    to_do = []
    quiet = tags.from_answers(db)
    owed = [
        item for item in work.open_for(db, patient.id)
        if item.pathway.clinical and not item.pathway.alarm and not quiet.intersection(item.pathway.starts.tags)
    ]
    for items in _together(owed):
        first = items[0]
        general = first.pathway.programme == TALKED_OVER
        codes = found if general else tuple(sorted({measured[id] for id in first.evidence.get("observations", []) if id in measured}))
        what = first.title if len(items) == 1 else str(first.pathway.title) % {"n": len(found)}
        who = names.get(first.owner_id, "") or (_(Role(first.role).label) if first.role else "")
        to_do.append(Work(what, who, first.due_on or "", str(first.pathway.rule), codes, not general))
    return to_do


def _together(items: list[Item]) -> list[list[Item]]:
    """Talking over this report's results and that one's is one thing for the person; the first is due first."""
    groups: dict[Any, list[Item]] = {}
    for item in items:
        groups.setdefault(item.pathway_code if item.pathway.programme == TALKED_OVER else item.id, []).append(item)
    return list(groups.values())


def _tags(db: Database, patient_id: int) -> tuple[Tag, ...]:
    """Those a rule set. What staff wrote on somebody is for staff, and what answers say somebody tells them."""
    quiet = tags.from_answers(db)
    return tuple(Tag(tag.name, tag.level) for tag in tags.current(db, patient_id) if tag.rule and tag.code not in quiet)
