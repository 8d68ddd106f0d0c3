from itertools import count

import pytest

from app.clinic import cards, patients, staff
from app.core import clock
from app.core.access import Actor, Role


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def register(db, who):
    """register(sex=…, doctor_id=…): somebody new; their id."""
    names = (f"张{n}" for n in count(1))

    def new(**details):
        return patients.register(db, who("desk"), patients.NewPatient(next(names), **{"sex": "female", **details}))

    return new


@pytest.fixture
def open_card(db, who):
    """open_card(patient): a card of the first type."""
    cards.seed(db)
    kind = cards.types(db)[0].id
    return lambda patient: cards.open_card(db, who("desk"), patient, kind)


@pytest.fixture
def who_in(client):
    """An Actor of the cast in the browser's clinic."""
    members = {member.sign_in: member for member in staff.everyone(client.app.state.db)}
    return lambda name: Actor(members[name].id, members[name].name, Role(members[name].role), members[name].language)
