"""A slow, obvious evaluator, and a way to put people into a file: what the statements are compared with."""

import json
import operator
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from app.clinic.criteria import AllOf, AnyOf, Fact, Not


CODED = ("indicator", "tag", "score", "answer")


@dataclass
class Result:
    id: int
    code: str
    taken_at: str
    value: float | None
    comparator: str | None = None
    retired: bool = False


@dataclass
class Answer:
    """Of one of several rows of a response."""

    id: int
    response: int
    item: str
    at: str
    number: float | None = None
    ordinal: float | None = None
    choice: str | None = None
    retired: bool = False

    @property
    def value(self) -> float | None:
        return self.ordinal if self.number is None else self.number


@dataclass
class Person:
    id: int
    sex: str = "unknown"
    born: str | None = None
    about: bool = False
    gone: bool = False
    results: list[Result] = field(default_factory=list)
    conditions: list[tuple] = field(default_factory=list)  # id, code, status, certainty, sensitive, retired
    card: tuple | None = None  # type_id, valid_until, closed
    tags: list[tuple] = field(default_factory=list)  # code, removed
    contacts: list[tuple] = field(default_factory=list)  # at, outcome
    answers: list[Answer] = field(default_factory=list)


def years(born: str, today: date) -> int:
    age = -2  # who is "about" born this year may not be yet
    birth = date.fromisoformat(born)
    while True:
        try:
            birthday = birth.replace(year=birth.year + age + 1)
        except ValueError:
            birthday = date(birth.year + age + 1, 3, 1)
        if birthday > today:
            return age
        age += 1


def back(today: date, n: int, unit: str) -> date:
    if unit == "days":
        return today - timedelta(days=n)
    year, month = today.year, today.month
    for _ in range(n):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    day = today.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def seen(person: Person, fact: Fact, today: date) -> list[Result]:
    """Oldest first."""
    first = back(today, fact.within.n, fact.within.unit) if fact.within else date.min
    found = []
    for result in person.results:
        day = date.fromisoformat(result.taken_at[:10])
        if result.code == fact.code and result.value is not None and not result.retired and first <= day <= today:
            found.append(result)
    return sorted(found, key=lambda result: (result.taken_at, result.id))


def plain(op: str, value, limit) -> bool:
    if op == "between":
        return limit[0] <= value <= limit[1]
    if op == "range":
        return limit[0] <= value < limit[1]
    if op == "in":
        return any(value == one for one in limit)
    if op == "exists":
        return True
    return getattr(operator, op)(value, limit)


def possible(result: Result) -> list[float]:
    """Values it may stand for, fine and far enough for limits that are small multiples of a half."""
    far = [n / 4 for n in range(-40, 41)]
    keep = {None: lambda v: v == result.value, "<": lambda v: v < result.value, "<=": lambda v: v <= result.value,
            ">": lambda v: v > result.value, ">=": lambda v: v >= result.value}[result.comparator]
    return [v for v in far if keep(v)]


def indicator(person: Person, fact: Fact, today: date) -> tuple[bool, list[int]]:
    results = seen(person, fact, today)
    numbers = [result for result in results if result.comparator is None]
    if fact.take == "count":
        return plain(fact.op, len(results), fact.value), [result.id for result in results]
    if fact.take == "mean":
        if not numbers:
            return False, []
        mean = round(sum(result.value for result in numbers) / len(numbers), 6)
        return plain(fact.op, mean, fact.value), [result.id for result in numbers]
    if fact.take == "change":
        if len(numbers) < 2:
            return False, []
        newest, before = numbers[-1], numbers[-2]
        return plain(fact.op, round(newest.value - before.value, 6), fact.value), [newest.id, before.id]
    if not results:
        return False, []
    one = results[-1]
    if fact.take == "max":
        one = max(results, key=lambda result: (result.value, result.taken_at, result.id))
    if fact.take == "min":
        one = min(reversed(results), key=lambda result: result.value)
    if one.comparator is None or fact.op == "exists":
        return plain(fact.op, one.value, fact.value), [one.id]
    return all(plain(fact.op, value, fact.value) for value in possible(one)), [one.id]


def answer(person: Person, fact: Fact, today: date) -> tuple[bool, list[int]]:
    """Ids are of responses."""
    first = back(today, fact.within.n, fact.within.unit) if fact.within else date.min
    live = [one for one in person.answers if one.item == fact.code and not one.retired and first <= date.fromisoformat(one.at[:10]) <= today]
    numbers = sorted((one for one in live if one.value is not None), key=lambda one: (one.at, one.id))
    if fact.take == "count":
        ids = {one.response for one in live}
        return plain(fact.op, len(ids), fact.value), sorted(ids)
    if fact.op == "exists" or isinstance(fact.value, str) or isinstance(fact.value, tuple) and isinstance(fact.value[0], str):
        return chosen(live, fact)
    if fact.take == "mean":
        if not numbers:
            return False, []
        mean = round(sum(one.value for one in numbers) / len(numbers), 6)
        return plain(fact.op, mean, fact.value), sorted({one.response for one in numbers})
    if fact.take == "change":
        if len(numbers) < 2:
            return False, []
        return plain(fact.op, round(numbers[-1].value - numbers[-2].value, 6), fact.value), [numbers[-1].response, numbers[-2].response]
    if not numbers:
        return False, []
    one = numbers[-1]
    if fact.take == "max":
        one = max(numbers, key=lambda one: (one.value, one.at, one.id))
    if fact.take == "min":
        one = min(reversed(numbers), key=lambda one: one.value)
    return plain(fact.op, one.value, fact.value), [one.response]


