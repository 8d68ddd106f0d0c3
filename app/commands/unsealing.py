"""What restoring and verifying share: where a backup lies, the key that opens it, and word of how far it is."""

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from app.commands.environment import Unready


def add_arguments(parser: ArgumentParser, needed: bool = True) -> None:
    parser.add_argument("file", metavar="FILE", nargs=None if needed else "?", help="a backup, or a folder of them (the newest is taken), or sftp://name@machine/folder/yihe-….yihe")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="a text file with the groups of the recovery sheet (default: they are asked for)")


def told(step: str, done: int, of: int) -> None:
    """One line that is written over, at a terminal only."""
    if sys.stderr.isatty():
        from app.clinic.backups import STEPS

        print(f"\r{STEPS[step]:45}{f'{done} / {of}' if of else '':>20}", end="\r", file=sys.stderr)


@contextmanager
def saying() -> Iterator[None]:
    """Why not, in both languages: whoever restores a clinic may have nobody to ask."""
    from app.core.errors import Invalid, Refusal
    from app.core.words import _, speaking

    try:
        yield
    except Refusal as refusal:
        errors = refusal.errors.values() if isinstance(refusal, Invalid) else [(refusal.message, refusal.params)]
        texts = [error if isinstance(error, tuple) else (error, {}) for error in errors]
        lines = []
        for language in ("zh", "en"):
            with speaking(language):
                lines += [_(text, **params) for text, params in texts]
        raise Unready("\n".join(lines)) from None


def find(args: Namespace):
    """The place a backup lies in, and its name there."""
    from app.clinic import backups

    if args.file.startswith("sftp://"):
        return _far_away(args)
    path = Path(args.file)
    if path.is_dir():
        place = backups.found(path.absolute())
        return place, max((name for name in place.names() if name.endswith(".yihe")), default=None) or _none(path)
    if not path.is_file():
        raise Unready(f"There is no file {path} · 没有这个文件", 2)
    return backups.found(path.absolute().parent), path.name


def _none(path: Path) -> NoReturn:
    raise Unready(f"There is no backup in {path} · 这个文件夹里没有备份", 2)


def _far_away(args: Namespace):
    """Known from before by the data folder; otherwise its key is shown, and its password asked for."""
    from app.clinic import backups
    from app.core import servers
    from app.core.sftp import shown_key

    address, _slash, name = args.file.rpartition("/")
    server = servers.parse(address)
    access = servers.kept(args.data / "keys", server)
    if access is None:
        shown = shown_key(server)
        print(f"{server.host}: {servers.fingerprint(shown)}")
        if not sys.stdin.isatty() or input("Is this its key? 密钥一致吗？ [y/N] ").strip().lower() != "y":
            raise Unready("Only a machine whose key you have compared is asked for a backup.", 2)
        access = servers.Access(shown, getpass.getpass(f"{server.user}@{server.host}: "))
    return backups.sftp_place(server, access), name


def key(args: Namespace, place, name: str) -> bytes:
    """From the file that was named, from the data folder where it fits, or typed from the sheet until it does."""
    from app.clinic import backups
    from app.core import sealing

    which = sealing.which(place.get(name))
    if args.key_file:
        return _read(_text(args.key_file))
    own = backups.key_path(args.data)
    if own.exists() and sealing.id_of(known := own.read_bytes()) == which:
        return known
    print(f"恢复单 {which.hex()[:8]}：请输入十六组字符 · Recovery sheet {which.hex()[:8]}: type its sixteen groups", file=sys.stderr)
    while sys.stdin.isatty():
        try:
            return _read(input("> "))
        except Unready as mistake:
            print(mistake, file=sys.stderr)
    return _read(sys.stdin.readline())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Unready(f"The key file {path} cannot be read: {problem}", 2) from None


def _read(text: str) -> bytes:
    from app.core import sealing, typable

    with saying():
        return typable.read(text, sealing.KEY)
