from app.clinic import catalogue, tags
from app.core import chain, migrations
from app.core.db import Database

INTEGRITY = "PRAGMA integrity_check(20)"
FOREIGN_KEYS = """
SELECT "table", count(*) FROM pragma_foreign_key_check() GROUP BY "table"
"""


def findings(db: Database) -> list[str]:
    """What is wrong with the clinic's file and the shipped catalogue; empty when all is well. Changes nothing."""
    found = [f"The file is damaged: {line}." for line in db.all(str, INTEGRITY) if line != "ok"]
    found += [f"{rows} rows of {table} point at rows that are not there." for table, rows in db.all(tuple, FOREIGN_KEYS)]
    found += [f"A newer Yihe has changed this file ({name})." for name in migrations.unknown(db)]
    found += [f"The file is not up to date ({name}); starting Yihe brings it up to date." for name in migrations.pending(db)]
    found += [f"{fault}." for fault in chain.faults(db)] if "event_chain" in db.columns else []
    return found + [f"Catalogue: {fault}." for fault in catalogue.check() + tags.check()]
