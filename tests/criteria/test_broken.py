"""The comparison with the slow evaluator bites: break the statements anywhere, and it fails."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.clinic import criteria
from app.clinic.criteria import AllOf, AnyOf, Fact, Not, Statement, Window
from app.core.db import Database
from app.main import open_clinic
from tests.criteria.filling import answered, filled
from tests.criteria.people import Answer, Person, Result, expected, found

TODAY = date(2026, 3, 31)
WEEK, MONTH = Window(7, "days"), Window(1, "months")


def crowd() -> list[Person]:
    """The same three hundred people every time, crowded around every edge."""
    chance, people, next_id = random.Random(7), [], 1
    days = [TODAY - timedelta(days=n) for n in (0, 0, 1, -1, 6, 7, 7, 8, 30, 31, 32)]
    for id in range(1, 301):
        results = []
        for _ in range(chance.randint(0, 5)):
            at = chance.choice(days).isoformat() + chance.choice(["", "", "T09:00"])
            comparator = chance.choice([None] * 6 + ["<", "<=", ">", ">="])
            results.append(Result(next_id, "SBP", at, chance.choice([0.0, 1.0, 1.5, 2.0, 3.0]), comparator, chance.random() < .15))
            next_id += 1
        chance.shuffle(results)
        until = chance.choice([None, TODAY.isoformat(), "2026-03-30"])
        people.append(Person(
            id, chance.choice(["male", "female", "unknown"]),
            chance.choice([None, "2008-03-31", "2008-04-01", "2008-03-30", "2007-12-01", "2009-01-31", "2008-02-29", "2006-05-05"]), False,
            chance.random() < .1, results,
            [(id * 10 + n, chance.choice(["I10", "I10.9", "I11", "I1"]), chance.choice(["active", "resolved"]),
              chance.choice(["confirmed", "suspected"]), chance.choice([0, 1]), chance.random() < .3) for n in range(chance.randint(0, 2))],
            chance.choice([None, (1, until, False), (2, until, False), (1, until, True)]),
            [("a", chance.random() < .5)] if chance.random() < .5 else [],
            [(chance.choice(days).isoformat() + "T10:00", chance.choice(["reached", "no_answer"])) for _ in range(chance.randint(0, 2))],
            answers(random.Random(id), id, days),
        ))
    return people


def answers(chance: random.Random, id: int, days: list[date]) -> list[Answer]:
    """Of up to four responses, some of the same moment, up to three answers each."""
    found, moments = [], [chance.choice(days).isoformat() + chance.choice(["", "T09:00"]) for _ in range(2)]
    for n in range(chance.randint(0, 4)):
        items = [(chance.choice(["total", "total", "q"]), chance.choice(["number", "counted", "word"]), chance.choice([0.0, 1.0, 2.0]))
                 for _ in range(chance.randint(1, 3))]
        found += answered(id * 10 + n, chance.choice(moments), items, chance.random() < .2)
    return found


def sbp(op: str, value=None, take: str = "latest", within: Window | None = None) -> Fact:
    return Fact("indicator", op, value, "SBP", take, within)


def total(op: str, value=None, take: str = "latest", within: Window | None = None) -> Fact:
    return Fact("score", op, value, "asked/total", take, within)


CRITERIA = [
    *(sbp(op, 1.5, take) for op in ("lt", "le", "eq", "ne", "ge", "gt") for take in ("latest", "max")),
    sbp("between", (1.0, 2.0)), sbp("range", (1.0, 2.0)), sbp("in", (0.0, 2.0)), sbp("exists"), sbp("missing"),
    *(sbp("ge", 1.0, take, within) for take in ("latest", "min", "max", "mean", "count", "change") for within in (WEEK, MONTH)),
    *(sbp("le", 1.0, take) for take in ("min", "max", "mean", "count", "change")), sbp("eq", 0.0, "count"), sbp("ge", 0.5, "change"),
    *(Fact("age", op, 18.0) for op in ("lt", "le", "eq", "ne", "ge", "gt")), Fact("age", "missing"),
    Fact("sex", "eq", "male"), Fact("sex", "ne", "male"), Fact("sex", "in", ("female",)), Fact("sex", "missing"),
    Fact("condition", "exists", code="I10"), Fact("card", "exists"), Fact("card", "exists", code="1"), Fact("tag", "exists", code="a"),
    Fact("last_contact", "ge", 7.0), Fact("last_contact", "lt", 7.0),
    *(total(op, 1.0, take) for op in ("lt", "ge") for take in ("latest", "min", "max", "mean", "change")),
    *(total("ge", 1.0, take, within) for take in ("latest", "count") for within in (WEEK, MONTH)), total("eq", 1.0, "count"), total("exists"),
    total("missing"), total("between", (0.5, 1.0)), *(total(op, "b") for op in ("eq", "ne")), total("in", ("a", "b")),
    total("ne", "b", within=WEEK), Fact("answer", "ge", 1.0, "asked/q", "latest"),
    AllOf((sbp("ge", 1.5), Fact("sex", "eq", "male"))), AnyOf((sbp("ge", 3.0), Fact("card", "exists"))),
    AllOf((AnyOf((sbp("ge", 2.0), sbp("lt", 1.0))), Not(Fact("tag", "exists", code="a")))),
]

# (what is broken, in the SQL, by)
BREAKS = [
    ("lt", r"value < (:f\d_\d)", r"value <= \1"), ("le", r"value <= (:f\d_\d)", r"value < \1"),
    ("eq", r"value = (:f\d_1) AND", r"value <> \1 AND"), ("ne", r"value <> (:f\d_\d)", r"value > \1"),
    ("ge", r"value >= (:f\d_\d)", r"value > \1"), ("gt", r"value > (:f\d_\d)", r"value >= \1"),
    ("between low", r"BETWEEN (:f\d_\d)", r"BETWEEN 0.1 + \1"), ("between high", r"AND (:f0_2) AND", r"AND \1 - 0.1 AND"),
    ("range", r"value < (:f\d_2)", r"value <= \1"), ("in", r"IN \((:f\d_\d), :f\d_\d\)", r"IN (\1)"),
    ("age lt", r"(6\)\)\)) < ", r"\1 <= "), ("age le", r"(6\)\)\)) <= ", r"\1 < "), ("age ge", r"(6\)\)\)) >= ", r"\1 > "),
    ("age gt", r"(6\)\)\)) > ", r"\1 >= "), ("age eq", r"(6\)\)\)) = ", r"\1 <> "), ("age ne", r"(6\)\)\)) <> ", r"\1 = "),
    ("birthday", r":monthday <", ":monthday <="), ("unknown sex", r"nullif\(p\.sex, 'unknown'\)", "p.sex"),
    ("sex eq", r"'unknown'\) = ", "'unknown') <> "), ("sex ne", r"'unknown'\) <> ", "'unknown') = "),
    ("below certain", r"IN \('<', '<='\)", "IN ('>', '>=')"), ("above certain", r"IN \('>', '>='\)", "IN ('<', '<=')"),
    ("edge of below", r"o\.comparator = '<'", "o.comparator = '<='"), ("edge of above", r"o\.comparator = '>'", "o.comparator = '>='"),
    ("only plain", r"AND o\.comparator IS NULL", ""), ("today counts", r"taken_at < :tomorrow", "taken_at < :today"),
    ("not tomorrow", r"taken_at < :tomorrow", "taken_at < :tomorrow || 'T99'"),
    ("first day of the window", r"taken_at >= (:f\d_from)", r"taken_at > \1"),
    ("window", r"o\.taken_at >= :f\d_from", "1"), ("newest", r"n\.taken_at > o\.taken_at", "n.taken_at < o.taken_at"),
    ("ties", r"n\.id > o\.id", "n.id < o.id"), ("largest", r"n\.value >= o\.value AND", "n.value <= o.value AND"),
    ("mean", r"avg\(", "max("), ("count", r"count\(\*\)", "count(*) + 1"), ("no result counts 0", r"coalesce\(f\d\.value, 0\)", "f0.value"),
    ("change", r"o\.value - \(SELECT", "o.value + (SELECT"), ("the one before", r"ORDER BY e\.taken_at DESC, e\.id DESC", "ORDER BY e.taken_at"),
    ("before, tied", r"e\.id DESC", "e.id"), ("struck out", r"o\.retired_event_id IS NULL", "1"), ("taken out", r"p\.withdrawn_event_id IS NULL", "1"),
    ("condition live", r"c\.retired_event_id IS NULL", "1"), ("condition active", r"c\.status = 'active'", "1"),
    ("condition confirmed", r"c\.certainty = 'confirmed'", "1"), ("condition not sensitive", r"c\.sensitive = 0", "1"),
    ("condition from", r"c\.code >= :f\d_\d", "1"), ("condition until", r"c\.code < :f\d_\d", "1"),
    ("card open", r"c\.closed_event_id IS NULL", "1"), ("card valid today", r">= :today", "> :today"), ("card type", r"c\.type_id = ", "c.type_id <> "),
    ("tag live", r"t\.removed_event_id IS NULL", "1"), ("reached", r"k\.outcome = 'reached'", "1"),
    ("contact ge", r"INTEGER\) >= ", "INTEGER) > "), ("contact lt", r"INTEGER\) < ", "INTEGER) <= "),
    ("answer live", r"o\.retired_event_id IS NULL AND o\.at", "o.at"), ("a later one taken back", r"n\.retired_event_id IS NULL AND n\.at", "n.at"),
    ("answered today", r"o\.at < :tomorrow", "o.at < :today"), ("not answered tomorrow", r"\.at < :tomorrow", ".at < :tomorrow || 'T99'"),
    ("first day of answers", r"o\.at >= (:f\d_from)", r"o.at > \1"), ("window of answers", r"o\.at >= :f\d_from", "1"),
    ("which question", r"o\.link_id = :f\d_1", "1"), ("which questionnaire", r"o\.code = :f\d_0 AND o\.link_id", "o.code > :f0_0 AND o.link_id"),
    ("what an option counts", r"coalesce\(([on])\.number, \1\.ordinal\)", r"\1.number"),
    ("newest answer", r"n\.at > o\.at OR n\.id", "n.at < o.at OR n.id"), ("answers tied", r"n\.at > o\.at OR n\.id > o\.id", "n.at > o.at OR n.id < o.id"),
    ("newest response", r"n\.at > o\.at OR n\.response_id", "n.at < o.at OR n.response_id"),
    ("responses tied", r"n\.response_id > o\.response_id", "n.response_id < o.response_id"),
    ("counted once a response", r"count\(DISTINCT o\.response_id\)", "count(*)"), ("evidence once a response", r"SELECT DISTINCT o\.response_id", "SELECT o.response_id"),
    ("chosen", r"o\.choice = :f", "o.choice <> :f"), ("chosen among", r"o\.choice IN", "o.choice NOT IN"),
    ("not chosen at all", r"NOT EXISTS \(SELECT 1 FROM answers s[^)]*\)", "o.choice <> :f0_2"),
    ("not chosen in the same", r"s\.response_id = o\.response_id AND", ""), ("once a person", r"GROUP BY o\.patient_id\)", ")"),
    ("answer lt", r"ordinal\) < :f0_2", "ordinal) <= :f0_2"), ("answer ge", r"ordinal\) >= :f0_2", "ordinal) > :f0_2"),
    ("and", r"\((.*NULL) AND (coalesce.*)\) ", r"(\1 OR \2) "), ("or", r" OR f(\d)\.patient_id IS NOT NULL\)", r" AND f\1.patient_id IS NOT NULL)"),
    ("not", r"NOT \(f", "(f"),
]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_clinic(Path(tmp_path_factory.mktemp("broken")))
    with filled(db, PEOPLE):
        yield db
    db.close()


PEOPLE = crowd()
SHOULD = [expected(PEOPLE, criterion, TODAY) for criterion in CRITERIA]
STATEMENTS = [criteria.compile(criterion) for criterion in CRITERIA]


def differing(db: Database, old: str = "", new: str = "") -> list[int]:
    """Which criteria's answers are wrong after the break; only those it touches are asked."""
    wrong = []
    for n, statement in enumerate(STATEMENTS):
        sql = re.sub(old, new, statement.sql) if old else statement.sql
        if (not old or sql != statement.sql) and not right(db, re.sub(r"INDEXED BY \w+", "", sql), n):
            wrong.append(n)
    return wrong


def right(db: Database, sql: str, n: int) -> bool:
    answer = criteria.run(db, Statement(sql, STATEMENTS[n].params, STATEMENTS[n].windows), today=TODAY)
    once = len({match.patient_id for match in answer}) == len(answer)
    return once and found(answer) == SHOULD[n]


def test_unbroken_all_agree_and_nothing_is_trivial(crowded: Database) -> None:
    assert differing(crowded) == []
    living = sum(not person.gone for person in PEOPLE)
    assert all(0 < len(should) < living for should in SHOULD)


@pytest.mark.parametrize(("what", "old", "new"), BREAKS, ids=[broken[0] for broken in BREAKS])
def test_broken_it_fails(crowded: Database, what: str, old: str, new: str) -> None:
    assert differing(crowded, old, new), f"breaking {what} went unnoticed"
