"""Why an item stands: the day of its evidence, and the evidence as it is read."""

import re
from datetime import date
from typing import Any

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")


def newest_day(evidence: Any) -> date | None:
    """The newest day named anywhere in it; None where nothing in it has an age."""
    return max(_days(evidence), default=None)


def _days(evidence: Any) -> list[date]:
    if isinstance(evidence, dict):
        return [day for value in evidence.values() for day in _days(value)]
    if isinstance(evidence, list):
        return [day for value in evidence for day in _days(value)]
    return [date.fromisoformat(evidence[:10])] if isinstance(evidence, str) and _DAY.fullmatch(evidence) else []
