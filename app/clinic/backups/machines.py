"""Another machine as a place, by SFTP: looked at, its key compared by a person, tried, and only then kept."""

from pathlib import Path

import msgspec

from app.clinic.backups.actions import add_place, key
from app.clinic.backups.placing import machine_in, sftp_place
from app.clinic.backups.shapes import NewMachine
from app.core import servers
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, Refusal
from app.core.words import N_


def look_at_machine(address: str) -> tuple[servers.Server, str]:
    """Where it is, and the key it shows to anybody. Raises Invalid at `address`."""
    from app.core.sftp import shown_key

    server = servers.parse(address)
    try:
        return server, shown_key(server)
    except Refusal as refusal:
        raise Invalid({"address": (refusal.message, refusal.params)}) from None


def add_machine(db: Database, actor: Actor, data: Path, new: NewMachine) -> int:
    """Have backups go there. Raises Invalid where it does not let us in."""
    from app.core.sftp import usable_key

    server = machine_in(servers.parse(new.address), key(data))
    if not (new.password or new.key):
        raise Invalid({"password": N_("It lets nobody in without a password or a key.")})
    access = servers.Access(new.host_key, new.password, usable_key(new.key) if new.key else "")
    _try(server, access)
    servers.keep(data / "keys", server, access)
    return add_place(db, actor, "sftp", msgspec.json.encode(server).decode(), same_disk=False)


def _try(server: servers.Server, access: servers.Access) -> None:
    place = sftp_place(server, access)
    try:
        place.prepare()
    except Refusal as refusal:
        raise Invalid({"password": (refusal.message, refusal.params)}) from None
    except ValueError:  # what it showed is no key
        raise Invalid({"address": N_("Please look at this machine again.")}) from None
    finally:
        place.close()
