"""What is plugged in: mounted sticks and disks that can be carried away."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

MOUNTS = Path("/proc/self/mounts")
BLOCKS = Path("/sys/class/block")
CARRIED = ("/media/", "/run/media/", "/mnt/")  # where desktops and their owners mount what comes and goes
_OCTAL = re.compile(r"\\([0-7]{3})")  # blanks and the like
REMOVABLE = 2  # Windows' word for it


class Stick(msgspec.Struct, frozen=True):
    path: str
    name: str
    free: int

    @property
    def free_told(self) -> str:
        return f"{self.free / 1e9:.0f} GB" if self.free >= 1e9 else f"{self.free / 1e6:.0f} MB"


def sticks() -> list[Stick]:
    """Those we may write to, by name."""
    found = {"win32": _windows, "darwin": _apple}.get(sys.platform, _linux)()
    return sorted((one for path in found if (one := _stick(path))), key=lambda one: one.name)


def _stick(path: str) -> Stick | None:
    try:
        return Stick(path, Path(path).name or path, shutil.disk_usage(path).free) if os.access(path, os.W_OK) else None
    except OSError:
        return None


def _linux() -> Iterator[str]:
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        device, point = (_OCTAL.sub(lambda found: chr(int(found[1], 8)), part) for part in line.split(" ")[:2])
        if device.startswith("/dev/") and (point.startswith(CARRIED) or _removable(Path(device).name)):
            yield point


def _removable(device: str) -> bool:
    """The disk says so itself; of a partition its disk is asked."""
    entry = BLOCKS / device
    for place in (entry, entry.resolve().parent):
        try:
            return (place / "removable").read_text().strip() == "1"
        except OSError:
            continue
    return False


def _apple() -> Iterator[str]:
    return (str(path) for path in Path("/Volumes").glob("*") if path.is_mount() and not path.is_symlink())


def _windows() -> Iterator[str]:
    import ctypes

    drives = (f"{letter}:\\" for letter in "DEFGHIJKLMNOPQRSTUVWXYZ")
    return (drive for drive in drives if ctypes.windll.kernel32.GetDriveTypeW(drive) == REMOVABLE)
