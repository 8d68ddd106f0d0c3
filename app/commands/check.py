"""Look the clinic's file over: integrity, foreign keys, migrations, catalogue. Exit 1 on a finding."""

from argparse import ArgumentParser, Namespace

from app.commands import folder


def add_arguments(parser: ArgumentParser) -> None:
    folder.add_data(parser)


def run(args: Namespace) -> int:
    """Reads only, so the clinic may be at work meanwhile."""
    from app.clinic import upkeep
    from app.core.db import Database
    from app.core.errors import Refusal
    from app.core.sqlite import sqlite3

    path = folder.existing(args.data)
    try:
        found = upkeep.findings(Database(path))
    except (sqlite3.DatabaseError, Refusal) as problem:
        found = [f"The file cannot be read: {problem}."]
    for finding in found:
        print(finding)
    print(f"{path}: {len(found)} finding(s) · 发现 {len(found)} 处问题" if found else f"{path}: all is well · 一切正常")
    return 1 if found else 0
