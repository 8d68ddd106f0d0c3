"""The data folder: named on the command line, and used by one Yihe at a time."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from app.commands.environment import ROOT, Unready
from app.core.alone import Taken, alone

LOCK = "clinic.lock"  # a file of its own: opening clinic.db beside SQLite would drop SQLite's locks
OTHERS = 0o077  # what whoever else has an account on this machine might do


def add_data(parser: ArgumentParser, default: Path = ROOT / "data") -> None:
    parser.add_argument("--data", type=Path, default=default, metavar="DIR",
                        help=f"the folder that holds the clinic (default: {default.relative_to(ROOT)})")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other Yihes off the folder, and other people of this machine; the system lets go of it however we end."""
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(OTHERS))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            stack.enter_context(alone(folder / LOCK))
        except Taken:
            raise Unready(f"Another Yihe is using {folder}. Stop it first (Ctrl-C where it runs), "
                          "or name another folder with --data. · "
                          "另一个医和正在用这个文件夹：请先在它的窗口里按 Ctrl-C 停止，或用 --data 指定别的文件夹。", 2) from None
        except OSError as problem:
            raise Unready(f"The data folder {folder} cannot be used · 数据文件夹用不了：{problem.strerror or problem}", 2) from None
        _finish(folder)
        _close(folder)
        yield


def _close(folder: Path) -> None:
    """What is there already is ours alone from now on, as what is made anew: a former Yihe, or somebody's copying, may have left it open.

    The folder itself stays as somebody made it: only what is in it is known to be ours.
    """
    names = ("clinic.db", "clinic.db-wal", "clinic.db-shm", "files", "keys", "snapshots", "scratch", "backups", "replication", LOCK)
    for path in (folder / name for name in names):
        with suppress(OSError):  # somebody else's, a stick that knows no owners, or a disk that takes nothing
            if os.name == "posix" and (mode := path.stat().st_mode) & OTHERS:
                path.chmod(mode & 0o7700)


def _finish(folder: Path) -> None:
    """A restore that was killed while it moved things in: everything had been found sound, so it is moved in now."""
    if (folder / "restoring" / "whole").exists():
        from app.clinic import backups

        backups.move_in(folder)


@contextmanager
def opening() -> Iterator[None]:
    """Around what opens the clinic's file: why it cannot be opened, in one line."""
    from app.core.errors import Refusal
    from app.core.migrations import Failed, TooNew
    from app.core.sqlite import sqlite3

    try:
        yield
    except TooNew as ahead:
        raise Unready(f"This clinic was written by a newer Yihe ({', '.join(ahead.args)}). Update Yihe first; "
                      f"or go back: python3 run.py restore DATA/snapshots/before-{ahead.args[0]}.db, the file from before that update. · "
                      "诊所数据由更新版本的医和写成：请先更新医和，或用上面的命令回到更新前的副本。") from None
    except Failed as failure:
        copy = f" A copy from before is {failure.copy}." if failure.copy else ""
        raise Unready(f"The update could not change the clinic's file ({failure.name}: {failure.why}). Nothing was changed: "
                      f"put the former Yihe back and start it, the clinic is as it was.{copy} · "
                      "更新没有成功，数据没有改动：请换回原来的医和再启动，一切照旧。") from None
    except (sqlite3.DatabaseError, Refusal) as problem:
        raise Unready(f"The clinic's file cannot be opened: {str(problem).rstrip('.')}. "
                      "If it is damaged, restore the last backup: python3 run.py restore --help · "
                      "诊所的数据文件打不开。如果是损坏，请按恢复单恢复最近一份备份。") from None


def existing(folder: Path) -> Path:
    """The clinic's file, which must be there."""
    path = folder / "clinic.db"
    if not path.exists():
        raise Unready(f"There is no clinic in {folder}. `python3 run.py` makes one. · 这里没有诊所数据，请核对 --data。", 2)
    return path
