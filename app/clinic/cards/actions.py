from typing import Any

from app.clinic import patients
from app.clinic.cards import queries
from app.clinic.cards.rules import last_day, number_of
from app.clinic.cards.shapes import CardType, NewType
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.words import N_, _, pick

STARTERS = (
    NewType("普通卡", "Standard card", 0),
    NewType("年卡", "Yearly card", 0, 12),
    NewType("慢病管理卡", "Chronic care card", 0, 12),
)


def _opened(details: dict[str, Any]) -> str:
    name = pick(details.get("name_zh", ""), details.get("name_en", ""))
    return _("Opened a card: %(name)s, number %(number)s", name=name, number=details.get("number", "—"))


def _closed(details: dict[str, Any]) -> str:
    number, reason = details.get("number", "—"), _(details.get("reason", ""))
    return _("Closed card %(number)s: %(reason)s", number=number, reason=reason)


events.declare("card_type.added", N_("Added the card type %(name_en)s"), clinical=False)
events.declare("card_type.edited", N_("Changed the card type %(name_en)s"), clinical=False)
events.declare("card_type.retired", N_("No longer sells the card type %(name_en)s"), clinical=False)
events.declare("card.opened", "", clinical=False, describe=_opened)
events.declare("card.closed", "", clinical=False, describe=_closed)

EXPIRED = N_("expired; a new card was opened")


def seed(db: Database) -> None:
    """A new clinic starts with three simple types; their prices are the clinic's to set."""
    if not queries.types(db):
        for new in STARTERS:
            add_type(db, None, new)


def add_type(db: Database, actor: Actor | None, new: NewType) -> int:
    with db.change(actor, "card_type.added") as details:
        details |= _terms(new)
        return db.insert("card_types", {**_terms(new), "event_id": details.event_id})


def edit_type(db: Database, actor: Actor, type_id: int, version_seen: int, new: NewType) -> None:
    """What the next cards will be; cards already open keep their terms. Raises Conflict."""
    with db.change(actor, "card_type.edited") as details:
        old = _type(db, type_id)
        if old.version != version_seen:
            raise Conflict(patients.STALE, _both(old, new))
        details |= {"type": type_id, **_terms(new), "before": _terms(old)}
        db.update("card_types", type_id, {**_terms(new), "version": old.version + 1})


def retire_type(db: Database, actor: Actor, type_id: int) -> None:
    with db.change(actor, "card_type.retired") as details:
        details |= {"type": type_id, **_terms(_type(db, type_id))}
        db.update("card_types", type_id, {"retired_event_id": details.event_id})


def open_card(db: Database, actor: Actor | None, patient_id: int, type_id: int) -> int:
    """A new card of that type, today; its id. An expired card gives way, a good one does not."""
    with db.change(actor, "card.opened", patient_id) as details:
        kind, today = _type(db, type_id), clock.today()
        if kind.retired:
            raise Refusal(N_("Cards of this type are no longer sold."))
        _make_way(db, actor, patient_id)
        card_id = queries.next_id(db)
        number, until = number_of(card_id), last_day(today, kind.months)
        db.insert("cards", {
            "id": card_id, "number": number, "type_id": type_id, "patient_id": patient_id, "price_fen": kind.price_fen,
            "opened_on": today.isoformat(), "valid_until": until.isoformat() if until else None,
            "event_id": details.event_id,
        })
        patients.add_keys(db, patient_id, patients.number_keys(number))
        details |= {"card": card_id, "number": number, "name_zh": kind.name_zh, "name_en": kind.name_en}
    return card_id


def close(db: Database, actor: Actor | None, patient_id: int, card_id: int, reason: str) -> None:
    """The number goes on finding the person, who has no good card then."""
    with db.change(actor, "card.closed", patient_id) as details:
        card = next((one for one in queries.cards_of(db, patient_id) if one.id == card_id), None)
        if card is None:
            raise NotFound()
        if card.closed:
            raise Refusal(N_("This card is closed already."))
        details |= {"card": card_id, "number": card.number, "reason": reason}
        db.update("cards", card_id, {"closed_event_id": details.event_id, "closed_reason": reason})


def _make_way(db: Database, actor: Actor | None, patient_id: int) -> None:
    card = queries.current(db, patient_id)
    if card is None:
        return
    if not card.expired(clock.today().isoformat()):
        raise Refusal(N_("There is an open card already: %(number)s. Close it first."), number=card.shown)
    close(db, actor, patient_id, card.id, EXPIRED)


def _type(db: Database, type_id: int) -> CardType:
    found = queries.get_type(db, type_id)
    if found is None:
        raise NotFound()
    return found


def _terms(one: NewType | CardType) -> dict[str, Any]:
    return {"name_zh": one.name_zh, "name_en": one.name_en, "price_fen": one.price_fen, "months": one.months}


def _both(old: CardType, new: NewType) -> list[tuple[str, str, str]]:
    labels = {"name_zh": N_("Chinese name"), "name_en": N_("English name"), "price_fen": N_("Price (fen)"),
              "months": N_("Valid for (months)")}
    mine, theirs = _terms(new), _terms(old)
    return [(labels[name], str(mine[name] or ""), str(theirs[name] or "")) for name in mine if mine[name] != theirs[name]]


