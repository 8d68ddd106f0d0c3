"""Answers that are measurements: checked while they are typed, filed with the results when the response is completed."""

from collections.abc import Iterable, Mapping

from app.clinic import catalogue, observations
from app.clinic.questionnaires import Given, Item, Place, State, Value
from app.clinic.responses.typed import shown
from app.core.words import _

LOINC = "http://loinc.org"


def indicator_of(item: Item) -> str:
    """The catalogue's code of what an item measures; blank where it measures nothing we keep."""
    if item.indicator in catalogue.indicators():
        return item.indicator
    if not item.extract:
        return ""
    codes = {one.get("code") for one in item.raw.get("code", ()) if isinstance(one, dict) and one.get("system") == LOINC}
    return next((code for code, one in catalogue.indicators().items() if one.loinc and one.loinc in codes), "")


def written(item: Item, value: Value) -> observations.Typed | None:
    """A number with its unit, as it would be typed on the page for results."""
    name, content = next(iter(value.items()))
    if name == "valueQuantity":
        return observations.Typed(indicator_of(item), shown(content.get("value")), content.get("unit") or content.get("code") or "")
    if name in ("valueDecimal", "valueInteger"):
        unit = item.unit or {}
        return observations.Typed(indicator_of(item), shown(content), unit.get("display") or unit.get("code") or "")
    return None


def typed(places: Iterable[Place], values: Given) -> dict[str, observations.Typed]:
    """Path → what was measured, of items that are shown and answered; of one indicator asked twice the last counts."""
    found: dict[str, tuple[str, observations.Typed]] = {}
    for place in places:
        if (code := indicator_of(place.item)) and (value := values.get(place.path)) and (one := written(place.item, value[0])):
            found[code] = (place.path, one)
    return dict(found.values())


def impossible(state: State, paths: Iterable[str]) -> dict[str, str]:
    """Path → why, of these answers that cannot be a measurement."""
    measured = typed(state.shown, state.values)
    wrong = understood(measured).errors
    return {path: _(wrong[one.code][0], **wrong[one.code][1]) for path, one in measured.items() if path in paths and one.code in wrong}


def understood(measured: Mapping[str, observations.Typed]) -> observations.Entry:
    """Unusual values are taken as they are: whoever answers says what is."""
    fields = list(measured.values())
    return observations.understand(fields, frozenset(one.key for one in fields))
