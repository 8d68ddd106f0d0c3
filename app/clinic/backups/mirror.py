"""What goes beside a followed record: the files, sealed, and the clinic's keys. And the way back from both.

A replication follows the clinic's file alone. Photos, papers and recordings are kept beside it as backups keep them, sealed with
the key of the recovery sheet; so are the keys without which another machine would not be this clinic's to its tablets.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from app.clinic.backups.digests import migrations
from app.clinic.backups.making import FILES, KEY, kept_files, outside, put_files, read_keys, reader
from app.clinic.backups.packing import FILE
from app.clinic.backups.restoring import begin, bring_files, settle
from app.clinic.backups.working import Told
from app.core import secret_files
from app.core.errors import NotFound, Refusal
from app.core.files import Files
from app.core.places import Place
from app.core.sealing import seal, unseal
from app.core.words import N_

BESIDE = "beside.yihe"
OF_ITS_MOMENT = "chain"  # keys that say how far the record is: of no use with an earlier one


class Beside(msgspec.Struct, frozen=True):
    """files: every one by its hash, with its size."""

    files: dict[str, int]
    keys: dict[str, bytes]


def carry(data: Path, place: Place, key: bytes, before: Beside | None) -> Beside:
    """Put what has come since `before`, which this returned last; nothing of the other machine is asked where nothing has come."""
    keys = {name: content for name, content in read_keys(data).items() if not name.startswith(OF_ITS_MOMENT)}
    now = Beside(kept_files(data), keys)
    if now == before:
        return now
    if before is None or now.files != before.files:
        put_files(data, place, key, now.files, _unheard)
    place.put(BESIDE, seal(key, [msgspec.json.encode(now)]))
    return now


def restore_followed(
    data: Path, bring: Callable[[Path], None], place: Place | None, key: bytes | None, known: Iterable[str], told: Told, aside: bool = False
) -> tuple[Beside, Path | None]:
    """The record by `bring(path)`, and what stands beside it; what came along, and where the former clinic stands now.

    The folder is the caller's. place, key: None where there is nothing beside the record, or nobody has the sheet.
    """
    half = begin(data, aside)
    bring(half / FILE)
    with closing(reader(half / FILE)) as restored:
        if set(migrations(restored)) - set(known):
            raise Refusal(N_("This backup was made by a newer Yihe. Update Yihe first."))
    for left in (f"{FILE}-wal", f"{FILE}-shm"):
        (half / left).unlink(missing_ok=True)
    beside = _bring_beside(half, place, key, told) if place and key else Beside({}, {})
    return beside, settle(data)


def _bring_beside(half: Path, place: Place, key: bytes, told: Told) -> Beside:
    try:
        beside = msgspec.json.decode(b"".join(unseal(key, place.get(BESIDE))), type=Beside)
    except NotFound:
        return Beside({}, {})
    for name, content in (beside.keys | {KEY: key}).items():
        secret_files.write(half / "keys" / Path(name).name, content)
    bring_files(Files(half / FILES), place, key, beside.files, told)
    return beside


def _unheard(_step: str, _done: int, _of: int) -> None:
    """Nobody waits for it."""
