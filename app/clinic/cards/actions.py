"""Opening a card and what may happen to it after: suspended, resumed, renewed, replaced, upgraded, closed."""

from datetime import date

from app.clinic import patients
from app.clinic.cards import entries, ledger, queries, rules, stepping
from app.clinic.cards.selling import known_type
from app.clinic.cards.shapes import Card, CardType
from app.clinic.cards.stepping import Twice, declare, step
from app.clinic.cards.telling import describe
from app.core import clock
from app.core.access import Actor
from app.core.db import Database, Details
from app.core.errors import Invalid, Refusal
from app.core.words import N_

declare("opened", N_("Opened a card: %(name)s, number %(number)s"), describe)
declare("suspended", N_("Suspended card %(number)s: %(reason)s"), describe)
declare("resumed", N_("Card %(number)s is valid again, until %(until)s"), describe)
declare("renewed", N_("Renewed card %(number)s until %(until)s"), describe)
declare("replaced", N_("Card %(old)s is not valid any more (%(reason)s); the new number is %(number)s"), describe)
declare("upgraded", N_("Upgraded card %(number)s to %(name)s, until %(until)s"), describe)
declare("closed", N_("Closed card %(number)s: %(reason)s"), describe)

EXPIRED = N_("expired; a new card was opened")
NOT_SOLD = N_("Cards of this type are no longer sold.")
IS_CLOSED = N_("This card is closed already.")
RESUME_FIRST = N_("This card is suspended. Resume it first.")


def open_card(db: Database, actor: Actor | None, patient_id: int, type_id: int) -> int:
    """A new card of that type, today; its id. An expired card gives way, a good one does not."""
    with db.change(actor, "card.opened", patient_id) as details:
        kind, today = known_type(db, type_id), clock.today()
        if kind.retired:
            raise Refusal(NOT_SOLD)
        _make_way(db, actor, patient_id)
        card_id, until = queries.next_id(db), rules.last_day(today, kind.months)
        number = rules.number_of(queries.next_number(db))
        db.insert("cards", {
            "id": card_id, "number": number, "type_id": type_id, "patient_id": patient_id, "price_fen": kind.price_fen,
            "opened_on": today.isoformat(), "valid_until": _iso(until), "event_id": details.event_id,
        })
        _number(db, card_id, number, [patient_id], details.event_id)
        db.insert("card_people", {"card_id": card_id, "patient_id": patient_id, "event_id": details.event_id})
        stepping.keep(db, card_id, "opened", "", {}, details.event_id)
        _begin(db, card_id, kind.terms_id, kind.price_fen, today, until, details.event_id)
        details |= {"card": card_id, "number": number, "name_zh": kind.name_zh, "name_en": kind.name_en}
    return card_id


def _begin(
    db: Database, card_id: int, terms_id: int, price_fen: int, starts_on: date, until: date | None, event_id: int
) -> int:
    """A period with what it costs and includes; the card now ends with it."""
    period_id = db.insert("card_periods", {
        "card_id": card_id, "terms_id": terms_id, "starts_on": starts_on.isoformat(), "ends_on": _iso(until),
        "event_id": event_id,
    })
    db.update("cards", card_id, {"period_id": period_id, "valid_until": _iso(until)})
    ledger.grant(db, card_id, period_id, terms_id, price_fen, event_id)
    return period_id


def _number(db: Database, card_id: int, number: str, people: list[int], event_id: int) -> None:
    db.insert("card_numbers", {"id": queries.next_number(db), "number": number, "card_id": card_id, "event_id": event_id})
    for one in people:
        patients.add_keys(db, one, patients.number_keys(number))


def _make_way(db: Database, actor: Actor | None, patient_id: int) -> None:
    card = queries.current(db, patient_id)
    if card is None:
        return
    if not card.expired(clock.today().isoformat()) or card.patient_id != patient_id:
        raise Refusal(N_("There is an open card already: %(number)s. Close it first."), number=card.shown)
    close(db, actor, patient_id, card.id, EXPIRED)


LEAVE = "UPDATE card_people SET removed_event_id = :event WHERE card_id = :card AND removed_event_id IS NULL"


def close(
    db: Database, actor: Actor | None, patient_id: int, card_id: int, reason: str, seen: int | None = None
) -> None:
    """The number goes on finding its people, who have no good card then."""
    try:
        with step(db, actor, patient_id, card_id, "closed", reason, seen) as (card, details):
            if card.closed:
                raise Refusal(IS_CLOSED)
            end(db, card_id, reason, details.event_id)
    except Twice:
        return


def end(db: Database, card_id: int, reason: str, event_id: int) -> None:
    db.execute(LEAVE, card=card_id, event=event_id)
    db.update("cards", card_id, {"closed_event_id": event_id, "closed_reason": reason})


