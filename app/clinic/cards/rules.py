"""Card numbers, validity and what an upgrade costs: same input, same answer."""

from calendar import monthrange
from datetime import date, timedelta


def number_of(serial: int) -> str:
    """8, the number's serial in six digits, a Luhn check digit: a mistyped digit finds nobody instead of somebody else."""
    body = f"8{serial:06d}"
    return body + luhn(body)


def luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def last_day(opened: date, months: int | None) -> date | None:
    """The last day a card opened then is good; the 31st becomes the month's last day."""
    if months is None:
        return None
    year, month = divmod(opened.year * 12 + opened.month - 1 + months, 12)
    day = min(opened.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def next_start(valid_until: date, today: date) -> date:
    """A renewal begins when the card ends, or today where it has ended already."""
    return max(valid_until + timedelta(days=1), today)


def upgraded_until(starts_on: date, months: int | None, valid_until: date | None) -> date | None:
    """What was paid counts, so the validity runs from the old beginning; it never becomes shorter."""
    until = last_day(starts_on, months)
    return None if until is None or valid_until is None else max(until, valid_until)


def longer_by(valid_until: date | None, suspended_on: date, today: date) -> date | None:
    """The end of a card that was suspended, with the days it was not usable added."""
    return valid_until and valid_until + (today - suspended_on)


def credited(old_fen: int, new_fen: int) -> int:
    """How much of the old price counts: all of it, but nobody is paid for upgrading."""
    return min(old_fen, new_fen)
