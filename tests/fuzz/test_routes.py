"""Every route with a session of every role, and what schemathesis and bad people think of: never an error of our own.

In CI every route is asked once: every second by the owner, the others by each role in turn. YIHE_SLOW=1 goes on for half an hour.
"""

import random
import time

import pytest
import schemathesis
from schemathesis import APIOperation

from tests.fuzz.attacking import Attack
from tests.fuzz.conftest import MINUTES, ROLES, SLOW

LAST = ("tablet", "sign-in", "setup", "sign-out", "password", "lock", "closure", "/end", "handover", "unlocking", "/pin", "second-step", "revocation", "/language", "restriction", "joining")


def operations(schema: schemathesis.BaseSchema) -> list[APIOperation]:
    """What ends a session or closes a record comes last."""
    every = [one.ok() for one in schema.get_all_operations()]
    return sorted(every, key=lambda one: any(word in one.path for word in LAST))


def test_no_request_is_a_mistake_of_ours(schema: schemathesis.BaseSchema, attack: Attack) -> None:
    every = operations(schema)
    attack.move()
    for turn, one in enumerate(every):
        attack.try_all(ROLES[turn // 2 % len(ROLES)] if turn % 2 else "owner", one, 1, turn)
    assert attack.found == {}
    assert len(every) > 300 and attack.statuses[200] > 60 and attack.sent > 300


@pytest.mark.skipif(not SLOW, reason="half an hour; YIHE_SLOW=1")
def test_for_half_an_hour(schema: schemathesis.BaseSchema, attack: Attack) -> None:
    every, end, chance = operations(schema), time.monotonic() + MINUTES * 60, random.Random(time.time_ns())
    while time.monotonic() < end:
        for role in chance.sample(ROLES, len(ROLES)):
            attack.move()
            for one in every:
                if time.monotonic() < end:
                    attack.try_all(role, one, 15, chance.randrange(2**32))
                    attack.come_back(role)
    print(f"{attack.sent} requests of {len(ROLES)} roles, {attack.moves} clinics, {attack.statuses}", *attack.found.items(), sep="\n")
    assert attack.found == {}
