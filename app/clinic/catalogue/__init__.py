"""What can be measured, and what a result means.

Versioned data files say, for every indicator, its names, LOINC code, units, ranges and limits, each
with its source and status; what is unverified is shown and never used. `judge` gives a level only
where it is certain. The clinic may replace limits; `in_force` is the catalogue with those put in,
and what results are judged by. Numbers and sentences come from named sources only.
"""

from app.clinic.catalogue import files, sentences, sources
from app.clinic.catalogue.files import BadCatalogue, categories, indicators, version
from app.clinic.catalogue.own_limits import history, in_force, name_of, override, overrides, restore
from app.clinic.catalogue.rules import applying, judge, judgement, plausible
from app.clinic.catalogue.sentences import advice, sentence
from app.clinic.catalogue.shapes import (
    ADULT, Category, Indicator, Judgement, Level, NewOverride, Override, Range, Reported, Sentence, Unit,
)  # fmt: skip
from app.clinic.catalogue.sources import told
from app.clinic.catalogue.units import (
    NBSP, ends_text, number, plain, quantity, range_text, to_own, unit_of,
)  # fmt: skip
from app.clinic.catalogue.written import read, said, sign

__all__ = [
    "ADULT", "NBSP", "BadCatalogue", "Category", "Indicator", "Judgement", "Level", "NewOverride", "Override", "Range",
    "Reported", "Sentence", "Unit", "advice", "applying", "categories", "check", "ends_text", "history",
    "in_force", "indicators", "judge", "judgement", "name_of", "number", "override", "overrides", "plain", "plausible",
    "quantity", "range_text", "read", "restore", "said", "sentence", "sign", "to_own", "to_unit", "told", "unit_of", "version",
]  # fmt: skip


def check() -> list[str]:
    """Everything wrong with the shipped data, one line each, for the check command."""
    try:
        return files.faults(files.load()) + sentences.faults() + sources.faults(indicators().values())
    except (BadCatalogue, ValueError) as bad:
        return [str(bad)]


def to_unit(code: str, value: float, from_unit: str | None) -> float | None:
    """A value in the catalogue's unit; None where the unit is not one of the indicator's."""
    unit = unit_of(indicators()[code], from_unit)
    return None if unit is None else to_own(value, unit)
