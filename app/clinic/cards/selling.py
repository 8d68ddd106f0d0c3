"""What the clinic sells: every change of a type is a new version, and a sold card goes on by its own."""

from typing import Any

from app.clinic import patients
from app.clinic.cards import queries
from app.clinic.cards.shapes import CardType, yuan
from app.clinic.cards.typed import NewType
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.words import N_

STARTERS = (
    NewType("普通卡", "Standard card", 0),
    NewType("年卡", "Yearly card", 0, 12, "indigo"),
    NewType("慢病管理卡", "Chronic care card", 0, 12, "plum"),
)
LABELS = {
    "name_zh": N_("Chinese name"), "name_en": N_("English name"), "price": N_("Price"), "months": N_("Valid for (months)"),
    "colour": N_("Colour"), "people": N_("People on one card"), "includes": N_("What it includes"),
}

events.declare("card_type.added", N_("Added the card type %(name_en)s"), clinical=False)
events.declare("card_type.edited", N_("Changed the card type %(name_en)s"), clinical=False)
events.declare("card_type.retired", N_("No longer sells the card type %(name_en)s"), clinical=False)
events.declare("card_type.restored", N_("Sells the card type %(name_en)s again"), clinical=False)


def seed(db: Database) -> None:
    """A new clinic starts with three simple types; their prices are the clinic's to set."""
    if not queries.types(db):
        for new in STARTERS:
            add_type(db, None, new)


def add_type(db: Database, actor: Actor | None, new: NewType) -> int:
    """Raises Invalid when a service is counted and not named."""
    _check(new)
    with db.change(actor, "card_type.added") as details:
        details |= _told(new)
        type_id = db.insert("card_types", {"version": 1, "event_id": details.event_id})
        _keep(db, type_id, 1, new, details.event_id)
    return type_id


def edit_type(db: Database, actor: Actor, type_id: int, version_seen: int, new: NewType) -> None:
    """What the next cards will be; cards already open keep their terms. Raises Conflict or Invalid."""
    _check(new)
    with db.change(actor, "card_type.edited") as details:
        old = known_type(db, type_id)
        if old.version != version_seen:
            raise Conflict(patients.STALE, _both(old, new))
        details |= {"type": type_id, **_told(new), "before": _told(as_new(old))}
        _keep(db, type_id, old.version + 1, new, details.event_id)
        db.update("card_types", type_id, {"version": old.version + 1})


def retire_type(db: Database, actor: Actor, type_id: int) -> None:
    with db.change(actor, "card_type.retired") as details:
        details |= {"type": type_id, **_told(as_new(known_type(db, type_id)))}
        db.update("card_types", type_id, {"retired_event_id": details.event_id})


def restore_type(db: Database, actor: Actor, type_id: int) -> None:
    """It is sold again."""
    with db.change(actor, "card_type.restored") as details:
        details |= {"type": type_id, **_told(as_new(known_type(db, type_id)))}
        db.update("card_types", type_id, {"retired_event_id": None})


def known_type(db: Database, type_id: int) -> CardType:
    found = queries.get_type(db, type_id)
    if found is None:
        raise NotFound()
    return found


def as_new(one: CardType) -> NewType:
    """A type as it would be typed."""
    units = {line.kind: line.units for line in one.includes if line.kind != "own"}
    own = [line for line in one.includes if line.kind == "own"] + [None, None]
    first, second = ((line.name_zh, line.name_en, line.units) if line else ("", "", 0) for line in own[:2])
    return NewType(
        one.name_zh, one.name_en, one.price_fen, one.months, one.colour, one.people,
        units.get("call", 0), units.get("consultation", 0), units.get("exam", 0), *first, *second,
    )


def _check(new: NewType) -> None:
    wrong = {}
    for prefix in ("own", "also"):
        if getattr(new, f"{prefix}_units"):
            for name in (f"{prefix}_zh", f"{prefix}_en"):
                if not getattr(new, name):
                    wrong[name] = N_("Please fill this in.")
    if new.own_units and new.also_units and new.own_zh == new.also_zh and "also_zh" not in wrong:
        wrong["also_zh"] = N_("This stands there already.")
    if wrong:
        raise Invalid(wrong)


def _keep(db: Database, type_id: int, version: int, new: NewType, event_id: int) -> None:
    terms_id = db.insert("card_terms", {
        "type_id": type_id, "version": version, "name_zh": new.name_zh, "name_en": new.name_en, "price_fen": new.price_fen,
        "months": new.months, "colour": new.colour, "people": new.people, "event_id": event_id,
    })
    db.insert_many("card_entitlements", [
        {"terms_id": terms_id, "kind": kind, "name_zh": zh, "name_en": en, "units": units}
        for kind, zh, en, units in new.includes
    ])


def _told(new: NewType) -> dict[str, Any]:
    return {
        "name_zh": new.name_zh, "name_en": new.name_en, "price_fen": new.price_fen, "months": new.months,
        "colour": new.colour, "people": new.people, "includes": new.includes,
    }


def _both(old: CardType, new: NewType) -> list[tuple[str, str, str]]:
    mine, theirs = _shown(new), _shown(as_new(old))
    return [(LABELS[name], mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]]


def _shown(one: NewType) -> dict[str, str]:
    included = [f"{zh or kind} × {units}" for kind, zh, _en, units in one.includes]
    return {
        "name_zh": one.name_zh, "name_en": one.name_en, "price": yuan(one.price_fen), "months": str(one.months or ""),
        "colour": one.colour, "people": str(one.people), "includes": ", ".join(included),
    }
