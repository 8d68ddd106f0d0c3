"""What could not be worked out when a response was handed in: kept with it, so that a score is never silently absent."""

from typing import Any

import msgspec

from app.clinic.questionnaires import Definition, Item, State
from app.clinic.responses.typed import item_at

URL = "urn:yihe:not-worked-out"
OPEN = "unanswered"  # nothing is wrong: there is no result from these answers


class Unscored(msgspec.Struct, frozen=True):
    """item: None for something of the questionnaire as a whole. why: slow, broken, loop, unsupported, or unanswered."""

    item: Item | None
    why: str

    @property
    def wrong(self) -> bool:
        return self.why != OPEN


def marks(state: State) -> list[dict[str, Any]]:
    """As the QuestionnaireResponse keeps it."""
    found = {score.path: OPEN for score in state.scores if score.value is None} | {problem.path: problem.what for problem in state.problems}
    return [
        {"url": URL, "extension": [{"url": "path", "valueString": path or "-"}, {"url": "why", "valueCode": why}]} for path, why in found.items()
    ]


def unscored(definition: Definition, said: dict[str, Any]) -> list[Unscored]:
    parts = ({part["url"]: part for part in one["extension"]} for one in said.get("extension", []) if one.get("url") == URL)
    found = [Unscored(item_at(definition, part["path"]["valueString"]), part["why"]["valueCode"]) for part in parts]
    return sorted(found, key=lambda one: not one.wrong)
