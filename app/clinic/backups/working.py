"""Where a run works: a folder of its own in the clinic's, one run at a time, and word of how far it is."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from app.core.alone import Taken, alone
from app.core.errors import Refusal
from app.core.words import N_

PREFIX = "backup-"
SPARE = 200 * 2**20  # of the clinic's disk, which a backup leaves free

Told = Callable[[str, int, int], None]  # (step, done, of); raises to end the run


@contextmanager
def working(data: Path, needs: int = 0) -> Iterator[Path]:
    """A folder that is gone afterwards. What a killed run left is removed first. Raises Refusal where `needs` bytes do not fit."""
    scratch = data / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with alone(scratch / "backup.lock"):
            for left in scratch.glob(f"{PREFIX}*"):
                shutil.rmtree(left, ignore_errors=True)
            if shutil.disk_usage(scratch).free < needs + SPARE:
                raise Refusal(N_("This machine's disk has no room to make a backup and try it: %(n)s MB must be free."), n=(needs + SPARE) >> 20)
            folder = Path(mkdtemp(prefix=PREFIX, dir=scratch))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Taken:
        raise Refusal(N_("Another backup is being made of this clinic.")) from None


def watched(pieces: Iterable[bytes], told: Told, step: str, of: int) -> Iterator[bytes]:
    """The pieces, with word of how many megabytes have gone by."""
    done = 0
    for piece in pieces:
        told(step, done >> 20, of >> 20)
        done += len(piece)
        yield piece
