"""Tags set and remove themselves. One way for one person, for an import's hundred, and for the night.

It looks at how things stand for the people at hand, not at what happened, and writes only what differs,
so hearing the same twice changes nothing.
"""

import json
from collections import defaultdict
from functools import cache, lru_cache
from itertools import groupby

import msgspec

from app.clinic import criteria, patients
from app.clinic.tags import bands
from app.clinic.tags.field import name_of, named_tags, ranks
from app.clinic.patients import restricted
from app.clinic.tags.queries import rules, statement_of, statement_of_all, tree_of
from app.clinic.tags.shapes import DryRun, Rule
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.events import Event
from app.core.words import N_, _

TOGETHER = 200  # rules in one statement: SQLite joins 500 at most
CHUNK = 100  # people per transaction, so that nobody waits long for the writer
EVERY_RULE = {"tag.held", "tag.released", patients.LIFTED, *patients.JOINED}


def _telling(sentence: str):
    return lambda details: _(sentence, names=_(", ").join(name_of(code) for code in details["codes"]))


SET, REMOVED = N_("Tagged: %(names)s"), N_("No longer tagged: %(names)s")
events.declare("tag.set", SET, clinical=True, describe=_telling(SET))
events.declare("tag.removed", REMOVED, clinical=True, describe=_telling(REMOVED))
events.declare("tags.reevaluated", N_("Looked at %(n)s people's tags again"), clinical=False)

LIVE = """
SELECT patient_id, code, id, rule_id, evidence FROM tags
WHERE patient_id IN (SELECT value FROM json_each(:patients)) AND removed_event_id IS NULL
"""
HELD = """
SELECT patient_id, code FROM tag_holds
WHERE patient_id IN (SELECT value FROM json_each(:patients)) AND ended_event_id IS NULL
"""


class Live(msgspec.Struct, frozen=True):
    patient: int
    code: str
    id: int
    rule: int | None
    evidence: str


class _Change(msgspec.Struct, frozen=True):
    """old: the row that stands; evidence None: it goes."""

    patient: int
    rule: Rule
    old: Live | None
    evidence: str | None


def follow(db: Database, heard: list[Event]) -> None:
    """Inside every write: the tags of the people it touched."""
    bands.follow(db, heard)
    about = [event for event in heard if event.patient_id is not None]
    causes = {event.patient_id: event.id for event in about}
    kinds = {event.kind for event in about if event.kind not in criteria.answers.HEARD}
    answered = {event.details["code"] for event in about if event.kind in criteria.answers.HEARD}
    concerned = [rule for rule in rules(db) if patients.LIFTED in kinds or (  # what was switched off meanwhile goes then
        rule.is_on and (kinds & EVERY_RULE or kinds & heard_by(rule.criterion) or answered & asked_by(rule.criterion)))]
    if concerned:
        settle(db, concerned, causes)


@cache
def heard_by(criterion: str) -> frozenset[str]:
    """The event kinds that may change its answer for a person."""
    return frozenset().union(*(criteria.FIELDS[fact.field].heard for fact in criteria.facts(tree_of(criterion))))


@cache
def asked_by(criterion: str) -> frozenset[str]:
    """The questionnaires whose answers may change it."""
    named = (fact.code for fact in criteria.facts(tree_of(criterion)) if criteria.FIELDS[fact.field].kind == "answer")
    return frozenset(code.partition("/")[0] for code in named)


def from_answers(db: Database) -> set[str]:
    """Codes of rules that rest on answers, by way of other tags too: such a tag goes to a person, never into words printed for the patient."""
    needs = {rule.code: (asked_by(rule.criterion), named_tags(tree_of(rule.criterion))) for rule in rules(db)}
    found: set[str] = set()
    while fresh := {code for code, (asked, named) in needs.items() if code not in found and (asked or named & found)}:
        found |= fresh
    return found


