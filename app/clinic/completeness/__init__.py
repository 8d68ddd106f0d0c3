"""Completeness by purpose: what is missing to open a record, for a follow-up, for a risk model; and one form that asks only that.

A purpose is data with a source (purposes.json): things to ask, each a fact about the person, a section of the record or
an indicator not older than so many days. Every answer is saved by its own domain's verb, all of them in one
transaction or none; what is wrong stands beside its field.
"""

from app.clinic.completeness.asking import Asked, asked
from app.clinic.completeness.queries import State, opening, state, states
from app.clinic.completeness.saving import save, standing
from app.clinic.completeness.shapes import ASKS, PURPOSES, Ask, Purpose, purpose

__all__ = [
    "ASKS", "PURPOSES", "Ask", "Asked", "Purpose", "State", "asked", "opening", "purpose", "save", "standing",
    "state", "states",
]
