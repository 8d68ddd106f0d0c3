"""A key that is typed from paper."""

import pytest

from app.core import typable
from app.core.errors import Refusal
from app.core.typable import LETTERS, Mistyped

KEY = bytes((at * 37 + 11) % 256 for at in range(32))
GROUPS = typable.groups(KEY)


@pytest.mark.parametrize("typed", [
    " ".join(GROUPS), "-".join(GROUPS).lower(), "\n".join(GROUPS), "".join(GROUPS),
    " ".join(GROUPS).translate({ord(c): ord(c) + 0xFEE0 for c in LETTERS}), " ".join(GROUPS).replace("0", "O").replace("1", "l"),
], ids=["as printed", "small", "lines", "at once", "full width", "look-alikes"])  # fmt: skip
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert len(GROUPS) == 16 and typable.read(typed, 32) == KEY


def test_nearly_every_slip_is_named_by_its_group() -> None:
    """Four bits check each group: one slip in sixteen passes, and is met by the key's own number."""
    slips, named = 0, 0
    for group in range(16):
        for place in range(4):
            for letter in set(LETTERS) - {GROUPS[group][place]}:
                typed = [*GROUPS]
                typed[group] = typed[group][:place] + letter + typed[group][place + 1 :]
                slips += 1
                try:
                    assert typable.read(" ".join(typed), 32) != KEY
                except Mistyped as mistake:
                    named += mistake.group == group + 1
    assert named / slips > 0.9


def test_two_groups_in_the_wrong_order_are_noticed() -> None:
    swapped = [GROUPS[1], GROUPS[0], *GROUPS[2:]]
    with pytest.raises(Mistyped) as mistake:
        typable.read(" ".join(swapped), 32)
    assert mistake.value.group == 1


@pytest.mark.parametrize("typed", ["", " ".join(GROUPS[:15]), " ".join([*GROUPS, GROUPS[0]]), " ".join(GROUPS)[:-1], "U" * 64])
def test_too_little_and_too_much_are_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        typable.read(typed, 32)