def settle(db: Database, concerned: list[Rule], causes: dict[int, int]) -> int:
    """Write what differs for these people; causes: patient → event it follows from. Returns how many tags changed."""
    resting = restricted(db, causes)  # their tags stay as they were
    causes = {patient: cause for patient, cause in causes.items() if patient not in resting}
    patients = json.dumps(list(causes))
    live = {(row[0], row[1]): Live(*row) for row in db.all(tuple, LIVE, patients=patients)}
    held = set(db.all(tuple, HELD, patients=patients))
    changed = 0
    for _rank, group in groupby(in_order(concerned), key=lambda pair: pair[0]):
        found = _differences(db, [rule for _, rule in group], causes, live, held)
        _write(db, found, causes)
        changed += len(found)
    return changed


def in_order(concerned: list[Rule]) -> list[tuple[int, Rule]]:
    """Rules that name tags come after those that set them."""
    rank = _ranks(tuple((rule.code, rule.criterion) for rule in concerned))
    return sorted(((rank[rule.code], rule) for rule in concerned), key=lambda pair: (pair[0], pair[1].id))


@lru_cache(200)
def _ranks(rules: tuple[tuple[str, str], ...]) -> dict[str, int]:
    return ranks({code: named_tags(tree_of(criterion)) for code, criterion in rules})


def _differences(db: Database, some: list[Rule], people: dict[int, int], live: dict, held: set) -> list[_Change]:
    wanted, found = _matches(db, [rule for rule in some if rule.is_on], list(people)), []
    for rule in some:
        for patient in people:
            old = live.get((patient, rule.code))
            evidence = None if (patient, rule.code) in held else wanted.get((patient, rule.code))
            if old and old.rule is None:
                continue  # a person put it there
            if evidence is None and old or evidence is not None and (
                old is None or old.evidence != evidence or old.rule != rule.id
            ):
                found.append(_Change(patient, rule, old, evidence))
    return found


def _matches(db: Database, some: list[Rule], people: list[int]) -> dict[tuple[int, str], str]:
    """Patient and rule's code → the evidence, all rules asked at once: that is what every write does."""
    asked, found = {"patient": people[0]} if len(people) == 1 else {"patients": people}, {}
    for rules in (some[n:n + TOGETHER] for n in range(0, len(some), TOGETHER)):
        statement = statement_of_all(tuple(rule.criterion for rule in rules))
        found |= {(match.patient_id, rules[match.n].code): match.evidence for match in criteria.run(db, statement, **asked)}
    return found


REMOVE = "UPDATE tags SET removed_event_id = :event WHERE id IN (SELECT value FROM json_each(:ids))"
RENEW = "UPDATE tags SET evidence = :evidence, rule_id = :rule, evidence_event_id = :event WHERE id = :id"


def _write(db: Database, changes: list[_Change], causes: dict[int, int]) -> None:
    """What came and what went has an event; where a tag stays and only its values are newer, their own event tells it."""
    by_patient: dict[int, list[_Change]] = defaultdict(list)
    for change in changes:
        by_patient[change.patient].append(change)
    for patient, mine in by_patient.items():
        gone = [change for change in mine if change.evidence is None]
        new = [change for change in mine if change.old is None]
        if gone:
            event = _event(db, "tag.removed", patient, gone, causes)
            db.execute(REMOVE, event=event, ids=json.dumps([change.old.id for change in gone]))
        if new:
            event = _event(db, "tag.set", patient, new, causes)
            db.insert_many("tags", [
                {"patient_id": patient, "code": change.rule.code, "rule_id": change.rule.id, "evidence": change.evidence,
                 "set_event_id": event, "evidence_event_id": event} for change in new
            ])
        for change in mine:
            if change.old and change.evidence is not None:
                db.execute(RENEW, evidence=change.evidence, rule=change.rule.id, event=causes[patient], id=change.old.id)


def _event(db: Database, kind: str, patient: int, changes: list[_Change], causes: dict[int, int]) -> int:
    details = {"codes": [change.rule.code for change in changes]}
    return db.write_events([(None, kind, patient, details)], cause=causes[patient])[0]


# ── everybody ──

