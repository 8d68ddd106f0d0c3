"""Files beside the database, kept under the hash of their content.

A name given by somebody never becomes a path. A file is safely on the disk, its folder's entry too, before
anybody may write a row that names it; a row without its file cannot happen, a file without a row is harmless.
"""

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

_HASH = re.compile(r"[0-9a-f]{64}")


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hash. The same content is stored once."""
        name = sha256(content).hexdigest()
        target = self._path(name)
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.parent / f"{uuid4().hex}.part"
        try:
            with unfinished.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        for folder in (target.parent, self.folder):
            _keep_entry(folder)
        return name

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError, also for what is no hash."""
        return self._path(name).read_bytes()

    def _path(self, name: str) -> Path:
        if not _HASH.fullmatch(name):
            raise FileNotFoundError("not the hash of a file")
        return self.folder / name[:2] / name


def _keep_entry(folder: Path) -> None:
    """Make a new entry outlast a power cut; Windows keeps entries by itself and opens no folders."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
