"""What the data says about its sources, in the reader's language; the data itself is in English."""

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from app.clinic.catalogue.files import FOLDER
from app.clinic.catalogue.shapes import Indicator
from app.core.words import language

_PROSE = re.compile(r"[a-z]{5,}")  # more than a standard's number


@cache
def _chinese() -> dict[str, str]:
    return msgspec.json.decode((FOLDER / "sources.zh.json").read_bytes(), type=dict[str, str])


def told(text: str) -> str:
    """A source or a note of the catalogue as the reader's language has it; the clinic's own words as they are."""
    return _chinese().get(text, text) if language() == "zh" else text


def faults(indicators: Iterable[Indicator]) -> list[str]:
    said = set()
    for indicator in indicators:
        said |= {range.source for range in indicator.ranges}
        said |= {indicator.critical_source, indicator.plausible_source, indicator.notes}
    missing = {text for text in said if _PROSE.search(text)} - set(_chinese())
    return [f"no Chinese for: {text}" for text in sorted(missing)] + [
        f"Chinese without use: {text}" for text in sorted(set(_chinese()) - said)
    ]