DIFFERING = """
WITH wanted AS MATERIALIZED ({statement})
SELECT w.patient_id FROM wanted w
LEFT JOIN tags t ON t.patient_id = w.patient_id AND t.code = :code AND t.removed_event_id IS NULL
WHERE (t.id IS NULL OR (t.rule_id IS NOT NULL AND (t.evidence <> w.evidence OR t.rule_id <> :rule)))
  AND NOT EXISTS (SELECT 1 FROM tag_holds h
    WHERE h.patient_id = w.patient_id AND h.code = :code AND h.ended_event_id IS NULL)
UNION ALL
SELECT t.patient_id FROM tags t WHERE t.code = :code AND t.removed_event_id IS NULL AND t.rule_id IS NOT NULL
  AND t.patient_id NOT IN (SELECT patient_id FROM wanted)
  AND t.patient_id NOT IN (SELECT id FROM patients WHERE restricted_event_id IS NOT NULL)
"""
ALL_OF = """
SELECT patient_id FROM tags WHERE code = :code AND removed_event_id IS NULL AND rule_id IS NOT NULL
  AND patient_id NOT IN (SELECT id FROM patients WHERE restricted_event_id IS NOT NULL)
"""


def differing(db: Database, rule: Rule) -> list[int]:
    """Patient ids whose stored tag is not what the rule says today."""
    if not rule.is_on:
        return db.all(int, ALL_OF, code=rule.code)
    statement = statement_of(rule.criterion)
    sql = DIFFERING.format(statement=statement.text("all"))
    return db.all(int, sql, **statement.bound(clock.today()), code=rule.code, rule=rule.id)


def reevaluate(db: Database, actor: Actor | None = None, code: str | None = None) -> int:
    """Everybody's tags, in chunks; of one rule where `code` names it. Returns how many tags changed.

    Who differs is found by reading; each chunk then looks again inside its own transaction.
    """
    every = rules(db)
    looked_at = [rule for rule in every if code in (None, rule.code)]
    people = sorted({patient for rule in looked_at for patient in differing(db, rule)})
    changed = 0
    for some in (people[n:n + CHUNK] for n in range(0, len(people), CHUNK)):
        with db.change(actor, "tags.reevaluated") as details:
            changed += settle(db, every, dict.fromkeys(some, details.event_id))
            details["n"] = len(some)
    return changed


DRY = """
WITH wanted AS MATERIALIZED ({statement}), has AS MATERIALIZED (
  SELECT patient_id FROM tags WHERE code = :code AND removed_event_id IS NULL
    AND patient_id NOT IN (SELECT id FROM patients WHERE restricted_event_id IS NOT NULL))
SELECT 'matching', count(*), '[]' FROM wanted
UNION ALL SELECT 'gain', count(*), coalesce((SELECT json_group_array(patient_id) FROM (
    SELECT patient_id FROM wanted WHERE patient_id NOT IN (SELECT patient_id FROM has) ORDER BY patient_id DESC LIMIT :most)), '[]')
  FROM wanted WHERE patient_id NOT IN (SELECT patient_id FROM has)
UNION ALL SELECT 'lose', count(*), coalesce((SELECT json_group_array(patient_id) FROM (
    SELECT patient_id FROM has WHERE patient_id NOT IN (SELECT patient_id FROM wanted) ORDER BY patient_id DESC LIMIT :most)), '[]')
  FROM has WHERE patient_id NOT IN (SELECT patient_id FROM wanted)
"""
EXAMPLES = 10


def dry_run(db: Database, criterion: str, code: str = "") -> DryRun:
    """What switching this on would change; code: the tag it sets, none while the rule is a draft."""
    statement = statement_of(criterion)
    sql = DRY.format(statement=statement.text("all"))
    rows = db.all(tuple, sql, **statement.bound(clock.today()), code=code, most=EXAMPLES)
    found = {name: (n, tuple(json.loads(ids))) for name, n, ids in rows}
    return DryRun(found["matching"][0], found["gain"][0], found["lose"][0], found["gain"][1], found["lose"][1])
