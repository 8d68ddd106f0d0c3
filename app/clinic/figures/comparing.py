"""Two responses of a person to the same questionnaire, question by question."""

import msgspec

from app.clinic import responses
from app.clinic.questionnaires import Item
from app.clinic.responses import Line, Response, Told
from app.core.db import Database


class Row(msgspec.Struct, frozen=True):
    """The same question in both; None where it was not asked or answered."""

    item: Item
    depth: int
    turn: int
    before: Line | None
    after: Line | None

    def differs(self, language: str) -> bool:
        return self.said(self.before, language) != self.said(self.after, language)

    def said(self, line: Line | None, language: str) -> str:
        return line.told(language) if line else ""


class Compared(msgspec.Struct, frozen=True):
    """scores: (item, before, after)."""

    before: Response
    after: Response
    scores: tuple[tuple[Item, Told | None, Told | None], ...]
    rows: tuple[Row, ...]


def side_by_side(db: Database, first: Response, second: Response) -> Compared:
    """The older one first. Both completed, of the same questionnaire and person."""
    before, after = sorted((first, second), key=lambda one: (one.completed_at, one.id))
    lines = [{line.path: line for line in responses.lines(responses.definition_of(db, one), responses.fhir(db, one.id))} for one in (before, after)]
    scores = [{told.item.link_id: told for told in responses.scored(responses.definition_of(db, one), responses.answers(db, one.id))} for one in (before, after)]
    return Compared(
        before, after, tuple((_one(scores, id).item, scores[0].get(id), scores[1].get(id)) for id in _merged(*map(list, scores))),
        tuple(_row(path, *lines) for path in _merged(*map(list, lines))),
    )


def _one(both: list[dict], key: str):
    return both[1].get(key) or both[0][key]


def _row(path: str, before: dict[str, Line], after: dict[str, Line]) -> Row:
    line = after.get(path) or before[path]
    return Row(line.item, line.depth, line.turn, before.get(path), after.get(path))


def _merged(before: list[str], after: list[str]) -> list[str]:
    """In the order of the newer one; what only the older has stays behind what it followed there."""
    merged = list(after)
    for n, path in enumerate(before):
        if path not in merged:
            ahead = next((one for one in reversed(before[:n]) if one in merged), None)
            merged.insert(merged.index(ahead) + 1 if ahead else 0, path)
    return merged
