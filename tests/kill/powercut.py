"""What a disk may hold after the plug was pulled: read from the record that powercut.c keeps of every call.

What was synced is there. Of what was not, each write may be there, be gone, or be there in some of its 512-byte sectors;
a new name, a new length, a removal or a renaming may have been kept or not. That is what POSIX promises and no more; a disk that
lies about syncs is beyond anybody's help.
"""

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

SECTOR = 512


class Call(msgspec.Struct, frozen=True):
    what: str
    path: str
    offset: int
    content: bytes


def calls(record: Path) -> list[Call]:
    raw, at, found = record.read_bytes(), 0, []
    while at < len(raw):
        what, length = struct.unpack_from("<cI", raw, at)
        path = raw[at + 5:at + 5 + length].decode()
        offset, size = struct.unpack_from("<QQ", raw, at + 5 + length)
        at += 21 + length
        found.append(Call(what.decode(), path, offset, raw[at:at + size]))
        at += size
    return found


class File:
    """content: what is safe. pending: written or cut since, not synced."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = bytearray(content)
        self.pending: list[Call] = []

    def sync(self) -> None:
        for call in self.pending:
            apply(self.content, call)
        self.pending.clear()

    def after_the_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.content)
        for call in self.pending:
            for part in torn(call, chance):
                apply(content, part)
        return bytes(content)


def apply(content: bytearray, call: Call) -> None:
    if call.what == "T":
        del content[call.offset:]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset:call.offset + len(call.content)] = call.content


def torn(call: Call, chance: random.Random) -> Iterator[Call]:
    fate = chance.choice(("kept", "gone", "torn"))
    if fate == "kept" or (fate == "torn" and call.what == "T"):
        yield call
    elif fate == "torn":
        for at in range(0, len(call.content), SECTOR):
            if chance.random() < 0.5:
                yield Call("W", call.path, call.offset + at, call.content[at:at + SECTOR])


class Disk:
    """Names lead to files; those that were not synced may be as they were before."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self.safe = {path: File(content) for path, content in before.items()}
        self.names = dict(self.safe)

    def take(self, call: Call) -> None:
        if call.what == "C":
            self.names.setdefault(call.path, File())
        elif call.what in "WT":
            self.names[call.path].pending.append(call)
        elif call.what == "S":
            self.names[call.path].sync()
        elif call.what == "R":
            self.names[call.content.decode()] = self.names.pop(call.path)
        elif call.what == "L" and call.path in self.names:
            self.names[call.content.decode()] = self.names[call.path]
        elif call.what == "U":
            self.names.pop(call.path, None)
        elif call.what == "D":
            self._sync_names(call.path)

    def _sync_names(self, folder: str) -> None:
        for path in {*self.safe, *self.names}:
            if path.rpartition("/")[0] == folder:
                self._settle(path)

    def _settle(self, path: str) -> None:
        if path in self.names:
            self.safe[path] = self.names[path]
        else:
            self.safe.pop(path, None)

    def pull_the_plug(self, target: Path, root: str, chance: random.Random) -> None:
        """Lay out below `target` what may be on the disk now; `root` is the folder it was."""
        left = dict(self.safe)
        for path in sorted({*self.safe, *self.names}):
            if self.names.get(path) is not self.safe.get(path) and chance.random() < 0.5:
                left.pop(path, None)
                left |= {path: self.names[path]} if path in self.names else {}
        for path, file in left.items():
            there = target / path.removeprefix(root).lstrip("/")
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(file.after_the_cut(chance))
