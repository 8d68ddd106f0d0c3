"""A person's cards: opening, what may happen to one, using it up, who is on it. Types: card_types.py; paper: card_papers.py."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import cards, patients, staff
from app.core import clock
from app.core.access import May
from app.core.errors import Invalid, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

ON_A_PAGE = 50


class Opening(msgspec.Struct, frozen=True):
    type_id: int


class Joining(msgspec.Struct, frozen=True):
    """who: a number, a phone, a name. other_id: one of several found."""

    who: Annotated[str, Field(most=60)]
    other_id: int | None = None


@get("/patients/{patient_id:int}/cards", needs=May.FIND_PATIENTS)
def index(db: TheDb, patient: ThePatient) -> Page:
    return _cards(db, patient)


@post("/patients/{patient_id:int}/cards", needs=May.HANDLE_CARDS)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Opening, data)
    if form.attempt(lambda given: cards.open_card(db, actor, patient.id, given.type_id)) is None:
        return _cards(db, patient, opening=form)
    return go(request, f"/patients/{patient.id}/cards")


# ── what may happen to a card ──

def _doing(path: str, name: str, shape: type, verb: Callable[..., Any]) -> Callable:
    """A handler for one form of the card: the verb gets the card and what was typed."""

    @post(f"/patients/{{patient_id:int}}/cards/{{card_id:int}}/{path}", needs=May.HANDLE_CARDS)
    def act(
        request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], data: Fields
    ) -> Page | Response:
        _own(db, patient, card_id)
        form = bind(shape, data)
        if form.attempt(lambda given: verb(db, actor, patient.id, card_id, given) or True) is None:
            return _cards(db, patient, **{name: form})
        return go(request, f"/patients/{patient.id}/cards")

    return act


close = _doing("closing", "closing", cards.Closing, lambda *at: cards.close(*at[:4], at[4].reason, at[4].seen))
suspend = _doing("suspension", "suspension", cards.Suspension, lambda *at: cards.suspend(*at[:4], at[4].reason, at[4].seen))
resume = _doing("resumption", "resumption", cards.Resumption, lambda *at: cards.resume(*at[:4], at[4].add_days, at[4].seen))
renew = _doing("renewal", "renewal", cards.Renewal, lambda *at: cards.renew(*at[:4], at[4].seen))
replace = _doing("replacement", "replacement", cards.Replacement, lambda *at: cards.replace(*at[:4], at[4].reason, at[4].seen))
upgrade = _doing("upgrade", "upgrading", cards.Upgrade, lambda *at: cards.upgrade(*at[:4], at[4].type_id, at[4].seen))
use = _doing("uses", "using", cards.Use, cards.use)


class Nothing(msgspec.Struct, frozen=True):
    """A button without fields."""


@post("/patients/{patient_id:int}/cards/{card_id:int}/uses/{entry_id:int}/return", needs=May.HANDLE_CARDS)
def give_back(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], entry_id: FromPath[int]
) -> Page | Response:
    form = Form({}, value=Nothing())
    if form.attempt(lambda _given: cards.give_back(db, actor, patient.id, card_id, entry_id) or True) is None:
        return _cards(db, patient, using=form)
    return go(request, f"/patients/{patient.id}/cards")


@post("/patients/{patient_id:int}/cards/{card_id:int}/steps/{step_id:int}/undoing", needs=May.HANDLE_CARDS)
def undo(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], step_id: FromPath[int]
) -> Page | Response:
    form = Form({}, value=Nothing())
    if form.attempt(lambda _given: cards.undo(db, actor, patient.id, card_id, step_id) or True) is None:
        return _cards(db, patient, using=form)
    return go(request, f"/patients/{patient.id}/cards")


# ── who is on it ──

@post("/patients/{patient_id:int}/cards/{card_id:int}/people", needs=May.HANDLE_CARDS)
def add_person(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], data: Fields
) -> Page | Response:
    _own(db, patient, card_id)
    form = bind(Joining, data)
    found = _found(db, actor, form.value) if form.ok else []
    if len(found) == 1 and form.attempt(lambda _given: cards.add_person(db, actor, patient.id, card_id, found[0].id) or True):
        return go(request, f"/patients/{patient.id}/cards")
    if form.ok and not found:
        form.refuse(Invalid({"who": N_("Nobody is found by this. Register the person first.")}))
    return _cards(db, patient, joining=form, alike=found if len(found) > 1 else [])


def _found(db: TheDb, actor: TheActor, typed: Joining) -> list[patients.Hit]:
    hits = patients.search(db, typed.who, actor).hits
    chosen = [hit for hit in hits if hit.id == typed.other_id]
    return chosen or hits


@post("/patients/{patient_id:int}/cards/{card_id:int}/people/{other_id:int}/removal", needs=May.HANDLE_CARDS)
def remove_person(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, card_id: FromPath[int], other_id: FromPath[int]
) -> Page | Response:
    _own(db, patient, card_id)
    form = Form({}, value=Nothing())
    if form.attempt(lambda _given: cards.remove_person(db, actor, patient.id, card_id, other_id) or True) is None:
        return _cards(db, patient, joining=form)
    return go(request, f"/patients/{patient.id}/cards")


# ── pages ──

@get("/patients/{patient_id:int}/cards/{card_id:int}", needs=May.FIND_PATIENTS)
def show(
    db: TheDb, patient: ThePatient, card_id: FromPath[int], p: Annotated[int, QueryParameter(name="p", ge=1, le=10**6)] = 1
) -> Page:
    """The ledger, page by page, and everything that happened to the card."""
    card = _own(db, patient, card_id)
    lines = cards.lines(db, card_id, ON_A_PAGE + 1, (p - 1) * ON_A_PAGE)
    ids = [line.patient_id for line in lines if line.patient_id]
    return page(
        "cards/show.html", patient=patient, card=card, lines=lines[:ON_A_PAGE], p=p, more=len(lines) > ON_A_PAGE,
        asked=cards.asked(db, card_id), steps=cards.steps(db, card_id), last=cards.last_step(db, card_id),
        names=staff.names(db), people=patients.get_many(db, ids), step_names=cards.STEPS, what=WHAT, yuan=cards.yuan,
        today=clock.today().isoformat(),
    )


WHAT = {
    "price": N_("Price"), "credit": N_("The old card's price counts"), "granted": N_("Included"),
    "counted": N_("Used before the upgrade"), "used": N_("Used"), "undone": N_("Given back"),
}


def _own(db: TheDb, patient: patients.Patient, card_id: int) -> cards.Card:
    card = cards.get(db, patient.id, card_id)
    if card is None:
        raise NotFound()
    return card


def _cards(db: TheDb, patient: ThePatient, alike: list = (), **wrong: Form) -> Page:
    """wrong: the form that could not be accepted, by its name."""
    held, sold = cards.cards_of(db, patient.id), [one for one in cards.types(db) if not one.retired]
    card = next((one for one in held if not one.closed), None)
    last = cards.last_step(db, card.id if card else held[0].id) if held else None
    forms = {name: blank(shape, **_start(shape, card)) for name, shape in FORMS.items()}
    return page(
        "cards/index.html", "cards", patient=patient, card=card, closed=[one for one in held if one.closed], alike=alike,
        sold=sold, kind=next((one for one in sold if card and one.id == card.type_id), None), last=last,
        step_names=cards.STEPS, today=clock.today().isoformat(), yuan=cards.yuan,
        status=422 if wrong else 200, **(_on(db, card) if card else {}), **forms | wrong,
    )


def _on(db: TheDb, card: cards.Card) -> dict[str, Any]:
    """What stands on the page of an open card."""
    ids, today = cards.people(db, card.id), clock.today().isoformat()
    who = patients.get_many(db, ids)
    return {
        "accounts": [one for one in cards.accounts(db, card.id) if (one.ends_on or today) >= today], "usable": {one.id for one in cards.usable(db, card.id)},
        "people": [who[id] for id in ids if id in who], "asked": cards.asked(db, card.id),
    }


def _start(shape: type, card: cards.Card | None) -> dict[str, Any]:
    if shape is cards.Use:
        return {"token": secrets.token_hex(16)}
    start = {"seen": card.seen} if card and shape not in (Opening, Joining) else {}
    return start | ({"add_days": True} if shape is cards.Resumption else {})


FORMS = {
    "opening": Opening, "closing": cards.Closing, "suspension": cards.Suspension, "resumption": cards.Resumption,
    "renewal": cards.Renewal, "replacement": cards.Replacement, "upgrading": cards.Upgrade, "using": cards.Use, "joining": Joining,
}
handlers = [
    index, create, show, close, suspend, resume, renew, replace, upgrade, use, give_back, undo, add_person, remove_person,
]
