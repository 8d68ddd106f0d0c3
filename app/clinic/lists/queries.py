from collections.abc import Iterator

from app.clinic.lists.filtering import whom
from app.clinic.lists.shapes import Row, View
from app.core.db import Database

_ROW = "SELECT p.id, p.number, p.name, p.sex, p.birth_date, p.birth_about, p.doctor_id, p.manager_id"
OLDER = "{row} {whom} AND {key} < :edge ORDER BY {key} DESC LIMIT :limit"
NEWER = "{row} {whom} AND {key} > :edge ORDER BY {key} LIMIT :limit"


def page_of(db: Database, view: View, *, before: int | None = None, after: int | None = None, limit: int = 50) -> list[Row]:
    """Newest first: those next below `before`, or those next above `after`."""
    people, key, values = whom(view)
    if after is None:
        return db.all(Row, OLDER.format(row=_ROW, whom=people, key=key), **values, edge=before or 2**62, limit=limit)
    return db.all(Row, NEWER.format(row=_ROW, whom=people, key=key), **values, edge=after, limit=limit)[::-1]


def count(db: Database, view: View) -> int:
    people, _key, values = whom(view)
    return db.value(f"SELECT count(*) {people}", **values)


def ids(db: Database, view: View, limit: int = 2**62) -> list[int]:
    """Everybody on the list, newest first: what a list was when something was done with all of it."""
    people, key, values = whom(view)
    return db.all(int, f"SELECT p.id {people} ORDER BY {key} DESC LIMIT :limit", **values, limit=limit)


THESE = f"""
{_ROW} FROM patients p WHERE p.id IN (SELECT value FROM json_each(:ids))
  AND p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL ORDER BY p.id DESC
"""
CHUNK = 500


def rows_of(db: Database, people: list[int]) -> Iterator[list[Row]]:
    """These people in handfuls, each read by itself, so that nothing waits long for any of it."""
    for start in range(0, len(people), CHUNK):
        yield db.all(Row, THESE, ids=str(people[start : start + CHUNK]))
