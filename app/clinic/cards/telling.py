"""The sentences the timeline tells of cards, made when they are read."""

from collections.abc import Callable
from typing import Any

from app.clinic.cards.shapes import KINDS, spaced
from app.core.words import N_, _, ours, pick

STEPS = {
    "opened": N_("Card opened"), "renewed": N_("Renewed"), "suspended": N_("Card suspended"), "resumed": N_("Resumed"),
    "replaced": N_("New number"), "upgraded": N_("Upgraded"), "closed": N_("Card closed"),
}


def describe(sentence: str) -> Callable[[dict[str, Any]], str]:
    """How a card's event is told: its number, its type, why, and what of it was used."""
    return lambda details: _(sentence, **_places(details))


def _places(details: dict[str, Any]) -> dict[str, Any]:
    number, reason = details.get("number", "—"), details.get("reason", "")
    kind = details.get("kind")
    return {
        "name": pick(details.get("name_zh", ""), details.get("name_en", "")),
        "number": spaced(number), "old": spaced(details.get("old", "")),
        "reason": _(reason) if ours(reason) else reason, "until": details.get("until") or _("always"),
        "left": details.get("left", ""), "step": _(STEPS.get(details.get("step", ""), "")),
        "service": _(KINDS[kind]) if kind in KINDS else pick(details.get("service_zh", ""), details.get("service_en", "")),
    }
