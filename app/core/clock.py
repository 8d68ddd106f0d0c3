"""The clinic's clock: UTC for what the machine did, wall time for what people say.

Events carry UTC (`2026-11-21T22:15:51.123Z`). Everything clinical carries the clinic's wall
time as text: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM` where the hour is known.
"""

import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"

_zone = ZoneInfo(DEFAULT_ZONE)
_stopped: datetime | None = None
_lock = threading.Lock()


def use_zone(name: str) -> None:
    """Set the clinic's time zone by its IANA name."""
    global _zone
    _zone = ZoneInfo(name)


def now() -> datetime:
    return _stopped or datetime.now(UTC)


def local_now() -> datetime:
    """The clinic's wall time, without a zone."""
    return now().astimezone(_zone).replace(tzinfo=None)


def today() -> date:
    return local_now().date()


def stamp(at: datetime | None = None) -> str:
    """UTC as events store it, to the millisecond."""
    at = at or now()
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def wall(at: datetime | None = None) -> str:
    """Wall time as clinical rows store it, to the minute."""
    return (at or local_now()).strftime("%Y-%m-%dT%H:%M")


def to_local(utc: str) -> datetime:
    """An event's stamp as the clinic's wall time."""
    return datetime.fromisoformat(utc).astimezone(_zone).replace(tzinfo=None)


def start_of(day: date) -> str:
    """The first moment of the clinic's day, as a stamp."""
    return stamp(datetime.combine(day, time.min, _zone))


def offset() -> str:
    """How far the clinic's wall time is from UTC today: +08:00."""
    text = now().astimezone(_zone).strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def brief(day: str) -> str:
    """A day for narrow places: 11-05 this year, 2025-11 before."""
    return day[5:10] if day[:4] == str(today().year) else day[:7]


def day_before(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


@contextmanager
def stop(at: datetime):
    """Stop the clock at an aware time, for tests."""
    global _stopped
    with _lock:
        before, _stopped = _stopped, at
    try:
        yield
    finally:
        _stopped = before
