"""Make a backup, restore it to try, and compare; the clinic may be at work meanwhile."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands import folder, unsealing
from app.commands.environment import Unready


def add_arguments(parser: ArgumentParser) -> None:
    folder.add_data(parser)
    parser.add_argument("--to", metavar="FOLDER", help="a folder, or sftp://name@machine/folder that was set up before (default: the places chosen in Yihe)")


def run(args: Namespace) -> int:
    folder.existing(args.data)
    with folder.opening(), unsealing.saying():
        for place_id, place in _goals(args):
            proof = _one(args.data, place)
            if place_id and not _noted(args.data, place_id, proof):
                print("A running Yihe does not list this one on its page · 医和正在运行，备份页上不列出这一份")
    return 0


def _goals(args: Namespace):
    """The places, and their ids where Yihe knows them."""
    from app.clinic import backups
    from app.core import clock, settings
    from app.core.db import Database

    db = Database(args.data / "clinic.db")
    try:
        clock.use_zone(settings.get(db, "time_zone", clock.DEFAULT_ZONE))
        return [(None, backups.chosen(args.data, args.to))] if args.to else backups.goals(db, args.data)
    finally:
        db.close()


def _one(data: Path, place):
    from app.clinic import backups
    from app.core import clock

    try:
        proof = backups.whole(data, place, backups.named(clock.local_now()), unsealing.told)
    finally:
        place.close()
    print(f"{proof.name}: proved. {proof.tables} tables with {proof.rows} rows, {proof.files} files; {proof.kept} backups are kept there. · 核对无误，那里共有 {proof.kept} 份备份")
    return proof


def _noted(data: Path, place_id: int, proof) -> bool:
    """Written down where no Yihe is at work: two who write would be one too many."""
    from app.clinic import backups
    from app.core import migrations
    from app.core.db import Database

    try:
        with folder.held(data):
            db = Database(data / "clinic.db")
            try:
                if migrations.pending(db):  # nor is anything migrated here
                    return False
                backups.note(db, place_id, proof)
            finally:
                db.close()
    except Unready:
        return False
    return True
