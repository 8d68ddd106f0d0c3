"""Cards: the membership a person or a family holds. Opening one starts the work that follows.

A type has versions; a card goes on by the version it was sold by, from period to period. A person is on at
most one open card. Its numbers carry a check digit and find the person for ever; only the last one is valid.
What a card includes is used up in a ledger that always adds up, by the work that serves it or by hand. Every
step on a card keeps the state before, so the last one can be taken back.
"""

from app.clinic.cards.actions import close, open_card, renew, replace, resume, suspend, upgrade
from app.clinic.cards.entries import accounts, asked, lines, usable
from app.clinic.cards.family import add_person, remove_person
from app.clinic.cards.ledger import give_back, use
from app.clinic.cards.papers import PAPERS, Paper, document, paper
from app.clinic.cards.queries import cards_of, current, expiring, get, get_type, numbers, people, sold, steps, types
from app.clinic.cards.scanning import scan
from app.clinic.cards.selling import add_type, as_new, edit_type, restore_type, retire_type, seed
from app.clinic.cards.serving import follow
from app.clinic.cards.shapes import KINDS, PROBLEMS, Account, Card, CardType, Entitlement, Expiring, Line, Scan, Step, yuan
from app.clinic.cards.telling import STEPS
from app.clinic.cards.typed import COLOURS, Closing, NewType, Renewal, Replacement, Resumption, Suspension, Upgrade, Use
from app.clinic.cards.undoing import last_step, undo

__all__ = [
    "Account", "COLOURS", "Card", "CardType", "Closing", "Entitlement", "Expiring", "KINDS", "Line", "NewType", "PAPERS", "PROBLEMS", "Paper", "Renewal",
    "Replacement", "Resumption", "STEPS", "Scan", "Step", "Suspension", "Upgrade", "Use", "accounts", "add_person",
    "add_type", "as_new", "asked", "cards_of", "close", "current", "document", "edit_type", "expiring", "follow", "get", "get_type",
    "give_back", "last_step", "lines", "numbers", "open_card", "paper", "people", "remove_person", "renew", "replace",
    "restore_type", "resume", "retire_type", "scan", "seed", "sold", "steps", "suspend", "types", "undo", "upgrade", "usable",
    "use", "yuan",
]
