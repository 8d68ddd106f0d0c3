"""Other machines that keep copies for us by SFTP: their addresses, and what lets us in.

Who may enter stands in one file per machine in the clinic's `keys/`, never in the database, a log or a command line.
"""

import base64
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec

from app.core import secret_files
from app.core.errors import Invalid, Refusal
from app.core.words import N_

PORT = 22
# In the order in which Litestream's side of SSH chooses too, so that both of us are shown the same key of one machine.
HOST_KEYS = (
    "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519",
)
_USER = re.compile(r"[^\s:/]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:%-]{0,252}")


class Server(msgspec.Struct, frozen=True):
    """folder: from the root, or without a slash in front from where that user begins."""

    host: str
    user: str
    folder: str
    port: int = PORT

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORT else f":{self.port}"
        folder = self.folder if self.folder.startswith("/") else f"/~/{self.folder}"
        return f"sftp://{quote(self.user)}@{host}{port}{quote(folder)}"

    @property
    def file(self) -> str:
        """What its secrets are kept under: one for a user of a machine, whatever the folder."""
        return f"sftp-{sha256(f'{self.user}@{self.host}:{self.port}'.encode()).hexdigest()[:16]}.json"


class Access(msgspec.Struct, frozen=True):
    """host_key: what the machine showed the first time, as `type base64`. key: an OpenSSH private key, without a passphrase."""

    host_key: str
    password: str = ""
    key: str = ""

    def __repr__(self) -> str:  # it may stand in a traceback
        return f"Access({fingerprint(self.host_key)})"


class Stranger(Refusal):
    """The machine at this address is not the one that was trusted."""


class TurnedAway(Refusal):
    """The machine is there and does not let us in, or not write."""


def parse(text: str, field: str = "address") -> Server:
    """`sftp://user@machine[:port]/folder`, or `/~/folder` from where the user begins. Raises Invalid; a password has no place in it."""
    try:
        parts = urlsplit(text.strip())
        host, port, user = parts.hostname or "", parts.port or PORT, unquote(parts.username or "")
    except ValueError:
        raise Invalid({field: N_("An address like sftp://name@machine/folder.")}) from None
    folder = unquote(parts.path)
    folder = folder[3:] if folder.startswith("/~/") else folder
    whole = parts.scheme == "sftp" and _USER.fullmatch(user) and _HOST.fullmatch(host) and not (parts.query or parts.fragment)
    if not whole or not folder.strip("/") or ".." in folder.split("/") or not folder.isprintable():
        raise Invalid({field: N_("An address like sftp://name@machine/folder.")})
    if parts.password is not None:
        raise Invalid({field: N_("No password in the address: addresses are shown and written down.")})
    return Server(host, user, folder.rstrip("/"), port)


def keep(keys: Path, server: Server, access: Access) -> None:
    secret_files.write(keys / server.file, msgspec.json.encode(access))


def kept(keys: Path, server: Server) -> Access | None:
    stored = secret_files.read(keys / server.file)
    return None if stored is None else msgspec.json.decode(stored, type=Access)


def forget(keys: Path, server: Server) -> None:
    (keys / server.file).unlink(missing_ok=True)


def fingerprint(host_key: str) -> str:
    """As `ssh` shows it, so that it can be compared with what the other machine says about itself."""
    digest = sha256(base64.b64decode(host_key.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def is_host_key(text: str) -> bool:
    try:
        return bool(fingerprint(text))
    except (ValueError, IndexError):
        return False