def suspend(db: Database, actor: Actor, patient_id: int, card_id: int, reason: str, seen: int | None = None) -> None:
    """Not valid until it is resumed."""
    try:
        with step(db, actor, patient_id, card_id, "suspended", reason, seen) as (card, details):
            if card.closed or card.suspended:
                raise Refusal(IS_CLOSED if card.closed else N_("This card is suspended already."))
            db.update("cards", card_id, {"suspended_event_id": details.event_id, "suspended_reason": reason})
    except Twice:
        return


def resume(
    db: Database, actor: Actor, patient_id: int, card_id: int, add_days: bool = False, seen: int | None = None
) -> None:
    """Valid again; where wished, longer by the days it was not."""
    try:
        with step(db, actor, patient_id, card_id, "resumed", "", seen) as (card, details):
            if not card.suspended or card.closed:
                raise Refusal(N_("This card is not suspended."))
            until = _day(card.valid_until)
            if add_days:
                until = rules.longer_by(until, date.fromisoformat(card.suspended_on), clock.today())
            db.update("cards", card_id, {
                "suspended_event_id": None, "suspended_reason": "", "valid_until": _iso(until),
            })
            db.update("card_periods", card.period_id, {"ends_on": _iso(until)})
            details["until"] = _iso(until)
    except Twice:
        return


def renew(db: Database, actor: Actor, patient_id: int, card_id: int, seen: int | None = None) -> None:
    """A further period, by the terms its type has now: from the day after the end, or today where that is past."""
    try:
        with step(db, actor, patient_id, card_id, "renewed", "", seen) as (card, details):
            _usable(card)
            kind, until = known_type(db, card.type_id), _day(card.valid_until)
            if kind.retired:
                raise Refusal(NOT_SOLD)
            if until is None:
                raise Refusal(N_("This card is valid for ever; there is nothing to renew."))
            start = rules.next_start(until, clock.today())
            until = rules.last_day(start, kind.months)
            _begin(db, card_id, kind.terms_id, kind.price_fen, start, until, details.event_id)
            details |= {"until": _iso(until), "price_fen": kind.price_fen}
    except Twice:
        return


STOP = "UPDATE card_numbers SET stopped_event_id = :event WHERE number = :number"


def replace(db: Database, actor: Actor, patient_id: int, card_id: int, reason: str, seen: int | None = None) -> None:
    """A lost card: its number stops at once, the card goes on under a new one."""
    try:
        with step(db, actor, patient_id, card_id, "replaced", reason, seen) as (card, details):
            if card.closed:
                raise Refusal(IS_CLOSED)
            number = rules.number_of(queries.next_number(db))
            db.execute(STOP, number=card.number, event=details.event_id)
            _number(db, card_id, number, queries.people(db, card_id), details.event_id)
            db.update("cards", card_id, {"number": number})
            details |= {"number": number, "old": card.number}
    except Twice:
        return


def upgrade(db: Database, actor: Actor, patient_id: int, card_id: int, type_id: int, seen: int | None = None) -> None:
    """The same card by other terms. What was paid counts, and so does what was used."""
    try:
        with step(db, actor, patient_id, card_id, "upgraded", "", seen) as (card, details):
            _upgrade(db, card, type_id, details)
    except Twice:
        return


def _upgrade(db: Database, card: Card, type_id: int, details: Details) -> None:
    kind = known_type(db, type_id)
    _check_upgrade(db, card, kind)
    used = {one.same: one.units - one.left for one in entries.accounts(db, card.id) if one.period_id == card.period_id}
    until = rules.upgraded_until(date.fromisoformat(card.starts_on), kind.months, _day(card.valid_until))
    db.update("card_periods", card.period_id, {"ended_event_id": details.event_id})
    period = _begin(db, card.id, kind.terms_id, kind.price_fen, date.fromisoformat(card.starts_on), until, details.event_id)
    db.update("cards", card.id, {"type_id": type_id})
    if credit := rules.credited(card.price_fen, kind.price_fen):
        ledger.write(db, card.id, period, None, "credit", -credit, details.event_id)
    for one in kind.includes:
        if counted := min(used.get(one.same, 0), one.units):
            ledger.write(db, card.id, period, one.id, "counted", -counted, details.event_id)
    details |= {"name_zh": kind.name_zh, "name_en": kind.name_en, "until": _iso(until), "difference_fen": kind.price_fen - credit}


def _check_upgrade(db: Database, card: Card, kind: CardType) -> None:
    _usable(card)
    today = clock.today().isoformat()
    if kind.retired or kind.id == card.type_id:
        raise Invalid({"type_id": NOT_SOLD if kind.retired else N_("It is this type already.")})
    if card.expired(today):
        raise Refusal(N_("This card has expired. Renew it first."))
    if card.starts_on > today:
        raise Refusal(N_("It is renewed already. Take the renewal back first."))
    if len(queries.people(db, card.id)) > kind.people:
        raise Invalid({"type_id": N_("More people are on this card than that type takes.")})


def _usable(card: Card) -> None:
    if card.closed or card.suspended:
        raise Refusal(IS_CLOSED if card.closed else RESUME_FIRST)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
