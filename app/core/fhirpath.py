"""FHIRPath, worked out where it can be stopped.

`(1).repeat($this + 1)` and `matches('(a+)+$')` run for ever, and a thread cannot be stopped. So expressions go to a warm child
process with 200 ms of its processor for each and little memory; what is over that is ended, named and not tried again for a while.
There are two children, and who has had much of one waits behind the others: so that nobody waits for somebody else's slow
expression for longer than it may run.
"""

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from app.core import clock
from app.core.fhirpath_children import COUNTED, GONE, ITSELF, LATE, send, warm

SECONDS = 0.2  # of the processor, for one; reading an expression for the first time has its own
FORGET_SECONDS = 600  # an expression that overran is not tried again before
MOST_OVERRUNS = 5  # in one call; what is left then is given up
LONGEST = 10_000
MOST_TRIES = 3  # where a child is gone for no reason of its own
SLOW, BROKEN = "slow", "broken"

__all__ = ["BROKEN", "SLOW", "Ask", "Result", "Variable", "evaluate", "forget", "parse", "warm"]
Steps = tuple[int, ...]


class Variable(msgspec.Struct, frozen=True):
    """at: the item it belongs to, as with Ask."""

    name: str
    expression: str
    at: Steps | None = None


class Ask(msgspec.Struct, frozen=True):
    """One expression. resource: its own, else the call's. at: the item that is %context, as places in `item`, () for an empty one;
    focus: `.` stands there too. variables are worked out before it, each with those before.
    """

    expression: str
    resource: dict[str, Any] | None = None
    at: Steps | None = None
    focus: bool = False
    variables: tuple[Variable, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """values: as JSON has them. problem: slow, broken, or None when all went well; why: the library's words, for who wrote it."""

    values: list[Any] = []
    problem: str | None = None
    why: str = ""


def evaluate(resource: dict[str, Any], asks: Sequence[Ask], variables: dict[str, Any] | None = None, today: str = "") -> list[Result]:
    """Work them out on the resource, in order. Blocks its thread for as long as that may take, never longer."""
    results: dict[int, Result] = {n: _refused(ask) for n, ask in enumerate(asks) if _known_bad(ask)}
    left = [n for n in range(len(asks)) if n not in results]
    overruns = tries = 0
    while left and overruns < MOST_OVERRUNS and tries < MOST_TRIES:
        batch = {"resource": resource, "asks": [asks[n] for n in left], "variables": variables or {}, **_now(today)}
        answers, ended = send(batch, [text for n in left for text in _texts(asks[n])], len(left))
        found = [Result(one.get("values", []), one.get("problem"), one.get("why", "")) for one in answers]
        results |= dict(zip(left, found, strict=False))
        left = left[len(found):]
        tries += ended == GONE
        if left and ended in (ITSELF, LATE):
            overruns += 1
            culprit = left.pop(0)
            results[culprit] = Result(problem=SLOW)
            if ended == ITSELF or not COUNTED:
                _overran[asks[culprit]] = time.monotonic()
    return [results.get(n, Result(problem=SLOW)) for n in range(len(asks))]


def parse(expression: str) -> str | None:
    """What is wrong with how it is written, or None. One that reads well is known from then on, so its first use is no slower."""
    if len(expression) > LONGEST:
        return "too long"
    try:
        return _parsed(expression)
    except TimeoutError:
        return SLOW


@lru_cache(4096)
def _parsed(expression: str) -> str | None:
    """Raises TimeoutError where the machine was too busy: that is nothing to remember of the expression."""
    for _try in range(MOST_TRIES):
        found, ended = send({"parse": expression}, [], 1)
        if found:
            return found[0]["why"] if "problem" in found[0] else None
        if ended == ITSELF:
            return SLOW
    raise TimeoutError


def _now(today: str) -> dict[str, str]:
    """The clinic's day, not the machine's."""
    local = clock.local_now()
    moment = f"{local.isoformat(timespec='seconds')}{clock.offset()}"
    return {"today": today or local.date().isoformat(), "now": moment}


class _Overran(dict):
    """Which expressions overran, and when; the oldest are forgotten first."""

    def __setitem__(self, ask: Ask, at: float) -> None:
        super().__setitem__(_texts(ask), at)
        while len(self) > 1000:
            del self[next(iter(self))]

    def has(self, ask: Ask) -> bool:
        at = self.get(_texts(ask))
        return at is not None and time.monotonic() - at < FORGET_SECONDS


def _texts(ask: Ask) -> tuple[str, ...]:
    return (ask.expression, *(variable.expression for variable in ask.variables))


_overran = _Overran()


def _known_bad(ask: Ask) -> bool:
    return _overran.has(ask) or sum(map(len, _texts(ask))) > LONGEST * 4


def _refused(ask: Ask) -> Result:
    return Result(problem=SLOW) if _overran.has(ask) else Result(problem=BROKEN, why="too long")


def forget() -> None:
    """Give every expression another chance."""
    _overran.clear()


if __name__ == "__main__":
    from app.core.fhirpath_child import serve

    serve()
