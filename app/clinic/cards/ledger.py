"""The ledger: units and fen, entry by entry. Nothing is changed or removed; what was wrong is taken back by an entry."""

from typing import Any

from app.clinic.cards import entries, queries
from app.clinic.cards.shapes import Account, Card, Entitlement, Line
from app.clinic.cards.telling import describe
from app.clinic.cards.typed import Use
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database, Details
from app.core.errors import NotFound, Refusal
from app.core.forms import once
from app.core.words import N_

events.declare("card.used", "", clinical=False, describe=describe(N_("Used: %(service)s, %(left)s left (card %(number)s)")))
events.declare("card.given_back", "", clinical=False, describe=describe(N_("Given back: %(service)s, %(left)s left (card %(number)s)")))

NOT_VALID = {
    "closed": N_("This card is closed; nothing can be used on it."),
    "suspended": N_("This card is suspended; nothing can be used on it."),
    "expired": N_("This card has expired; nothing can be used on it."),
}
SPENT = N_("It has been used since. Give that back first, then take this back.")


def write(
    db: Database, card_id: int, period_id: int, entitlement_id: int | None, what: str, amount: int, event_id: int, **more: Any
) -> int:
    """One entry inside a change; the balance after it. Raises Refusal where more would be taken than is there."""
    balance = entries.balance(db, card_id, period_id, entitlement_id) + amount
    if balance < 0:
        raise Refusal(SPENT)
    db.insert("card_entries", {
        "card_id": card_id, "period_id": period_id, "entitlement_id": entitlement_id, "what": what, "amount": amount,
        "balance": balance, "day": clock.today().isoformat(), "event_id": event_id, **more,
    })
    return balance


def grant(db: Database, card_id: int, period_id: int, terms_id: int, price_fen: int, event_id: int) -> None:
    """What a period costs and what it includes."""
    if price_fen:
        write(db, card_id, period_id, None, "price", price_fen, event_id)
    for one in queries.includes(db, [terms_id])[terms_id]:
        write(db, card_id, period_id, one.id, "granted", one.units, event_id)


def take_back(db: Database, card_id: int, step_event_id: int, event_id: int) -> None:
    """Everything one step wrote. Raises Refusal when it has been used since."""
    for id in entries.entries_of(db, card_id, step_event_id):
        _undo(db, entries.line(db, card_id, id), event_id)


def _undo(db: Database, line: Line, event_id: int) -> int:
    return write(
        db, line.card_id, line.period_id, line.entitlement_id, "undone", -line.amount, event_id, undoes_id=line.id,
        patient_id=line.patient_id,
    )


# ── using ──

def use(db: Database, actor: Actor, patient_id: int, card_id: int, typed: Use) -> None:
    """One unit, by hand. The same form sent twice uses one. Raises NotFound or Refusal."""
    with db.aside():
        token = once(typed.token, patient_id)
        if token and db.value(entries.BY_TOKEN, token=token):
            return
        card = queries.get(db, patient_id, card_id)
        if card is None:
            raise NotFound()
        if problem := card.problem(clock.today().isoformat()):
            raise Refusal(NOT_VALID[problem])
        account = next((one for one in entries.usable(db, card_id) if one.id == typed.entitlement_id), None)
        if account is None:
            raise NotFound()
        if not account.left:
            raise Refusal(N_("Nothing is left of this."))
        with db.change(actor, "card.used", patient_id) as details:
            spend(db, card, account, patient_id, details, note=typed.note, token=token)


def spend(db: Database, card: Card, account: Account, patient_id: int, details: Details, **more: Any) -> None:
    """One unit for a person, inside the change that says so."""
    left = write(
        db, card.id, account.period_id, account.id, "used", -1, details.event_id, patient_id=patient_id, **more)
    details |= {"card": card.id, "number": card.number, "left": left, **_service(account)}


def give_back(db: Database, actor: Actor, patient_id: int, card_id: int, entry_id: int) -> None:
    """Take back one use. Twice is once. Raises NotFound or Refusal."""
    with db.aside():
        card = queries.get(db, patient_id, card_id)
        line = entries.line(db, card_id, entry_id) if card else None
        if line is None or line.what != "used":
            raise NotFound()
        if line.ended:
            raise Refusal(N_("The card was upgraded since; what was used before that stands."))
        if not line.undone:
            with db.change(actor, "card.given_back", line.patient_id or patient_id) as details:
                restore(db, card.number, line, details)


def restore(db: Database, number: str, line: Line, details: Details) -> None:
    """Inside the change that says so."""
    left = _undo(db, line, details.event_id)
    details |= {"card": line.card_id, "number": number, "left": left, **_service(line)}


def _service(one: Entitlement | Line) -> dict[str, str]:
    return {"kind": one.kind, "service_zh": one.name_zh, "service_en": one.name_en}
