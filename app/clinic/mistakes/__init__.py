"""Entered in error: an entry of the wrong person is struck out with a reason, and filed with the right one in one step.

Nothing is deleted: each kind of entry is taken out by its own package's verb, so what followed from it (findings, tags,
work) settles as after any other write. Both timelines say it, by number and never by name. An entry that was struck out
before anybody knew whose it is can be filed with the right person later.
"""

from app.clinic.mistakes.actions import mark, refile
from app.clinic.mistakes.kinds import KINDS, find
from app.clinic.mistakes.queries import mistake
from app.clinic.mistakes.shapes import Entry, Kind, Mistake

__all__ = ["KINDS", "Entry", "Kind", "Mistake", "find", "mark", "mistake", "refile"]
