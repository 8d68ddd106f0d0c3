"""Whoever broke the glass reads one person's sensitive entries: in this one request, if it only reads and is about that person."""

from litestar.connection import ASGIConnection
from msgspec.structs import replace

from app.clinic import breakglass
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database

LONGEST_PLACE = 120


def through(connection: ASGIConnection, actor: Actor) -> None:
    """What the broken glass shows them from here on, and that they looked. What is sent, and pages about others, stay as their role has them."""
    person = connection.path_params.get("patient_id")
    if person is None or not breakglass.may_break(actor):
        return
    db: Database = connection.app.state.db
    opening = connection.scope["state"]["glass"] = breakglass.standing(db, actor, person)
    if opening is None or connection.method not in ("GET", "HEAD"):
        return
    connection.scope["state"]["actor"] = replace(actor, also=frozenset({May.SEE_SENSITIVE}))
    place = connection.scope["path"].removeprefix(f"/patients/{person}")[:LONGEST_PLACE]
    connection.app.state.looks.note_opened(breakglass.Look(opening.id, clock.stamp()[:16], place))
