"""How SQLite runs the statements: never everybody's rows once per person."""

import re
from datetime import date

import pytest

from app.clinic import criteria
from app.clinic.criteria import AllOf, AnyOf, Fact, Not, Window

OTHER = Fact("indicator", "ge", 90.0, "DBP", "latest")
FACTS = [Fact("indicator", "ge", 1.0, "SBP", take, within)
         for take in ("latest", "min", "max", "mean", "count", "change") for within in (None, Window(3, "months"))]
ANSWERS = [Fact("score", "ge", 1.0, "phq9/total", take, within)
           for take in ("latest", "min", "max", "mean", "count", "change") for within in (None, Window(3, "months"))]
ANSWERS += [Fact("answer", op, value, "phq9/q9", "latest") for op, value in (("eq", "a"), ("ne", "a"), ("in", ("a", "b")), ("exists", None))]
FACTS += ANSWERS + [Fact("indicator", "eq", 0.0, "SBP", "count"), Fact("condition", "exists", code="I10"), Fact("card", "exists"),
          Fact("tag", "exists", code="a"), Fact("last_contact", "ge", 7.0)]
SCANNED = re.compile(r"SCAN (f\d+)\b(?!.*CONSTANT)")


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.field} {fact.take} {fact.op} {bool(fact.within)}")
@pytest.mark.parametrize("shape", [lambda one: AnyOf((one, OTHER)), lambda one: AllOf((OTHER, one)), lambda one: AllOf((OTHER, Not(one)))],
                         ids=["any", "all", "not"])
def test_no_part_is_scanned_for_every_person(db, fact, shape) -> None:
    statement = criteria.compile(shape(fact))
    rows = db.all(tuple, "EXPLAIN QUERY PLAN " + statement.text("all"), **statement.bound(date(2026, 11, 21)))
    plan = [row[3] for row in rows]
    inner = plan[next(n for n, line in enumerate(plan) if re.match(r"(SEARCH|SCAN) p\b", line)):]
    assert not [line for line in inner if SCANNED.search(line)], plan


@pytest.mark.parametrize("fact", FACTS[:12], ids=lambda fact: f"{fact.take} {bool(fact.within)}")
def test_results_are_read_from_the_index_alone(db, fact) -> None:
    statement = criteria.compile(fact)
    for scope in ("all", "one", "list"):
        params = statement.bound(date(2026, 11, 21)) | {"patient": 1, "patients": "[1, 2]"}
        plan = [row[3] for row in db.all(tuple, "EXPLAIN QUERY PLAN " + statement.text(scope), **params)]
        assert all("COVERING INDEX observations_by_code" in line for line in plan if re.match(r"(SCAN|SEARCH) [one]\b", line)), plan


@pytest.mark.parametrize("fact", ANSWERS, ids=lambda fact: f"{fact.take} {fact.op} {bool(fact.within)}")
def test_answers_are_read_from_the_index_alone(db, fact) -> None:
    statement = criteria.compile(fact)
    for scope in ("all", "one", "list"):
        params = statement.bound(date(2026, 11, 21)) | {"patient": 1, "patients": "[1, 2]"}
        plan = [row[3] for row in db.all(tuple, "EXPLAIN QUERY PLAN " + statement.text(scope), **params)]
        assert all("COVERING INDEX answers_standing" in line for line in plan if re.match(r"(SCAN|SEARCH) [ones]\b", line)), plan
