"""Random people into a real file, taken out again; and random criteria."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from hypothesis import strategies as st

from app.clinic.criteria import AllOf, AnyOf, Fact, Not, Window
from app.core.db import Database
from tests.criteria.people import Answer, Person, Result

TODAYS = [date(2026, 11, 21), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 5, 31), date(2026, 1, 1)]
NUMBERS = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, -1.0]
AGES = [0, 17, 18, 19, 64, 65]


class _TakenOut(Exception):
    pass


@contextmanager
def filled(db: Database, people: list[Person]) -> Iterator[None]:
    """The people stand in the file inside the block, and nothing is left of them."""
    try:
        with db.change(None, "settings.changed") as details:
            details["names"] = ""
            ask(db, details.event_id)
            for person in people:
                put(db, person, details.event_id)
            yield
            raise _TakenOut
    except _TakenOut:
        pass


QUESTIONNAIRE = 9000


def ask(db: Database, event: int) -> None:
    """A questionnaire to have answered; what it asks does not matter here."""
    db.insert("questionnaires", {"id": QUESTIONNAIRE, "code": "asked", "origin": "clinic", "event_id": event})
    db.insert("questionnaire_versions", {
        "id": QUESTIONNAIRE, "questionnaire_id": QUESTIONNAIRE, "number": 1, "title_zh": "问", "title_en": "asked", "use": "patient", "fhir": "{}", "published_event_id": event,
    })


def put_answers(db: Database, person: Person, event: int) -> None:
    of = {"patient_id": person.id, "questionnaire_id": QUESTIONNAIRE}
    for id, at in sorted({(one.response, one.at) for one in person.answers}):
        db.insert("responses", of | {
            "id": id, "version_id": QUESTIONNAIRE, "asked_by": "staff", "language": "zh", "begun_event_id": event, "completed_event_id": event,
            "completed_at": at, "fhir": "{}",
        })
    for one in person.answers:
        code, _, link_id = one.item.partition("/")
        kind = "choice" if one.choice else "number" if one.number is not None else "text"
        db.insert("answers", of | {
            "id": one.id, "response_id": one.response, "code": code, "link_id": link_id, "path": link_id, "n": one.id, "kind": kind,
            "number": one.number, "choice": one.choice, "ordinal": one.ordinal, "at": one.at, "is_score": 0,
            "retired_event_id": event if one.retired else None,
        })


def put(db: Database, person: Person, event: int) -> None:
    own = {"patient_id": person.id, "event_id": event}
    db.insert("patients", {
        "id": person.id, "number": f"Y-{person.id}", "name": "某", "sex": person.sex, "birth_date": person.born,
        "birth_about": int(person.about), "created_event_id": event, "withdrawn_event_id": event if person.gone else None,
    })
    for one in person.results:
        db.insert("observations", own | {
            "id": one.id, "code": one.code, "taken_at": one.taken_at, "value": one.value, "comparator": one.comparator,
            "text": None if one.value is not None else "阴性", "unit": "u", "retired_event_id": event if one.retired else None,
        })
    for id, code, status, certainty, sensitive, retired in person.conditions:
        db.insert("conditions", own | {
            "id": id, "code": code, "text": "x", "status": status, "certainty": certainty, "sensitive": sensitive,
            "source": "clinic", "noted_on": "2026-01-01", "retired_event_id": event if retired else None,
        })
    if person.card:
        type_id, until, closed = person.card
        db.insert("cards", own | {
            "number": f"{person.id}", "type_id": type_id, "price_fen": 0, "opened_on": "2024-01-01", "valid_until": until,
            "closed_event_id": event if closed else None,
        })
        db.insert("card_people", {"card_id": db.value("SELECT max(id) FROM cards"), "patient_id": person.id, "event_id": event})
    for code, removed in person.tags:
        db.insert("tags", {
            "patient_id": person.id, "code": code, "set_event_id": event, "evidence_event_id": event,
            "removed_event_id": event if removed else None, "reason": "x", "evidence": "{}",
        })
    for at, outcome in person.contacts:
        db.insert("contacts", own | {"at": at, "channel": "phone", "outcome": outcome})
    put_answers(db, person, event)


def days(today: date) -> st.SearchStrategy[date]:
    """Near today, near the edges of the windows below, and after today."""
    edges = [0, 1, 2, -1, -2, 6, 7, 8, 27, 28, 29, 30, 31, 32, 58, 59, 60, 61, 62]
    return st.sampled_from(edges).map(lambda back: today - timedelta(days=back))


def moments(today: date) -> st.SearchStrategy[str]:
    return st.tuples(days(today), st.sampled_from(["", "T00:00", "T09:00", "T23:59"])).map(lambda t: t[0].isoformat() + t[1])


def answered(response: int, at: str, items: list[tuple], retired: bool) -> list[Answer]:
    """items: (link id, kind, value); an option chosen counts its length, one of the words counts nothing."""
    made = []
    for n, (item, kind, value) in enumerate(items):
        number, choice = (value, None) if kind == "number" else (None, "abc"[int(value)])
        made.append(Answer(response * 10 + n, response, f"asked/{item}", at, number, value if kind == "counted" else None, choice, retired))
    return made


@st.composite
def responses(draw, id: int, today: date) -> list[Answer]:
    found = []
    for n in range(draw(st.integers(0, 3))):
        items = draw(st.lists(st.tuples(
            st.sampled_from(["total", "total", "q"]), st.sampled_from(["number", "counted", "word"]), st.sampled_from([0.0, 1.0, 2.0])), max_size=3))
        found += answered(id * 10 + n, draw(moments(today)), items, draw(st.integers(0, 4)) == 0)
    return found


@st.composite
def populations(draw, today: date) -> list[Person]:
    people, next_id = [], 1
    for id in range(1, draw(st.integers(1, 6)) + 1):
        results = []
        for _ in range(draw(st.integers(0, 6))):
            value = draw(st.sampled_from([*NUMBERS[:6], None]))
            results.append(Result(
                next_id, draw(st.sampled_from(["SBP", "SBP", "DBP"])), draw(moments(today)), value,
                draw(st.sampled_from([None, None, None, "<", "<=", ">", ">="])) if value is not None else None,
                draw(st.integers(0, 7)) == 0,
            ))
            next_id += 1
        people.append(draw(persons(id, today, results)))
    draw(st.randoms(use_true_random=False)).shuffle(people)
    return people


@st.composite
def persons(draw, id: int, today: date, results: list[Result]) -> Person:
    born = draw(st.one_of(st.none(), births(today)))
    conditions = draw(st.lists(st.tuples(
        st.sampled_from(["I10", "I10.0", "I1", "E11.9", ""]), st.sampled_from(["active", "active", "resolved"]),
        st.sampled_from(["confirmed", "confirmed", "suspected"]), st.sampled_from([0, 0, 1]), st.booleans()), max_size=2))
    until = draw(st.sampled_from([None, today.isoformat(), (today - timedelta(days=1)).isoformat()]))
    return Person(
        id, draw(st.sampled_from(["male", "female", "unknown"])), born, draw(st.booleans()), draw(st.integers(0, 5)) == 0, results,
        [(id * 10 + n, *one) for n, one in enumerate(conditions)],
        draw(st.sampled_from([None, (1, until, False), (2, until, False), (1, until, True)])),
        draw(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.booleans()), max_size=2, unique_by=lambda tag: tag[0])),
        draw(st.lists(st.tuples(moments(today), st.sampled_from(["reached", "reached", "no_answer"])), max_size=3)),
        draw(responses(id, today)),
    )


@st.composite
def births(draw, today: date) -> str:
    """On a birthday, the day before, the day after, and on 29 February."""
    year = today.year - draw(st.sampled_from(AGES))
    leap = year - year % 4
    return draw(st.sampled_from([
        f"{year}-{today.month:02d}-{min(today.day, 28):02d}", f"{year}-07-01", f"{leap}-02-29" if leap != 1900 else "1904-02-29",
        f"{year}-{today.month:02d}-{min(today.day + 1, 28):02d}", f"{year}-{today.month:02d}-01", f"{year - 1}-12-31",
    ]))


def compared(value: st.SearchStrategy[float]) -> st.SearchStrategy[tuple]:
    pair = st.tuples(value, value).map(lambda two: tuple(sorted(two)))
    return st.one_of(
        st.tuples(st.sampled_from(["lt", "le", "eq", "ne", "ge", "gt"]), value),
        st.tuples(st.sampled_from(["between", "range"]), pair),
        st.tuples(st.just("in"), st.lists(value, min_size=1, max_size=3).map(tuple)),
    )


EXISTS = st.sampled_from([("exists", None), ("missing", None)])
WINDOWS = st.sampled_from([None, None, Window(0, "days"), Window(1, "days"), Window(7, "days"), Window(1, "months"),
                           Window(2, "months"), Window(0, "months")])


@st.composite
def indicator_facts(draw) -> Fact:
    take = draw(st.sampled_from(["latest", "latest", "min", "max", "mean", "count", "change"]))
    numbers = st.sampled_from([0.0, 1.0, 2.0, 3.0]) if take == "count" else st.sampled_from(NUMBERS)
    op, value = draw(compared(numbers) if take == "count" else st.one_of(compared(numbers), EXISTS))
    return Fact("indicator", op, value, draw(st.sampled_from(["SBP", "DBP"])), take, draw(WINDOWS))


@st.composite
def answer_facts(draw) -> Fact:
    take = draw(st.sampled_from(["latest", "latest", "latest", "min", "max", "mean", "count", "change"]))
    numbers, words = st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0]), st.sampled_from(["a", "b", "c"])
    chosen = st.one_of(st.tuples(st.sampled_from(["eq", "ne"]), words), st.tuples(st.just("in"), st.lists(words, min_size=1, max_size=2).map(tuple)))
    op, value = draw(compared(numbers) if take == "count" else st.one_of(compared(numbers), EXISTS, *[chosen] * 2 * (take == "latest")))
    return Fact(draw(st.sampled_from(["score", "answer"])), op, value, draw(st.sampled_from(["asked/total", "asked/q"])), take, draw(WINDOWS))


def other_facts() -> st.SearchStrategy[Fact]:
    sexes = st.sampled_from(["male", "female"])
    chosen = st.one_of(st.tuples(st.sampled_from(["eq", "ne"]), sexes), st.tuples(st.just("in"), st.lists(sexes, min_size=1).map(tuple)))
    return st.one_of(
        st.one_of(compared(st.sampled_from([float(age) for age in AGES])), EXISTS).map(lambda t: Fact("age", *t)),
        st.one_of(chosen, EXISTS).map(lambda t: Fact("sex", *t)),
        st.one_of(compared(st.sampled_from([0.0, 1.0, 7.0, 30.0])), EXISTS).map(lambda t: Fact("last_contact", *t)),
        st.tuples(EXISTS, st.sampled_from(["I10", "I1", "E11"])).map(lambda t: Fact("condition", *t[0], t[1])),
        st.tuples(EXISTS, st.sampled_from([None, "1", "2"])).map(lambda t: Fact("card", *t[0], t[1])),
        st.tuples(EXISTS, st.sampled_from(["a", "b"])).map(lambda t: Fact("tag", *t[0], t[1])),
    )


def all_facts() -> st.SearchStrategy[Fact]:
    return st.one_of(indicator_facts(), indicator_facts(), answer_facts(), answer_facts(), other_facts())


def criteria() -> st.SearchStrategy:
    def grown(inner):
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(several.map(AllOf), several.map(AnyOf), inner.map(Not))
    return st.recursive(all_facts(), grown, max_leaves=5)
