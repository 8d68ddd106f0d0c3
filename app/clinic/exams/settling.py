"""Filing a chunk of lines: each value ends filed, recognised as filed before, or stopped with a reason."""

import json
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from app.clinic import catalogue, observations, patients
from app.clinic.exams.matching import Holders, contradicts, may_be_registered, new_patient, owner, people_of, system_of
from app.clinic.exams.shapes import Incoming, Outcome
from app.clinic.observations import NewValue
from app.core import settings
from app.core.access import Actor
from app.core.db import Database

FILED = """
SELECT r.patient_id, o.taken_at, o.code, o.value, o.comparator, o.text
FROM diagnostic_reports r JOIN observations o ON o.report_id = r.id
WHERE r.patient_id IN (SELECT value FROM json_each(:patients)) AND r.source = :sender AND r.withdrawn_event_id IS NULL
  AND r.taken_at IN (SELECT value FROM json_each(:days)) AND o.replaces_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM observation_inputs i WHERE i.observation_id = o.id)
"""

Key = tuple[int, str, str]
Content = tuple[float | None, str | None, str | None]


class Filing(msgspec.Struct, frozen=True):
    """How a batch is to be filed."""

    batch_id: int
    sender_id: int
    sender: str
    create_patients: bool
    work_from: str | None


def settle(
    db: Database, actor: Actor | None, how: Filing, lines: Sequence[Incoming], given: dict[int, int] | None = None,
    decided: bool = False,
) -> list[Outcome]:
    """What became of each line, in order. Only inside a transaction.

    given: position → patient it is known to be about. decided: a person looked at it and said so.
    """
    chunk = _Chunk(db, actor, how, lines, given or {}, decided)
    return [chunk.settle(n, incoming) for n, incoming in enumerate(lines)]


class _Chunk:
    def __init__(self, db: Database, actor: Actor | None, how: Filing, lines: Sequence[Incoming], given: dict[int, int], decided: bool):
        self.db, self.actor, self.how, self.given, self.decided = db, actor, how, given, decided
        self.holders = Holders(db, how.sender_id, people_of(lines))
        self.language = settings.get(db, "clinic_language", "zh")
        found = {id for incoming in lines for id in self.holders.of(incoming.person)} | set(given.values())
        self.patients = patients.get_many(db, sorted(found)) if found else {}
        self.filed = self._filed({incoming.taken_at for incoming in lines})

    def _filed(self, days: set[str]) -> dict[Key, set[Content]]:
        known: dict[Key, set[Content]] = defaultdict(set)
        rows = self.db.all(
            tuple, FILED, patients=json.dumps(sorted(self.patients)), sender=self.how.sender, days=json.dumps(sorted(days))
        ) if self.patients else ()
        for patient_id, taken_at, code, *content in rows:
            known[patient_id, taken_at, _family(code)].add(tuple(content))
        return known

    def settle(self, n: int, incoming: Incoming) -> Outcome:
        patient_id, created, reason = self._whose(n, incoming)
        if reason:
            stopped = incoming.n - incoming.left_out
            return Outcome(stops=((reason, None, stopped),) if stopped else ())
        fresh, duplicate, stops = [], 0, [(reason, place, 1) for reason, place in incoming.stops]
        for place, value in incoming.values:
            content = _content(value)
            known = self.filed[patient_id, incoming.taken_at, _family(value.code)]
            if content in known:
                duplicate += 1
            elif known and not self.decided:
                stops.append(("differs", place, 1))
            else:
                known.add(content)
                fresh.append(value)
        if fresh:
            observations.file_report(
                self.db, self.actor, self.patients[patient_id], incoming.taken_at, self.how.sender, fresh,
                batch_id=self.how.batch_id, work_from=self.how.work_from,
            )
        return Outcome(patient_id, created, len(fresh), duplicate, tuple(stops))

    def _whose(self, n: int, incoming: Incoming) -> tuple[int | None, bool, str]:
        """(patient, registered just now, "") or (None, False, reason)."""
        if not incoming.taken_at:
            return None, False, incoming.reason
        if n in self.given:
            if self.decided:
                self._learn(incoming, self.given[n])
            return self.given[n], False, ""
        patient_id, reason = owner(incoming, self.holders)
        if patient_id and contradicts(incoming.person, self.patients[patient_id], incoming.taken_at):
            return None, False, "contradicts"
        if reason == "unknown_person" and self.how.create_patients:
            reason = may_be_registered(incoming.person, self.holders)
            patient_id = None if reason else self._register(incoming)
            return patient_id, not reason, reason
        return patient_id, False, reason

    def _learn(self, incoming: Incoming, patient_id: int) -> None:
        """A person said whose it is: the sender's number is theirs from now on, if it is nobody's yet."""
        id = incoming.person.id
        if id and id not in self.holders.by_id and incoming.reason != "bad_document":
            with self.db.change(self.actor, "import.number_learnt", patient_id) as details:
                details |= {"number": id, "sender": self.how.sender}
                patients.add_identifier(self.db, patient_id, system_of(self.how.sender_id), id, details.event_id)
            self.holders.learn(incoming.person, patient_id)

    def _register(self, incoming: Incoming) -> int:
        new = new_patient(incoming.person, self.how.sender_id, incoming.taken_at, self.language)
        patient_id = patients.register(self.db, self.actor, new)
        self.patients[patient_id] = patients.get(self.db, patient_id)
        self.holders.learn(incoming.person, patient_id)
        return patient_id


def _family(code: str) -> str:
    """Glucose may since have been said to be fasting: it is the same result all the same."""
    return "GLU" if code in observations.GLUCOSE else code


def _content(value: NewValue) -> Content:
    number = value.value
    if number is not None and value.unit:
        number = catalogue.to_unit(value.code, number, value.unit)
    return number, value.comparator if number is not None else None, value.text or None
