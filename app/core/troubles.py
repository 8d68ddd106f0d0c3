"""What is wrong with the house just now: the disk, the clock, the file, the copies. Said over every page until it is over.

    def full(state) -> Trouble | None:
        if shutil.disk_usage(state.folder).free < 2**20:
            return Trouble("disk.full", "red", N_("The disk is full."), act="/manage/health")

    troubles.watch("disk", full)

A look is taken at every sweep and never inside a page, so it may take some milliseconds; it must not need to write. The
words are ids, put into the reader's language where they are shown; params are filled in, so no person may stand in them.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

log = logging.getLogger("yihe.troubles")


class Trouble(msgspec.Struct, frozen=True):
    """code: what tells it from others. act: where an owner puts it right; others are told to ask one."""

    code: str
    level: Literal["amber", "red"]
    words: str
    params: dict[str, Any] = {}
    for_whom: Literal["everybody", "owner"] = "everybody"
    act: str | None = None


Look = Callable[[Any], "Trouble | Sequence[Trouble] | None"]
LOOKS: dict[str, Look] = {}


def watch(name: str, look: Look) -> None:
    """Have `look(state)` called at every sweep; state is the app's: db, folder, files. Twice the same name is a mistake."""
    if name in LOOKS:
        raise ValueError(f"{name} is watched already")
    LOOKS[name] = look


class Board:
    """What one house's looks found last, red first."""

    def __init__(self) -> None:
        self.found: tuple[Trouble, ...] = ()
        self._by_look: list[tuple[str, Trouble]] = []

    def look(self, state: Any) -> None:
        """Look at everything anew. A look that fails leaves what it had said, and keeps no other from looking."""
        found = []
        for name, look in LOOKS.items():
            found += self._said(name, look, state)
        self._by_look = found
        self.found = tuple(sorted((trouble for _name, trouble in found), key=lambda one: one.level != "red"))

    def _said(self, name: str, look: Look, state: Any) -> list[tuple[str, Trouble]]:
        try:
            said = look(state)
        except Exception as error:
            # the traceback's values may name a person: only which and what kind
            log.error("look at %s failed: %s", name, type(error).__name__)
            return [one for one in self._by_look if one[0] == name]
        if said is None:
            return []
        return [(name, one) for one in ([said] if isinstance(said, Trouble) else said)]

    def shown(self, owner: bool) -> tuple[Trouble, ...]:
        """What this reader is told; owner: may put it right."""
        return tuple(one for one in self.found if owner or one.for_whom == "everybody")

    @property
    def red(self) -> bool:
        """Something everybody is told of as red: the sign-in page says so, without saying what."""
        return any(one.level == "red" and one.for_whom == "everybody" for one in self.found)
