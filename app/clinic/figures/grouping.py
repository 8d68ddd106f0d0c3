"""How the scores of a questionnaire fall in groups of people: by sex, by age, with and without a tag."""

from typing import Any

import msgspec

from app.clinic.figures.questions import LAST
from app.clinic.figures.withholding import LEAST, withheld
from app.clinic.questionnaires import Band, Item, Version
from app.core import clock
from app.core.db import Database
from app.core.words import N_

AGES = (18, 45, 60, 75)
AGE = "(:year - substr(p.birth_date, 1, 4) - (:monthday < substr(p.birth_date, 6)))"
BELOW = " ".join(f"WHEN {AGE} < {age} THEN '{age}'" for age in AGES)
SQL = {
    "sex": "p.sex",
    "age": f"CASE WHEN p.birth_date IS NULL THEN 'unknown' {BELOW} ELSE 'older' END",
    "tag": "iif(EXISTS (SELECT 1 FROM tags t WHERE t.patient_id = p.id AND t.code = :tag AND t.removed_event_id IS NULL), 'with', 'without')",
}
GROUPINGS = {"sex": N_("Sex"), "age": N_("Age"), "tag": N_("Tag")}
ORDER = {"sex": ("female", "male", "unknown"), "age": (*map(str, AGES), "older", "unknown"), "tag": ("with", "without")}
SCORES = f"""
WITH {LAST}
SELECT {{group}} AS among, coalesce(a.band, '') AS band, count(*) AS n, sum(a.number) AS total
FROM last JOIN answers a ON a.response_id = last.id JOIN patients p ON p.id = last.patient_id
WHERE a.is_score = 1 AND a.link_id = :score AND a.retired_event_id IS NULL GROUP BY among, a.band
"""


class Groups(msgspec.Struct, frozen=True):
    """rows: (group, counts by column, mean), the last of everybody. columns: the bands, None for scores in none, "all" at the end.

    A count or mean of None is withheld.
    """

    item: Item
    columns: tuple[Band | None, ...]
    rows: tuple[tuple[str, tuple[int | None, ...], float | None], ...]


def groups(db: Database, version: Version, score: Item, by: str, tag: str = "") -> Groups | None:
    """None where fewer than five people have this score."""
    today = clock.today().isoformat()
    asked = {"questionnaire": version.questionnaire_id, "score": score.link_id, "tag": tag, "year": int(today[:4]), "monthday": today[5:]}
    found = db.all(tuple, SCORES.format(group=SQL[by]), **{name: value for name, value in asked.items() if f":{name}" in SCORES + SQL[by]})
    if sum(n for _group, _band, n, _total in found) < LEAST:
        return None
    return _shown(score, by, found)


def _shown(score: Item, by: str, found: list[tuple[str, str, int, float | None]]) -> Groups:
    known = {band.code: band for band in score.bands}
    bands = [*known, *([""] if any(band not in known for _group, band, *_rest in found) else [])]
    named = [group for group in ORDER[by] if any(one[0] == group for one in found)]
    counts: dict[Any, int] = {(group, band): 0 for group in (*named, "all") for band in (*bands, "all")}
    totals: dict[str, float] = dict.fromkeys((*named, "all"), 0.0)
    for group, band, n, total in found:
        for row in (group, "all"):
            totals[row] += total or 0
            for column in (band if band in known else "", "all"):
                counts[row, column] += n
    hidden = _hidden(counts, named, bands)
    numbers = any(total is not None for *_rest, total in found)
    return Groups(score, tuple(known.get(band) for band in bands), tuple(
        _row(group, bands, counts, hidden, totals[group] if numbers else None) for group in (*named, "all")))


def _hidden(counts: dict[Any, int], groups: list[str], bands: list[str]) -> set:
    """What everybody's row withholds is the same by whatever they are grouped, so it is settled first and by itself."""
    everybody = [("all", band) for band in (*bands, "all")]
    last = withheld({place: counts[place] for place in everybody}, [everybody], {("all", "all"): False})
    lines = [[(group, band) for band in (*bands, "all")] for group in groups]
    lines += [[(group, band) for group in (*groups, "all")] for band in (*bands, "all")]
    return withheld(counts, [*lines, everybody], {place: place in last for place in everybody})


def _row(group: str, bands: list[str], counts: dict[Any, int], hidden: set, total: float | None) -> tuple:
    shown = tuple(None if (group, band) in hidden else counts[group, band] for band in (*bands, "all"))
    n = shown[-1]
    return group, shown, round(total / n, 1) if n and total is not None else None
