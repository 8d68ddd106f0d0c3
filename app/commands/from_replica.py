"""What `restore --from-replica` does: the record as it was at a moment, and what stands beside it, into a folder."""

from argparse import ArgumentTypeError, Namespace
from contextlib import closing, nullcontext
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from app.commands import environment, folder, replicate, unsealing
from app.commands.environment import Unready


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a time like 2026-11-22T09:30 (or with +08:00)") from None


def run(args: Namespace) -> int:
    from app.clinic import backups
    from app.core import clock, migrations, replicas

    at = args.at if not args.at or args.at.tzinfo else args.at.replace(tzinfo=ZoneInfo(clock.DEFAULT_ZONE))
    with folder.held(args.data), unsealing.saying():
        target = replicas.parse(args.from_replica)
        secrets = known_secrets(args, target)
        replicas.ready(lambda: environment.install([environment.REPLICATION_LOCK]))
        place = replicas.place_beside(target, secrets)
        with closing(place) if place else nullcontext():
            key = unsealing.key(args, place, backups.BESIDE) if place and backups.BESIDE in place.names() else None
            known = [path.stem for path in migrations.FOLDER.glob("[0-9]*.sql")]
            bring = partial(replicas.restore, target, secrets, at=at)
            beside, aside = backups.restore_followed(args.data, bring, place, key, known, unsealing.told, aside=args.aside)
    print(f"恢复完成 · Restored into {args.data}: the record, {len(beside.files)} files, {len(beside.keys)} keys.")
    if key is None:
        print("附件和密钥不在其中，请从加密备份取回 · Its files and keys were not there: they are in the encrypted backups.")
    if aside:
        print(f"原有内容保留在 · What was there is kept in {aside}.")
    print("请启动医和，像以前一样登录 · Start it and sign in as before: python3 run.py --lan")
    return 0


def known_secrets(args: Namespace, target):
    """Those this folder knows, or those that are given now."""
    from app.core import replicas

    try:
        return replicas.kept_secrets(args.data / "keys", target)
    except replicas.Unfit:
        return replicate.ask(target, args)


def needs_one(args: Namespace) -> None:
    if bool(args.file) == bool(args.from_replica):
        raise Unready("Name a backup, or --from-replica ADDRESS.", 2)
    if args.at and not args.from_replica:
        raise Unready("--at goes with --from-replica; a backup is of its own moment.", 2)
