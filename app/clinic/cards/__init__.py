"""Cards: the membership a person holds. Opening one starts the work that follows.

A person has at most one open card. Its number carries a check digit and finds the person even after
the card is closed. A card keeps the price and validity it was opened with when its type changes.
"""

from app.clinic.cards.actions import add_type, close, edit_type, open_card, retire_type, seed
from app.clinic.cards.queries import cards_of, current, get_type, numbers, types
from app.clinic.cards.shapes import Card, CardType, Closing, NewType, yuan

__all__ = [
    "Card", "CardType", "Closing", "NewType", "add_type", "cards_of", "close", "current", "edit_type", "get_type",
    "numbers", "open_card", "retire_type", "seed", "types", "yuan",
]
