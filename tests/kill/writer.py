"""Writes facts and files of a clinic one after the other and says in `acks` which are safe, as an answer to a tablet would.

    writer.py FOLDER HOW-MANY full|normal       the last is SQLite's `synchronous`
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from app.clinic import observations, patients  # noqa: E402
from app.clinic.observations import NewValue  # noqa: E402
from app.core import clock  # noqa: E402
from app.core.access import Actor, Role  # noqa: E402
from app.core.files import Files  # noqa: E402
from app.main import open_clinic  # noqa: E402

NURSE = Actor(3, "周岚", Role.NURSE, "zh")
PAGES = 60  # of the log before it is folded into the file: often, so that the plug is pulled there too


def main(folder: Path, many: int, synchronous: str) -> None:
    db, files = open_clinic(folder), Files(folder / "files")
    db.writer.execute(f"PRAGMA wal_autocheckpoint = {PAGES}")
    db.writer.execute(f"PRAGMA synchronous = {synchronous}")
    person = patients.get(db, 1)
    acks = os.open(folder / "acks", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for n in range(many):
        token = f"cut-{n}"
        observations.record(db, NURSE, person, clock.wall(), [NewValue("SBP", 110 + n % 60)], token)
        os.write(acks, f"{token}\n".encode())
        if n % 5 == 0:
            os.write(acks, f"{files.put(token.encode() * 900)}\n".encode())
    os._exit(0)  # as a machine ends: nothing is folded or closed


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
