"""Seven days, four weeks, twelve months."""

from datetime import datetime, timedelta
from pathlib import Path

from app.clinic.backups import pruning
from app.clinic.backups.making import outside
from app.clinic.backups.packing import pack
from app.clinic.backups.pruning import keep, prune
from app.clinic.backups.shapes import Manifest, named
from app.core.places import FolderPlace
from app.core.sealing import seal

KEY = bytes(32)
LAST = datetime(2026, 11, 22, 2, 0)


def lived_through(days: int) -> list[datetime]:
    """A backup each night, cleared after each."""
    there: set[datetime] = set()
    for day in reversed(range(days)):
        there = keep(there | {LAST - timedelta(days=day)})
    return sorted(there, reverse=True)


def test_two_years_of_nights_leave_what_was_promised() -> None:
    there = lived_through(730)
    assert there[:7] == [LAST - timedelta(days=day) for day in range(7)]
    assert {at.isocalendar()[:2] for at in there[:10]} >= {(LAST - timedelta(weeks=week)).isocalendar()[:2] for week in range(4)}
    assert len({(at.year, at.month) for at in there}) == 12
    assert len(there) <= 7 + 4 + 12


def test_a_closed_month_costs_nothing() -> None:
    before = lived_through(40)
    later = LAST + timedelta(days=45)
    assert len(keep({*before, later}) & set(before[:6])) == 6


def test_several_of_one_day_leave_the_newest() -> None:
    noon = LAST + timedelta(hours=10)
    assert keep({LAST, noon}) == {noon}


def put(place: FolderPlace, folder: Path, at: datetime, *files: str) -> str:
    file = folder / "clinic.db"
    file.write_bytes(b"x")
    manifest = Manifest("", [], {}, dict.fromkeys(files, 1), [])
    place.put(named(at), seal(KEY, pack(manifest, file, {})))
    for hash in files:
        place.put(outside(KEY, hash), seal(KEY, [b"x"]))
    return named(at)


def test_files_go_with_the_last_backup_that_names_them(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "place")
    place.prepare()
    old, shared, new = "1" * 64, "2" * 64, "3" * 64
    put(place, tmp_path, LAST, old, shared)
    name = put(place, tmp_path, LAST + timedelta(hours=1), shared, new)
    assert prune(place, KEY, name, lambda *_: None) == 1
    assert list(place.names()) == [name]
    there = pruning.everything_in(place)
    assert outside(KEY, old) not in there and {outside(KEY, shared), outside(KEY, new)} == set(there)


def test_a_clock_that_was_set_back_clears_nothing(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "place")
    place.prepare()
    for hour in range(3):
        put(place, tmp_path, LAST + timedelta(hours=hour))
    name = put(place, tmp_path, datetime(1970, 1, 1))
    prune(place, KEY, name, lambda *_: None)
    assert len(place.names()) == 4
