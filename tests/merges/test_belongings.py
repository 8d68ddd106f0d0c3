"""Nothing of a person is forgotten when two records become one: the list of belongings is held against the schema."""

import re

from app.clinic import patients
from app.clinic.patients import choosing
from tests.merges.conftest import OF_TWO


def references(db) -> set[tuple[str, str]]:
    """Every column of the schema that names a person."""
    tables = db.all(str, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {
        (table, column) for table in tables
        for column, of in db.all(tuple, 'SELECT "from", "table" FROM pragma_foreign_key_list(:table)', table=table) if of == "patients"
    }


def test_every_table_that_names_a_person_is_declared(db) -> None:
    missing = references(db) - set(patients.BELONGINGS)
    assert not missing, f"declare with patients.belongs beside the table's queries: {sorted(missing)}"
    assert not set(patients.BELONGINGS) - references(db), "declared, and not in the schema"


def test_no_column_names_a_person_without_saying_so(db) -> None:
    """A patient_id without a foreign key would be seen by nobody."""
    tables = db.all(str, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    hidden = {(table, column) for table in tables for column in db.columns.get(table, ()) if re.search(r"patient_id$", column)}
    assert hidden <= references(db)


def test_the_person_of_these_tests_has_something_in_every_table(db, two) -> None:
    for table, column in patients.BELONGINGS:
        for person in two:
            if table not in OF_TWO:
                assert db.value(f"SELECT count(*) FROM {table} WHERE {column} = :id", id=person), f"{table}.{column}"


def test_every_column_of_a_person_is_chosen_or_said_to_stay(db) -> None:
    chosen = {column for columns in choosing.COLUMNS.values() for column in columns}
    stays = {"id", "number", "version", "no_document", "token", "created_event_id", "withdrawn_event_id", "restricted_event_id"}
    assert chosen | stays == db.columns["patients"] and not chosen & stays


def test_where_two_live_rows_cannot_stand_the_declaration_says_so(db) -> None:
    """A unique index over live rows is matched by `alike`, or the row that moves would be left behind unseen."""
    for one in patients.BELONGINGS.values():
        unique = db.all(str, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = :t AND sql LIKE 'CREATE UNIQUE%WHERE%NULL'", t=one.table)
        for sql in unique:
            columns = [name.strip().split()[0] for name in re.search(r"\(([^)]*)\)", sql)[1].split(",")]
            if one.column in columns and not one.stays:
                assert one.ended in sql and set(one.alike or ()) <= set(columns), (one, sql)
