"""Days since the last contact, as criteria ask for it."""

from datetime import timedelta

import pytest

from app.clinic import criteria, work
from app.core import clock


def having(db, op, value=None):
    statement = criteria.compile(criteria.Fact("last_contact", op, value))
    return {match.patient_id for match in criteria.run(db, statement)}


@pytest.fixture
def people(db, who, register):
    """ids by days since the last contact: 0, 1, 90; "never"; "no answer" only."""
    ids = {}
    for days in (0, 1, 90):
        ids[days] = register()
        for older in (days + 30, days):
            with clock.stop(clock.now() - timedelta(days=older)):
                work.record(db, who("nurse"), ids[days], work.NewContact("phone", "reached"))
    ids["never"], ids["no answer"] = register(), register()
    work.record(db, who("nurse"), ids["no answer"], work.NewContact("phone", "no_answer"))
    return ids


@pytest.mark.parametrize("op, value, who_has", [
    ("ge", 90, [90]), ("ge", 91, []), ("gt", 0, [1, 90]), ("eq", 0, [0]), ("lt", 90, [0, 1]), ("between", (1, 90), [1, 90]),
    ("exists", None, [0, 1, 90]),
])
def test_the_newest_contact_in_which_somebody_was_reached_counts(db, people, op, value, who_has):
    assert having(db, op, value) == {people[days] for days in who_has}


def test_never_reached_is_missing_not_long_ago(db, people):
    assert having(db, "missing") == {people["never"], people["no answer"]}
