"""The clinic's settings: one row each, text or JSON, changed only through an event."""

from typing import Any

import msgspec

from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_

events.declare("settings.changed", N_("Changed settings: %(names)s"), clinical=False)

_GET = "SELECT value FROM settings WHERE name = :name"
_ALL = "SELECT name, value FROM settings"
_PUT = """
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def get(db: Database, name: str, default: Any = None) -> Any:
    stored = db.value(_GET, name=name)
    return default if stored is None else msgspec.json.decode(stored)


def everything(db: Database) -> dict[str, Any]:
    return {name: msgspec.json.decode(value) for name, value in db.all(tuple, _ALL)}


def put(db: Database, actor: Actor | None, **values: Any) -> None:
    """Change settings; the event names them but does not repeat their values."""
    with db.change(actor, "settings.changed") as details:
        details["names"] = ", ".join(sorted(values))
        for name, value in values.items():
            db.execute(_PUT, name=name, value=msgspec.json.encode(value).decode())
