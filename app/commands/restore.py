"""Restore a backup into a folder: onto an empty machine, or beside a clinic that is moved aside and kept."""

from argparse import ArgumentParser, Namespace
from contextlib import closing

from app.commands import folder, from_replica, replicate, unsealing


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
