"""The statements are equal to a slow, obvious evaluator: for everybody, for a list, for one person."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.clinic import criteria
from app.core.db import Database
from app.main import open_clinic
from tests.criteria.filling import TODAYS, filled
from tests.criteria.filling import criteria as any_criterion
from tests.criteria.filling import populations
from tests.criteria.people import Person, expected, found

TODAY = date(2026, 11, 21)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_clinic(tmp_path_factory.mktemp("criteria"))
    yield db
    db.close()


def agree(db: Database, people: list[Person], criterion, today: date) -> None:
    should = expected(people, criterion, today)
    statement = criteria.compile(criterion)
    half = [person.id for person in people][::2]
    with filled(db, people):
        assert found(criteria.run(db, statement, today=today)) == should
        some = found(criteria.run(db, statement, patients=half, today=today))
        assert some == {id: why for id, why in should.items() if id in half}
        for person in people:
            one = found(criteria.run(db, statement, patient=person.id, today=today))
            assert one == {id: why for id, why in should.items() if id == person.id}


@st.composite
def situations(draw):
    today = draw(st.sampled_from(TODAYS))
    return draw(populations(today)), draw(any_criterion()), today


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.generate], derandomize=True, database=None)
@given(situations())
def test_statements_equal_the_slow_evaluator(scratch: Database, situation) -> None:
    people, criterion, today = situation
    assert not criteria.problems(criterion)
    assert criteria.parse(criteria.dump(criterion)) == criterion
    agree(scratch, people, criterion, today)
