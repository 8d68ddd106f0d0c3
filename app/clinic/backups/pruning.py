"""Which backups stay: the newest of seven days, four weeks and twelve months that have one."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from app.clinic.backups.making import everything_in, outside
from app.clinic.backups.packing import read_manifest
from app.clinic.backups.shapes import made
from app.clinic.backups.working import Told
from app.core.places import Place
from app.core.sealing import unseal

DAILY, WEEKLY, MONTHLY = 7, 4, 12
PERIODS: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
    (DAILY, lambda at: at.date()), (WEEKLY, lambda at: at.isocalendar()[:2]), (MONTHLY, lambda at: (at.year, at.month)),
)


def keep(backups: Iterable[datetime]) -> set[datetime]:
    """Periods without a backup do not count: after a month of being shut the last seven days that have one still stay."""
    newest_first = sorted(backups, reverse=True)
    kept: set[datetime] = set()
    for most, period in PERIODS:
        newest_of: dict[Hashable, datetime] = {}
        for at in newest_first:
            newest_of.setdefault(period(at), at)
        kept |= set(sorted(newest_of.values(), reverse=True)[:most])
    return kept


def prune(place: Place, key: bytes, name: str, told: Told) -> int:
    """Drop what need not stay, after the backup `name` was proved; how many stay.

    Nothing goes by a clock that was set back: then the newest is not the one that was made last.
    """
    there = {at: found for found in place.names() if (at := made(found))}
    if not there or there[max(there)] != name:
        return len(there)
    old = sorted(set(there) - keep(there))
    for done, at in enumerate(old):
        told("clearing", done, len(old))
        place.drop(there.pop(at))
    if old:
        drop_files(place, key, list(there.values()))
    return len(there)


def drop_files(place: Place, key: bytes, names: list[str]) -> None:
    """Files that no backup names any more; a backup that cannot be read keeps all of them."""
    wanted = {outside(key, hash) for name in names for hash in read_manifest(unseal(key, place.get(name))).files}
    for name in everything_in(place):
        if name not in wanted:
            place.drop(name)
