"""Restore a backup (or a replica, or the file from before an update) into a folder: onto an empty machine, or beside a clinic that is moved aside and kept."""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

from app.commands import folder, from_replica, replicate, unsealing
from app.commands.environment import Unready


def add_arguments(parser: ArgumentParser) -> None:
    unsealing.add_arguments(parser, needed=False)
    folder.add_data(parser)
    parser.add_argument("--from-replica", metavar="ADDRESS", help="instead of a backup: where `run.py replicate` sent every change")
    parser.add_argument("--at", type=from_replica.moment, metavar="TIME", help="with --from-replica, as it was then: 2026-11-22T09:30, the clinic's time (default: the last there is)")
    replicate.add_secrets(parser)
    parser.add_argument("--aside", action="store_true", help="move what is in the folder aside first, and keep it")


def run(args: Namespace) -> int:
    """Nothing in the folder changes until everything has been brought and found sound."""
    from_replica.needs_one(args)
    if args.from_replica:
        return from_replica.run(args)
    if args.file.endswith(".db"):
        return from_snapshot(args)

    from app.clinic import backups
    from app.core import migrations

    with folder.held(args.data), unsealing.saying():
        place, name = unsealing.find(args)
        with closing(place):
            key = unsealing.key(args, place, name)
            known = [path.stem for path in migrations.FOLDER.glob("[0-9]*.sql")]
            manifest, aside = backups.restore(args.data, place, key, name, known, unsealing.told, aside=args.aside)
    print(f"恢复完成 · Restored into {args.data}: {manifest.rows} rows, {len(manifest.files)} files, as of {manifest.made_at}.")
    if aside:
        print(f"原有内容保留在 · What was there is kept in {aside}.")
    print("请启动医和，像以前一样登录 · Start it and sign in as before: python3 run.py --lan")
    return 0


def from_snapshot(args: Namespace) -> int:
    """One of data/snapshots, which stand beside what they belong to."""
    from app.core import clock, going_back

    copy = Path(args.file)
    if not copy.is_file():
        raise Unready(f"There is no file {copy}.", 2)
    with folder.held(args.data), unsealing.saying():
        aside = going_back.put_back(args.data, copy, f"{clock.local_now():%Y%m%d-%H%M%S}")
    print(f"已回到 · Back to {copy.name}. 原来的文件保留在 · The file it replaces is kept in {aside}.")
    return 0
