"""Everything that is kept about one person, row by row, as it stands in the file."""

import json
from collections import defaultdict
from typing import Any

import msgspec

from app.clinic import attachments, patients, records, staff
from app.core.access import Actor
from app.core.db import Database

Row = dict[str, Any]

OF = "SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(:people))"
WHEN = "SELECT id, at, actor_id FROM events WHERE id IN (SELECT value FROM json_each(:ids))"
NUMBERS = "SELECT id, number FROM patients WHERE id IN (SELECT value FROM json_each(:ids))"
# What hangs on rows that name the person, and does not name the person itself.
PARTS = {
    "work_steps": ("work_items", "work_id"), "finding_steps": ("findings", "finding_id"),
    **{table: ("encounters", "encounter_id") for table in (
        "encounter_texts", "assessments", "encounter_promises", "encounter_checks", "encounter_reports", "encounter_responses", "addenda")},
    "sittings": ("responses", "response_id"), "response_filings": ("responses", "response_id"),
    "medication_review_lines": ("medication_reviews", "review_id"), "observation_inputs": ("observations", "observation_id"),
    "work_findings": ("work_items", "work_id"), "card_numbers": ("cards", "card_id"), "card_periods": ("cards", "card_id"), "card_steps": ("cards", "card_id"),
}  # fmt: skip
PART = "SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(:ids))"
LEDGER = "SELECT * FROM card_entries WHERE patient_id IS NULL AND card_id IN (SELECT value FROM json_each(:ids))"
# What stands elsewhere already, or is no fact about anybody.
LEFT_OUT = {
    "patient_keys": "made from the names and numbers, to find them by",
    "merge_changes": "what rows said before two records were joined; the merges tell it",
    "answers": "every answer stands in its questionnaire response",
    "report_prints": "who printed a report stands in the events",
    "breakglass": "who broke the glass and why stands in the events, what they saw in the looks",
}


class Everything(msgspec.Struct, frozen=True):
    """tables: rows by table. parts: by table and the id they hang on. when: event id → (UTC stamp, staff id).

    numbers: other people's patient numbers; of them nothing else is told. joined: the person's own ids.
    results: the values of each report. questionnaires: those that were asked, version id → FHIR.
    """

    patient: patients.Patient
    joined: list[int]
    tables: dict[str, list[Row]]
    parts: dict[str, dict[int, list[Row]]]
    when: dict[int, tuple[str, int | None]]
    numbers: dict[int, str]
    staff: dict[int, str]
    withheld: int
    results: dict[int, list[int]]
    questionnaires: dict[int, str]


def everything(db: Database, actor: Actor, patient: patients.Patient) -> Everything:
    """As far as this actor may see it; withheld: how many sensitive rows they may not."""
    joined = patients.ids_of(db, patient.id)
    tables, hidden = _tables(db, joined), _hidden(db, actor, patient.id)
    count = _withhold(tables, hidden)
    parts = {table: _part(db, table, tables[of], column) for table, (of, column) in PARTS.items()}
    for id, lines in parts["medication_review_lines"].items():
        parts["medication_review_lines"][id] = [line for line in lines if line["medication_id"] not in hidden["medications"]]
    told = [*(row for rows in tables.values() for row in rows), *(row for some in parts.values() for rows in some.values() for row in rows)]
    return Everything(
        patient, joined, tables, parts, _when(db, told), _numbers(db, tables, set(joined)), staff.names(db), count, _results(tables),
        _asked(db, tables["responses"]))


ASKED = "SELECT id, fhir FROM questionnaire_versions WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id"


def _asked(db: Database, rows: list[Row]) -> dict[int, str]:
    return dict(db.all(tuple, ASKED, ids=json.dumps(sorted({row["version_id"] for row in rows}))))


def _results(tables: dict[str, list[Row]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in tables["observations"]:
        found[row["report_id"]].append(row["id"])
    return found


def _withhold(tables: dict[str, list[Row]], hidden: dict[str, set[int]]) -> int:
    """Take out what is not for these eyes, and what happened to it; how many entries those are."""
    count = 0
    for table, ids in hidden.items():
        kept = [row for row in tables[table] if row["id"] not in ids]
        count += len(tables[table]) - len(kept)
        tables[table] = kept
    tables["mistakes"] = [row for row in tables["mistakes"] if row["entry_id"] not in hidden.get(row["kind"], ())]
    secret = {(noun, id) for noun, table in _nouns().items() for id in hidden.get(table, ())}
    if secret:
        tables["events"] = [row for row in tables["events"] if not _about(row, secret)]
    return count


def _about(event: Row, secret: set[tuple[str, int]]) -> bool:
    noun = event["kind"].partition(".")[0]
    return (noun, (json.loads(event["details"]) or {}).get("entry")) in secret


def _tables(db: Database, joined: list[int]) -> dict[str, list[Row]]:
    """A row that names the person twice is told once."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for table, column in [("patients", "id"), *patients.BELONGINGS]:
        if table not in LEFT_OUT:
            for row in db.all(dict, OF.format(table=table, column=column), people=json.dumps(joined)):
                found[table][json.dumps(row, sort_keys=True)] = row
    for row in db.all(dict, LEDGER, ids=json.dumps([row["id"] for row in found["cards"].values()])):
        found["card_entries"][json.dumps(row, sort_keys=True)] = row
    for row in found["roster_lines"].values():
        if row["patient_id"] not in joined:  # somebody else's line, that was only compared with this person
            row["cells"], row["before"] = "[]", None
    return {table: list(rows.values()) for table, rows in found.items()} | {
        table: [] for table, _column in patients.BELONGINGS if table not in found and table not in LEFT_OUT}


def _part(db: Database, table: str, rows: list[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in db.all(dict, PART.format(table=table, column=column), ids=json.dumps([row["id"] for row in rows])):
        found[row[column]].append(row)
    return found


def _hidden(db: Database, actor: Actor, patient_id: int) -> dict[str, set[int]]:
    """Table → the ids of rows that are not for these eyes."""
    sections = _nouns()
    found: dict[str, set[int]] = defaultdict(set)
    for noun, id in records.withheld(db, actor, patient_id) | attachments.withheld(db, actor, patient_id):
        found[sections[noun]].add(id)
    return found


def _nouns() -> dict[str, str]:
    """The first word of an entry's events → its table."""
    return {section.noun: section.id for section in records.SECTIONS.values()} | {"attachment": "attachments"}


def _when(db: Database, rows: list[Row]) -> dict[int, tuple[str, int | None]]:
    named = {value for row in rows for name, value in row.items() if name.endswith("event_id") and value}
    return {id: (at, actor) for id, at, actor in db.all(tuple, WHEN, ids=json.dumps(sorted(named)))}


OTHERS = {
    "kinships": ("patient_id", "relative_id"), "declined_offers": ("patient_id", "relative_id"), "related_people": ("patient_id", "other_id"),
    "merges": ("gone_id", "kept_id"), "duplicate_pairs": ("first_id", "second_id"), "mistakes": ("patient_id", "right_id"),
    "roster_lines": ("patient_id", "alike_id"), "card_entries": ("patient_id",), "cards": ("patient_id",), "card_people": ("patient_id",),
}  # fmt: skip


def _numbers(db: Database, tables: dict[str, list[Row]], own: set[int]) -> dict[int, str]:
    others = {row[name] for table, names in OTHERS.items() for row in tables.get(table, ()) for name in names if row[name]}
    return dict(db.all(tuple, NUMBERS, ids=json.dumps(sorted(others | own))))
