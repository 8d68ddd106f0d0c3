"""The clinic's clock: UTC for what the machine did, wall time for what people say.

Events carry UTC (`2026-11-21T22:15:51.123Z`). Everything clinical carries the clinic's wall
time as text: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM` where the hour is known.

A box with an empty battery wakes up in 1970, and somebody may set it years ahead. Such a clock is not believed: time goes on
evenly from the last entry, or from what the clock said while it was believed. So nothing expires, is thrown away or becomes
overdue by it, and sessions end when they would have. Whoever runs the house is told (`doubted`) until it is put right.
"""

import threading
import time as even
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right says less to this Yihe
BEHIND = timedelta(hours=1)  # time does not run back: a clock that does so further than it is ever corrected by is wrong
AHEAD = timedelta(days=180)  # longer than a clinic is closed, shorter than a year mistyped

_zone = ZoneInfo(DEFAULT_ZONE)
_stopped: datetime | None = None
_believed: tuple[datetime, float] | None = None  # a time that was right, and what the even clock said then
_lock = threading.Lock()


def use_zone(name: str) -> None:
    """Set the clinic's time zone by its IANA name."""
    global _zone
    _zone = ZoneInfo(name)


def machine() -> datetime:
    """What the box's own clock says, right or wrong."""
    return datetime.now(UTC)


def now() -> datetime:
    if _stopped:
        return _stopped
    says = machine()
    if _believed is None:
        return says
    counted = _believed[0] + timedelta(seconds=even.monotonic() - _believed[1])
    return says if counted - BEHIND <= says <= counted + AHEAD else counted


def believe(at: datetime) -> None:
    """It is `at` now: go by the box's clock as long as it agrees, else count on from here."""
    global _believed
    _believed = (at, even.monotonic())


def begin(newest: datetime | None) -> None:
    """At start. newest: when the last entry was written; None in an empty house."""
    least, says = max(newest or RELEASED, RELEASED), machine()
    plausible = least - BEHIND <= says and (newest is None or says <= least + AHEAD)
    believe(says if plausible else least)


def doubted() -> datetime | None:
    """What the box's clock says, while it is not believed."""
    says = machine()
    return says if _stopped is None and abs(now() - says) > timedelta(minutes=1) else None


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


def from_local(wall: datetime) -> datetime:
    """The clinic's wall time as a moment."""
    return wall.replace(tzinfo=_zone).astimezone(UTC)


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