def chosen(live: list[Answer], fact: Fact) -> tuple[bool, list[int]]:
    """Among all answers of the last response that has any."""
    if not live:
        return False, []
    last = max(live, key=lambda one: (one.at, one.response)).response
    words = [one.choice for one in live if one.response == last]
    if fact.op == "exists":
        return True, [last]
    if fact.op == "ne":
        return fact.value not in words, [last]
    wanted = fact.value if fact.op == "in" else (fact.value,)
    return any(word in wanted for word in words), [last]


def leaf(person: Person, fact: Fact, today: date) -> tuple[bool, list[int]]:
    match fact.field:
        case "indicator":
            return indicator(person, fact, today)
        case "score" | "answer":
            return answer(person, fact, today)
        case "age":
            return person.born is not None and plain(fact.op, years(person.born, today), fact.value), []
        case "sex":
            return person.sex != "unknown" and plain(fact.op, person.sex, fact.value), []
        case "condition":
            return any(code.startswith(fact.code) and status == "active" and certainty == "confirmed" and not sensitive and not retired
                       for _, code, status, certainty, sensitive, retired in person.conditions), []
        case "card":
            if person.card is None:
                return False, []
            type_id, until, closed = person.card
            ours = fact.code is None or int(fact.code) == type_id
            return ours and not closed and (until is None or until >= today.isoformat()), []
        case "tag":
            return any(code == fact.code and not removed for code, removed in person.tags), []
        case "last_contact":
            days = [date.fromisoformat(at[:10]) for at, outcome in person.contacts if outcome == "reached"]
            days = [day for day in days if day <= today]
            return bool(days) and plain(fact.op, (today - max(days)).days, fact.value), []
    raise AssertionError(fact.field)


def true(person: Person, criterion, today: date) -> bool:
    match criterion:
        case Fact(op="missing"):
            return not leaf(person, Fact(criterion.field, "exists", None, criterion.code, criterion.take, criterion.within), today)[0]
        case Fact():
            return leaf(person, criterion, today)[0]
        case AllOf(of=several):
            return all(true(person, one, today) for one in several)
        case AnyOf(of=several):
            return any(true(person, one, today) for one in several)
        case Not(of=one):
            return not true(person, one, today)


def because(person: Person, criterion, today: date, wanted: bool = True) -> list[tuple]:
    """(field, code, ids) of the comparisons under nodes that came out as wanted; "not" for those that had to be false."""
    if true(person, criterion, today) is not wanted:
        return []
    match criterion:
        case Fact(op="missing") if wanted:
            return [("not", named(criterion), [])]
        case Fact(op="missing"):
            exists = Fact(criterion.field, "exists", None, criterion.code, criterion.take, criterion.within)
            return [(criterion.field, named(criterion), sorted(leaf(person, exists, today)[1]))]
        case Fact() if wanted:
            return [(criterion.field, named(criterion), sorted(leaf(person, criterion, today)[1]))]
        case Fact():
            return [("not", named(criterion), [])]
        case Not(of=one):
            return because(person, one, today, not wanted)
        case AllOf(of=several) | AnyOf(of=several):
            return [found for one in several for found in because(person, one, today, wanted)]


def named(fact: Fact) -> str | None:
    return fact.code if fact.field in CODED else None


def expected(people: list[Person], criterion, today: date) -> dict[int, list[tuple]]:
    return {
        person.id: sorted(because(person, criterion, today), key=repr)
        for person in people if not person.gone and true(person, criterion, today)
    }


def found(matches) -> dict[int, list[tuple]]:
    """The same shape, from a statement's answer."""
    answer = {}
    for match in matches:
        evidence = json.loads(match.evidence)
        ids = [id for item in evidence["because"] for id in item.get("observations", [])]
        assert sorted(ids) == sorted(evidence["observations"])
        lines = []
        for item in evidence["because"]:
            if "not" in item:
                lines.append(("not", named(msgspec.convert(item["not"], Fact)), []))
            else:
                code = item.get("code") if item["field"] in CODED else None
                lines.append((item["field"], code, sorted(item.get("observations", item.get("responses", [])))))
        assert match.patient_id not in answer
        answer[match.patient_id] = sorted(lines, key=repr)
    return answer
