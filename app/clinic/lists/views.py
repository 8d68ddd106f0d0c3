"""Lists somebody keeps under a name, for themselves or for everybody."""

from app.clinic.lists.shapes import NewView, SavedView, View
from app.core import events
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

events.declare("view.saved", N_("Kept the list “%(name)s”"), clinical=False)
events.declare("view.retired", N_("Took the list “%(name)s” away"), clinical=False)
events.declare("view.restored", N_("Put the list “%(name)s” back"), clinical=False)
MOST_OWN = 30

_VIEW = "SELECT id, owner_id, name, shared, clinical, query FROM saved_views"
LIVE = f"""
{_VIEW} WHERE retired_event_id IS NULL AND (owner_id = :actor OR shared = 1) AND (:clinical OR clinical = 0) ORDER BY shared, id
"""
ONE = f"{_VIEW} WHERE id = :id AND owner_id = :actor"


def views(db: Database, actor: Actor) -> list[SavedView]:
    """One's own and everybody's, as far as this actor may see what they filter by."""
    return db.all(SavedView, LIVE, actor=actor.id, clinical=actor.may(May.SEE_CLINICAL))


def save(db: Database, actor: Actor, new: NewView, view: View) -> int:
    with db.change(actor, "view.saved") as details:
        mine = [one for one in views(db, actor) if one.owner_id == actor.id]
        if any(one.name == new.name for one in mine):
            raise Invalid({"name": N_("You keep a list of this name already.")})
        if len(mine) >= MOST_OWN:
            raise Invalid({"name": (N_("At most %(most)s lists. Take one away first."), {"most": MOST_OWN})})
        row = {"name": new.name, "shared": int(new.shared), "query": view.query()}
        details |= row
        return db.insert("saved_views", row | {
            "owner_id": actor.id, "clinical": int(view.clinical), "event_id": details.event_id})


def retire(db: Database, actor: Actor, view_id: int) -> SavedView:
    """Take one's own list away; `restore` puts it back."""
    with db.change(actor, "view.retired") as details:
        view = _own(db, actor, view_id)
        details["name"] = view.name
        db.update("saved_views", view_id, {"retired_event_id": details.event_id})
    return view


def restore(db: Database, actor: Actor, view_id: int) -> SavedView:
    with db.change(actor, "view.restored") as details:
        view = _own(db, actor, view_id)
        details["name"] = view.name
        db.update("saved_views", view_id, {"retired_event_id": None})
    return view


def _own(db: Database, actor: Actor, view_id: int) -> SavedView:
    view = db.one(SavedView, ONE, id=view_id, actor=actor.id)
    if view is None:
        raise NotFound()
    return view
