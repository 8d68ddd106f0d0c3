"""Restore a backup to try, compare every table, read every file back; nothing is kept. Exit 1 when it is not what it should be."""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from app.commands import folder, unsealing


def add_arguments(parser: ArgumentParser) -> None:
    unsealing.add_arguments(parser)
    folder.add_data(parser)


def run(args: Namespace) -> int:
    """The data folder is only looked into for the key; a clinic may be at work there."""
    from app.clinic import backups

    with unsealing.saying(), TemporaryDirectory(prefix="yihe-") as scratch:
        place, name = unsealing.find(args)
        with closing(place):
            proof = backups.prove(Path(scratch), place, unsealing.key(args, place, name), name, unsealing.told)
    print(f"{proof.name}: whole. {proof.tables} tables with {proof.rows} rows and {proof.read} files were the same; "
          f"the newest report has {proof.pages} page(s). · 核对无误")
    if proof.parted:
        print(f"Its audit is not the one that {proof.parted} holds: something older was restored in between, or somebody changed it from outside.")
    return 0
