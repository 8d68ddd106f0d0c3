"""Whom a line may be about: somebody registered, or an earlier line of the same list. One likeness judges both."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from app.clinic import patients
from app.clinic.rosters import queries
from app.clinic.rosters.likeness import FOR, LIKELY, Likeness, Profile, compare, one_name, profile, sounds
from app.clinic.rosters.shapes import Said
from app.core.db import Database

MOST = 5  # earlier lines looked at for one thing in common: a whole village may share the shop's telephone


def systems(source_id: int) -> tuple[str, str]:
    """Under which a source's own numbers and its old cards' numbers are kept."""
    return f"roster:{source_id}", f"rostercard:{source_id}"


def numbers_of(said: Said, source_id: int) -> list[tuple[str, str]]:
    """Identifiers a line brings beside documents; our own number is none of theirs."""
    written = zip(systems(source_id), (said.number, said.card), strict=True)
    return [(system, value) for system, value in written if value and value not in said.own_numbers]


def new_patient(said: Said, source_id: int, crew: dict[tuple[str, str], int | None], language: str) -> patients.NewPatient:
    """As the line says. crew: (role, name as written) → who is meant."""
    return patients.NewPatient(
        name=said.name, sex=said.sex, birth_date=said.birth, birth_about=said.birth_about,
        phones=tuple(one.number for one in said.phones), owners=said.phones,
        identifiers=(*said.documents, *numbers_of(said, source_id)), address=said.address, language=said.language or language,
        doctor_id=crew.get(("doctor", said.doctor)), manager_id=crew.get(("manager", said.manager)), workplace=said.workplace,
        occupation=said.occupation, payment=said.payment, related=said.related, source="list",
    )


class Found(msgspec.Struct, frozen=True):
    """alike_id: somebody registered, else alike_line: an earlier line; neither where nobody is alike."""

    likeness: Likeness
    alike_id: int | None = None
    alike_line: int | None = None


class Earlier:
    """The lines read so far, found by what they have in common with the next."""

    def __init__(self, source_id: int) -> None:
        self.source_id = source_id
        self.profiles: dict[int, Profile] = {}
        self.by_key: dict[tuple, list[int]] = defaultdict(list)
        self.whole: dict[tuple[str, ...], int] = {}

    def add(self, line: int, cells: Sequence[str], said: Said) -> None:
        one = profile(said, numbers_of(said, self.source_id))
        self.profiles[line] = one
        self.whole.setdefault(tuple(cells), line)
        for key in _keys(one):
            self.by_key[key].append(line)

    def best(self, cells: Sequence[str], said: Said) -> tuple[Likeness, int | None]:
        one = profile(said, numbers_of(said, self.source_id))
        again = self.whole.get(tuple(cells))
        if again is not None and compare(one, self.profiles[again]).score >= LIKELY:  # two who share but a name may be two
            return Likeness(FOR["whole_line"][1], ("whole_line",)), again
        lines = {line for key in _keys(one) for line in self.by_key.get(key, ())[:MOST]}
        return max(((compare(one, self.profiles[line]), line) for line in sorted(lines)), key=_surest, default=(Likeness(0), None))


def _surest(found: tuple[Likeness, int | None]) -> int:
    return found[0].score


def _keys(one: Profile) -> Iterable[tuple]:
    yield from (("number", *number) for number in one.numbers)
    yield from (("phone", phone) for phone in one.phones)
    yield from ((what, value) for what, value in (("document", one.document), ("ours", one.ours), ("name", one.name)) if value)
    if one.birth:
        yield from (("sound", sound, one.birth) for sound in one.sounds)


def best(db: Database, source_id: int, cells: Sequence[str], said: Said, earlier: Earlier) -> Found:
    """The likeliest of all; of two equally likely the one who is registered."""
    here = candidates(db, source_id, said)
    if here and here[0][0].score > 0:
        likeness, alike_id = here[0]
        twin, line = earlier.best(cells, said)
        return Found(twin, alike_line=line) if twin.score > likeness.score else Found(likeness, alike_id=alike_id)
    twin, line = earlier.best(cells, said)
    return Found(twin, alike_line=line) if twin.score > 0 else Found(Likeness(0))


def candidates(db: Database, source_id: int, said: Said) -> list[tuple[Likeness, int]]:
    """Registered people like this line, the likeliest first."""
    ids = _alike(db, source_id, said)
    if not ids:
        return []
    people, numbers = patients.get_many(db, ids), queries.numbers_of(db, ids)
    mine = profile(said, numbers_of(said, source_id))
    found = [(compare(mine, _registered(one, numbers.identifiers[id], numbers.phones[id])), id) for id, one in people.items()]
    return sorted((one for one in found if one[0].score), key=lambda one: (-one[0].score, one[1]))


def _alike(db: Database, source_id: int, said: Said) -> list[int]:
    ids = [one.patient.id for one in patients.likely(db, new_patient(said, source_id, {}, "zh"))]
    for system, value in numbers_of(said, source_id):
        ids += patients.holders(db, system, [value]).values()
    ids += queries.ours(db, said.own_numbers).values()
    return list(dict.fromkeys(ids))


def _registered(one: patients.Patient, identifiers: list[tuple[str, str]], phones: list[str]) -> Profile:
    name = "" if one.name_is_number else one.name
    return Profile(
        one_name(name), sounds(name), one.sex, one.born, bool(one.birth_about), dict(identifiers).get(patients.RESIDENT_ID, ""),
        frozenset(phones), frozenset(identifiers), one.number,
    )


def registered(db: Database, one: patients.Patient) -> Said:
    """Somebody registered, in the words of a line."""
    return Said(
        name="" if one.name_is_number else one.name, sex=one.sex, birth=one.born, birth_about=bool(one.birth_about),
        documents=tuple(patients.documents(db, one.id)), phones=tuple(patients.lines(db, one.id)), address=one.address,
    )
