"""A completed response line by line, as it was asked and answered: nothing is worked out again."""

from collections.abc import Iterator
from typing import Any

import msgspec

from app.clinic.questionnaires import Band, Definition, Item, Value, key
from app.clinic.responses.shapes import Answer
from app.clinic.responses.typed import told


class Line(msgspec.Struct, frozen=True):
    """path: as in `Given`. values: empty for a group. turn: of a repeated group, which one, from 1."""

    item: Item
    path: str
    depth: int
    values: list[Value]
    turn: int = 0

    def told(self, language: str) -> str:
        return told(self.item, self.values, language)


def lines(definition: Definition, said: dict[str, Any]) -> list[Line]:
    """In the order asked; without the scores, which are told by themselves, and what the form keeps out of sight."""
    return list(_walk(definition, said, "", 0))


def _walk(definition: Definition, around: dict[str, Any], prefix: str, depth: int) -> Iterator[Line]:
    turns: dict[str, int] = {}
    for node in around.get("item", []):
        item = definition.by_id.get(node.get("linkId", ""))
        if item is None or item.score or item.hidden:
            continue
        path, repeated = prefix + key(item.link_id), item.type == "group" and item.repeats
        turn = turns[path] = turns.get(path, 0) + 1
        at = f"{path}[{turn - 1}]" if repeated else path
        values = [{name: one for name, one in answer.items() if name.startswith("value")} for answer in node.get("answer", [])]
        yield Line(item, at, depth, [value for value in values if value], turn if repeated else 0)
        for inner in [node, *node.get("answer", [])]:
            yield from _walk(definition, inner, f"{at}/" if repeated else prefix, depth + 1)


class Told(msgspec.Struct, frozen=True):
    """A score as it was worked out that day, with what it means and where that is from."""

    item: Item
    value: str
    band: Band | None


def scored(definition: Definition, rows: list[Answer]) -> list[Told]:
    """From the rows that were kept, with the bands of the version that was asked."""
    return [_told(definition.by_id[row.link_id], row) for row in rows if row.is_score and row.link_id in definition.by_id]


def _told(item: Item, row: Answer) -> Told:
    band = next((one for one in item.bands if one.code == row.band), None) if row.band else None
    unit = (item.unit or {}).get("display") or (item.unit or {}).get("code") or ""
    value = row.choice if row.choice is not None else f"{row.number:.10g} {unit}".strip()
    return Told(item, value, band)
