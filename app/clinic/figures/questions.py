"""How each question of a questionnaire was answered: everybody's last response counts, once a person."""

from collections import defaultdict
from typing import Any

import msgspec

from app.clinic import criteria
from app.clinic.figures.withholding import LEAST, withheld
from app.clinic.questionnaires import Item, Text, Version
from app.core.db import Database

# Of everybody whose data may be used the last response that stands.
LAST = """
last AS MATERIALIZED (
  SELECT r.id, r.patient_id FROM responses r JOIN patients p ON p.id = r.patient_id
  WHERE r.questionnaire_id = :questionnaire AND r.completed_at IS NOT NULL AND r.retired_event_id IS NULL
    AND p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM responses n WHERE n.patient_id = r.patient_id AND n.questionnaire_id = r.questionnaire_id
      AND n.completed_at IS NOT NULL AND n.retired_event_id IS NULL
      AND (n.completed_at > r.completed_at OR (n.completed_at = r.completed_at AND n.id > r.id)))
)
"""
PEOPLE = f"WITH {LAST} SELECT count(*) FROM last"
CHOSEN = f"""
WITH {LAST}
SELECT a.link_id, CASE a.kind WHEN 'boolean' THEN iif(a.number, 'true', 'false') ELSE coalesce(a.choice, '') END AS word, count(DISTINCT a.patient_id)
FROM last JOIN answers a ON a.response_id = last.id WHERE a.is_score = 0 AND a.retired_event_id IS NULL GROUP BY a.link_id, word
"""
ANSWERED = f"""
WITH {LAST}
SELECT a.link_id, count(DISTINCT a.patient_id), avg(a.number) FILTER (WHERE a.kind = 'number')
FROM last JOIN answers a ON a.response_id = last.id WHERE a.is_score = 0 AND a.retired_event_id IS NULL GROUP BY a.link_id
"""


class Share(msgspec.Struct, frozen=True):
    """n: people, None where it is withheld. text: None for who did not answer. part: of everybody, in percent."""

    text: Text | None
    word: str
    n: int | None
    part: int | None = None


class Answers(msgspec.Struct, frozen=True):
    """shares: of a choice its options and the rest; of others who answered and who did not. mean: of numbers."""

    item: Item
    shares: tuple[Share, ...]
    mean: float | None = None


def questions(db: Database, version: Version) -> tuple[int | None, list[Answers]]:
    """How many people answered, and each question of the version in force; (None, []) where they are too few."""
    of = {"questionnaire": version.questionnaire_id}
    people = db.value(PEOPLE, **of)
    if people < LEAST:
        return (people or None), []
    chosen: dict[str, dict[str, int]] = defaultdict(dict)
    for link_id, word, n in db.all(tuple, CHOSEN, **of):
        chosen[link_id][word] = n
    answered = {link_id: (n, mean) for link_id, n, mean in db.all(tuple, ANSWERED, **of)}
    items = [item for item in version.definition.by_id.values() if item.type not in ("group", "display") and not item.score]
    return people, [_answers(item, people, chosen[item.link_id], *answered.get(item.link_id, (0, None))) for item in items]


def _answers(item: Item, people: int, chosen: dict[str, int], answered: int, mean: float | None) -> Answers:
    texts = criteria.answers.choices(item)
    if not texts:
        counts = {"answered": answered, "blank": people - answered}
        hidden = withheld(counts | {"all": people}, [("answered", "blank", "all")], {"all": False})
        return Answers(item, _shares(counts, hidden, people, {}), mean if answered >= LEAST and "answered" not in hidden else None)
    counts: dict[Any, int] = {("", word): chosen.get(word, 0) for word in texts}
    if others := sum(n for word, n in chosen.items() if word not in texts):
        counts["other"] = others
    if item.repeats:
        return Answers(item, _each_alone(counts | {"blank": people - answered}, people, texts))
    counts["blank"] = people - sum(counts.values())
    hidden = withheld(counts | {"all": people}, [(*counts, "all")], {"all": False})
    return Answers(item, _shares(counts, hidden, people, texts))


def _each_alone(counts: dict[Any, int], people: int, texts: dict[str, Text]) -> tuple[Share, ...]:
    """Of several options each stands against everybody who did not choose it."""
    hidden = {place for place, n in counts.items() if 0 < n < LEAST or 0 < people - n < LEAST}
    return _shares(counts, hidden, people, texts)


def _shares(counts: dict[Any, int], hidden: set, people: int, texts: dict[str, Text]) -> tuple[Share, ...]:
    found = []
    for place, n in counts.items():
        word = place[1] if isinstance(place, tuple) else place
        shown = (None, None) if place in hidden else (n, round(100 * n / people))
        found.append(Share(texts.get(word) if isinstance(place, tuple) else None, word, *shown))
    return tuple(found)
