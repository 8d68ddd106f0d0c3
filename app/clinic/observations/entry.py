"""What somebody typed into an entry form: understood, or said why not. Nothing is written here."""

import msgspec

from app.clinic.catalogue import Indicator, indicators, plain, plausible, read, to_own, unit_of
from app.clinic.observations.shapes import NewValue
from app.core.words import N_

NOT_A_NUMBER = N_("Please enter a number.")
IMPOSSIBLE = N_("This cannot be: the possible values are %(limits)s.")
UNUSUAL = N_("Unusual (commonly %(limits)s). If it is right, save once more.")
UNKNOWN_UNIT = N_("This unit is not known for this indicator.")
CROSSED = N_("The lower pressure must be below the upper one.")

VITALS = ("SBP", "DBP", "HR", "TEMP", "RR", "SPO2", "HEIGHT", "WEIGHT", "WAIST")


class Typed(msgspec.Struct, frozen=True):
    """One field as it stands in the form. unit: blank for the catalogue's own."""

    code: str
    text: str
    unit: str = ""

    @property
    def key(self) -> str:
        """What a second tap confirms: this very value."""
        return f"{self.code}={self.text}{self.unit}"


class Entry(msgspec.Struct, frozen=True):
    """errors: code → (message id, params). unsure: keys of unusual values, to be sent back to confirm them."""

    values: list[NewValue]
    errors: dict[str, tuple[str, dict]]
    unsure: list[str]


def understand(fields: list[Typed], sure: frozenset[str] = frozenset()) -> Entry:
    """sure: the keys of unusual values that were confirmed."""
    entry = Entry([], {}, [])
    for typed in fields:
        if typed.text.strip():
            _take(entry, typed, sure)
    numbers = {value.code: value.value for value in entry.values}
    if "SBP" in numbers and "DBP" in numbers and numbers["DBP"] >= numbers["SBP"]:
        entry.errors["DBP"] = (CROSSED, {})
    return entry


def _take(entry: Entry, typed: Typed, sure: frozenset[str]) -> None:
    indicator, reported = indicators()[typed.code], read(typed.text)
    unit = unit_of(indicator, typed.unit)
    if unit is None:
        entry.errors[typed.code] = (UNKNOWN_UNIT, {})
    elif reported.value is None and _wants_number(indicator):
        entry.errors[typed.code] = (NOT_A_NUMBER, {})
    else:
        doubt = reported.value is not None and plausible(indicator, to_own(reported.value, unit))
        if doubt == "hard":
            entry.errors[typed.code] = (IMPOSSIBLE, {"limits": _limits(indicator, indicator.hard)})
        elif doubt == "soft" and typed.key not in sure:
            entry.errors[typed.code] = (UNUSUAL, {"limits": _limits(indicator, indicator.soft)})
            entry.unsure.append(typed.key)
        else:
            entry.values.append(
                NewValue(typed.code, reported.value, reported.comparator, reported.text, typed.unit or None, typed.text)
            )


def _wants_number(indicator: Indicator) -> bool:
    return bool(indicator.printed or indicator.ranges) and not indicator.in_words


def _limits(indicator: Indicator, limits: tuple[float | None, float | None]) -> str:
    low, high = limits
    unit = f"\u00a0{indicator.printed}" if indicator.printed else ""
    if high is None:
        return f"≥{plain(low)}{unit}"
    return f"{plain(low or 0)}–{plain(high)}{unit}"
