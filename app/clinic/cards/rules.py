"""Card numbers and validity: same input, same answer."""

from calendar import monthrange
from datetime import date, timedelta


def number_of(card_id: int) -> str:
    """8, the card's id in six digits, a Luhn check digit: a mistyped digit finds nobody instead of somebody else."""
    body = f"8{card_id:06d}"
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
