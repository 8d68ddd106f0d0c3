"""Have every change sent somewhere else as it is made: a folder, another machine (SFTP) or an S3-compatible store."""

import getpass
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands import environment, folder, unsealing
from app.commands.environment import Unready


def add_arguments(parser: ArgumentParser) -> None:
    folder.add_data(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", metavar="ADDRESS", help="a folder, sftp://name@machine/folder or s3://bucket/path[?endpoint=https://…&region=…]; secrets are asked for")
    what.add_argument("--off", action="store_true", help="stop it; what was sent stays where it is")
    add_secrets(parser)


def add_secrets(parser: ArgumentParser) -> None:
    parser.add_argument("--ssh-key", type=Path, metavar="FILE", help="for sftp, a private key instead of a password")
    parser.add_argument("--trust", metavar="SHA256:…", help="for sftp, the fingerprint of the machine's key (default: it is shown and asked about)")


def run(args: Namespace) -> int:
    """Without --to or --off: say where it goes. It takes effect when Yihe is started."""
    from app.core import following, settings
    from app.core.db import Database

    path = folder.existing(args.data)
    with unsealing.saying():
        if args.to:
            to = set_up(args)
        elif args.off:
            to = ""
        else:
            with folder.opening():
                print(settings.get(Database(path), following.SETTING) or "Nothing is sent anywhere. · 没有开启连续备份")
            return 0
        with folder.held(args.data), folder.opening():
            note(args.data, to)
    print(f"From its next start on, every change goes to {to} as it is made · 下次启动后，每次改动都会传到那里：python3 run.py --lan" if to else "Nothing is sent any more. · 连续备份已关闭")
    return 0


def note(data: Path, to: str) -> None:
    """In the clinic's file, and beside it that this is the machine which was meant."""
    from app.core import following, secret_files, settings
    from app.main import open_clinic

    secret_files.write(data / following.HERE, to.encode())
    db = open_clinic(data)
    try:
        settings.put(db, None, **{following.SETTING: to})
    finally:
        db.close()


def set_up(args: Namespace) -> str:
    """Reach it, write there, and keep what lets us in; its address."""
    from app.core import replicas

    target = replicas.parse(args.to)
    replicas.fit()
    secrets = ask(target, args)
    replicas.ready(lambda: environment.install([environment.REPLICATION_LOCK]))
    if place := replicas.place_beside(target, secrets):
        try:
            place.prepare()
        finally:
            place.close()
    replicas.keep_secrets(args.data / "keys", target, secrets)
    return str(target)


def ask(target, args: Namespace):
    """What lets us in, from the terminal or its standard input, never from the command line."""
    from app.core import replicas
    from app.core.servers import Server

    if isinstance(target, replicas.Folder):
        return None
    if isinstance(target, Server):
        return for_machine(target, args)
    return replicas.BucketAccess(secret(f"{target.name}, access key id: "), secret("secret access key: "))


def for_machine(server, args: Namespace):
    from app.core import servers
    from app.core.sftp import shown_key, usable_key

    shown = shown_key(server)
    fingerprint = servers.fingerprint(shown)
    if args.trust:
        agreed = args.trust == fingerprint
    else:
        print(f"{server.host}: {fingerprint}")
        agreed = sys.stdin.isatty() and input("Is this its key? 密钥一致吗？ [y/N] ").strip().lower() == "y"
    if not agreed:
        raise Unready(f"{server.host} shows {fingerprint}. Only a machine whose key you have compared is let near the record.", 2)
    if args.ssh_key:
        return servers.Access(shown, key=usable_key(read_key(args.ssh_key)))
    return servers.Access(shown, password=secret(f"{server.user}@{server.host}: "))


def read_key(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as problem:
        raise Unready(f"The key {path} cannot be read: {problem}", 2) from None


def secret(question: str) -> str:
    given = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not given:
        raise Unready("Nothing was given.", 2)
    return given
