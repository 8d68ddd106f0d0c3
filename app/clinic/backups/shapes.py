"""What a backup says of itself, and what is known of one."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from app.core import clock
from app.core.forms import Field
from app.core.words import N_, _

FORMAT = 1
SUFFIX = ".yihe"
Kind = Literal["own", "folder", "sftp"]


class Manifest(msgspec.Struct, frozen=True):
    """made_at: wall time. tables: rows and digest of each, as they were in the clinic's file. files: hash and size of all that is kept beside it.

    head: the last event and its link, by which the audit of that time can be known in a later file.
    """

    made_at: str
    migrations: list[str]
    tables: dict[str, tuple[int, str]]
    files: dict[str, int]
    keys: list[str]
    format: int = FORMAT
    head: tuple[int, str] | None = None

    @property
    def rows(self) -> int:
        return sum(rows for rows, _digest in self.tables.values())


class Proof(msgspec.Struct, frozen=True):
    """What a backup showed when it was restored. read: files that were read back whole this time. pages: of the report that was opened.

    kept: backups that lie there now. parted: the backup before it, where that one's audit does not go on in this one; else blank.
    """

    name: str
    size: int
    tables: int
    rows: int
    files: int
    read: int
    pages: int
    kept: int = 1
    parted: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A place backups go to. at: the folder, or for a machine on the network JSON without a secret."""

    id: int
    kind: Kind
    at: str
    since: str | None

    @property
    def told(self) -> str:
        if self.kind == "own":
            return _("This machine's own disk")
        if self.kind == "folder":
            return self.at
        at = msgspec.json.decode(self.at)
        return f"{at['user']}@{at['host']}:{at['folder']}"


class Run(msgspec.Struct, frozen=True):
    """One backup to one place: wanted, then proved, failed or cancelled. why: the id of what it waits for or failed by, with its values."""

    id: int
    place_id: int
    wanted_at: str
    by: str | None
    not_before: str | None
    tries: int
    why: str
    params: str
    proved_at: str | None
    failed: int
    cancelled: int
    proof: str | None

    @property
    def open(self) -> bool:
        return not (self.proved_at or self.failed or self.cancelled)

    @property
    def proven(self) -> Proof | None:
        return msgspec.json.decode(self.proof, type=Proof) if self.proof else None

    @property
    def why_told(self) -> str:
        return _(self.why, **msgspec.json.decode(self.params)) if self.why else ""


class Far(msgspec.Struct, frozen=True):
    """How far a run is; of: 0 where that is not known."""

    step: str
    done: int = 0
    of: int = 0

    @property
    def told(self) -> str:
        return _(STEPS[self.step])


STEPS = {
    "copying": N_("Copying the clinic's file"), "files": N_("Putting photos, recordings and reports away"), "putting": N_("Putting the backup away"),
    "restoring": N_("Restoring it to try"), "comparing": N_("Comparing every table"), "reading": N_("Reading files back"), "clearing": N_("Clearing old ones away"),
}  # fmt: skip


class NewFolder(msgspec.Struct, frozen=True):
    at: Annotated[str, Field(most=300)]


class NewMachine(msgspec.Struct, frozen=True):
    """host_key: what it showed when it was looked at; no other is accepted. One of password and key, an OpenSSH private key."""

    address: Annotated[str, Field(most=300)]
    host_key: Annotated[str, Field(most=2000)]
    password: Annotated[str, Field(most=200)] = ""
    key: Annotated[str, Field(most=10_000)] = ""


def named(at: datetime) -> str:
    return f"yihe-{at:%Y%m%d-%H%M%S}{SUFFIX}"


def made(name: str) -> datetime | None:
    """The wall time in a backup's name; None for anything else."""
    try:
        return datetime.strptime(name, f"yihe-%Y%m%d-%H%M%S{SUFFIX}")
    except ValueError:
        return None


def age_hours(stamp: str) -> float:
    return (clock.now() - datetime.fromisoformat(stamp)).total_seconds() / 3600
