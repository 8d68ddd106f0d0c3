"""The bundle is FHIR R4 as a library reads it, says everything that is kept, and nothing about anybody else."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fhirclient.models.bundle import Bundle

from app.clinic import patients, records
from app.clinic.dossiers.bundle import AT_AN_HOUR, IN_THE_PATIENT, MADE_BY
from app.clinic.dossiers.rows import LEFT_OUT
from tests.dossiers.conftest import PHONE, RELATIVE, bundle_of

# What FHIR has no resource for: its columns stand in Basic, one by one.
IN_BASIC = {
    "asked", "bulk_assigned", "card_entries", "card_people", "completions", "declined_offers", "dossiers", "duplicate_pairs", "household_members",
    "import_people", "merges", "mistakes", "roster_lines", "tag_holds", "tray_items",
}  # fmt: skip
# Said by an element in a code of FHIR's own, or of no meaning outside this file.
OTHERWISE = {
    ("family_history", "relative"), ("observations", "level"), ("patient_identifiers", "system"), ("related_people", "kind"),
}  # fmt: skip
UNSAID = {"id", "token"}


def of_type(told: dict[str, Any], type: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in told["entry"] if entry["resource"]["resourceType"] == type]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "data":
                yield b64decode(one).decode()
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    else:
        yield str(value)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def test_a_library_reads_it(told) -> None:
    Bundle(told, strict=True)
    assert Bundle(json.loads(json.dumps(told))).as_json()


def test_every_reference_resolves_and_no_id_stands_twice(told) -> None:
    named = Counter(entry["fullUrl"] for entry in told["entry"])
    assert [url for url, n in named.items() if n > 1] == []
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in told["entry"])
    assert set(references(told)) <= set(named)


def test_every_table_is_told_somehow() -> None:
    """A new table must be given a resource, a place in Basic, or a reason why it is left out."""
    ways = [set(MADE_BY), set(AT_AN_HOUR), IN_THE_PATIENT, IN_BASIC, set(LEFT_OUT)]
    declared = {table for table, _column in patients.BELONGINGS}
    assert declared <= set().union(*ways), sorted(declared - set().union(*ways))
    assert all(LEFT_OUT.values())
    twice = [table for table in declared if sum(table in way for way in ways) > 1]
    assert twice == []


def test_what_stands_in_a_column_stands_in_the_bundle(db, person, told) -> None:
    said = "\n".join(strings(told))
    missing = set()
    for table, column in patients.BELONGINGS:
        for row in db.all(dict, f"SELECT * FROM {table} WHERE {column} = :id", id=person) if table not in LEFT_OUT else ():
            if table not in ("related_people", "roster_lines") or row["patient_id"] == person:  # else it is somebody else's
                missing |= {(table, name, value) for name, value in row.items() if not _found(table, name, value, said)}
    assert not missing, "\n".join(map(str, sorted(missing, key=str)))


def _found(table: str, name: str, value: Any, said: str) -> bool:
    if value in (None, "", 0) or (table, name) in OTHERWISE or name in UNSAID or name.endswith("_id"):
        return True
    return str(value) in said
