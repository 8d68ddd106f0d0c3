"""No query reads a whole large table to find a few rows: every one that does is named here, with its reason."""

import importlib
import pkgutil
import re

import app.clinic
from app.core.db import Database

SMALL = {"staff", "tablets", "settings", "card_terms", "card_types", "tag_rules", "recall_lists", "import_senders", "import_mappings", "daily_runs",
         "catalogue_overrides", "sessions", "import_batches", "rosters", "roster_sources", "questionnaires", "own_pathways",
         "backup_places", "backups", "_sqlite_migrations"}  # fmt: skip
WHOLE_TABLE_BY_DESIGN = {
    "dossiers.actions.FREE": "once when the house starts",
    "invitations.entering.DROP_OLD": "once a night",
    "invitations.many.FREE": "once when the house starts",
    "patients.pairs.SAME_PHONE": "once a week: everybody against everybody",
    "patients.pairs.SAME_NAME": "once a week",
    "patients.pairs.SAME_UNDATED": "once a week",
    "reports.actions.FREE": "once when the house starts",
    "reports.queries.TODAY": "once for each report that is wanted; few rows beside the drawing that follows",
    "staff.drafts.DROP_OLD": "once a night; a few half-typed forms",
    "staff.holding.FORGET_FAILURES": "wrong passwords of the last hour",
    "staff.sending.DROP_OLD": "once a night; the forms of three days",
    "work.handover.LEFT_BEHIND": "only when somebody leaves the staff",
    "work.reminders.RUNG": "three rows a day for each member of staff",
}


def queries() -> dict[str, str]:
    """Every SQL constant of the clinic packages, by module and name."""
    found = {}
    for module in pkgutil.walk_packages(app.clinic.__path__, "app.clinic."):
        for name, value in vars(importlib.import_module(module.name)).items():
            whole = name.isupper() and not name.startswith("_")  # a leading _ marks a part of queries
            if whole and isinstance(value, str) and "{" not in value and re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", value):
                found.setdefault(value, f"{module.name.removeprefix('app.clinic.')}.{name}")
    return {name: sql for sql, name in found.items()}


def scans(db: Database, sql: str) -> list[str]:
    """Large tables the plan reads from end to end."""
    params = {name: "[]" for name in re.findall(r"(?<!:):([a-z_]\w*)", sql)}
    plan = [row[3] for row in db.all(tuple, f"EXPLAIN QUERY PLAN {sql}", **params)]
    aliases = dict(re.findall(r"(?:FROM|JOIN)\s+([a-z_]+)\s+(?:AS\s+)?([a-z]+)\b", sql))
    aliases = {alias: table for table, alias in aliases.items()}
    if "LIMIT" in sql and not any("TEMP B-TREE" in line for line in plan):
        return []  # reads in order and stops early
    partial = set(db.all(str, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'"))
    read = [re.match(r"SCAN (\w+)\b(?! VIRTUAL)", line) for line in plan if line.split()[-1] not in partial]
    tables = [aliases.get(match[1], match[1]) for match in read if match]
    return [table for table in tables if table in db.columns and table not in SMALL]


def test_no_query_reads_a_whole_large_table(db: Database) -> None:
    found = {}
    for name, sql in queries().items():
        if (read := scans(db, sql)) and name not in WHOLE_TABLE_BY_DESIGN:
            found[name] = read
    assert found == {}


def test_the_net_catches_a_scan(db: Database) -> None:
    assert scans(db, "SELECT id FROM observations o WHERE o.unit = :unit") == ["observations"]
    assert scans(db, "SELECT id FROM observations WHERE patient_id = :patient AND retired_event_id IS NULL") == []
