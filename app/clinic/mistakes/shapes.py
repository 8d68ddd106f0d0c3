from collections.abc import Callable
from typing import Any

import msgspec

from app.clinic.patients import Patient
from app.core.access import Actor, May
from app.core.db import Database


class Entry(msgspec.Struct, frozen=True):
    """What somebody is about to strike out. told: (what, text). path: where it is seen, after the person's address.

    whole: what its package reads. gone: taken out already. sensitive: nothing of it stands in an event.
    """

    id: int
    title: str
    told: list[tuple[str, str]]
    path: str
    whole: Any
    gone: bool = False
    sensitive: bool = False


class Kind(msgspec.Struct, frozen=True):
    """A kind of entry. name: a word's id. needs: who may strike it out. noun: of its events."""

    id: str
    name: str
    find: Callable[[Database, Actor, int, int], Entry | None]
    strike: Callable[[Database, Actor, Patient, Entry, str], Any]
    refile: Callable[[Database, Actor, Patient, Entry], Any]
    needs: May = May.RECORD_CLINICAL
    noun: str = "entry"


class Mistake(msgspec.Struct, frozen=True):
    """An entry that was struck out. right: the number it is filed with now, or blank. at: UTC."""

    id: int
    patient_id: int
    kind: str
    entry_id: int
    reason: str
    by: str
    at: str
    right_id: int | None
    right: str
