"""One truth: what is shown, required, missing, worked out and scored, all from the answers.

What is not asked is neither required nor handed in; its answers are kept aside in case it returns. A person's answer to a
calculated question that is not read-only stands; otherwise the calculation does.
"""

from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.answerable import required as must_be_answered
from app.clinic.questionnaires.answerable import upward
from app.clinic.questionnaires.conditions import bare
from app.clinic.questionnaires.layout import Layout, layout
from app.clinic.questionnaires.settling import Context, Settled, settle
from app.clinic.questionnaires.shapes import Definition, Given, Place, Problem, Scored, State
from app.clinic.questionnaires.working import Worked, work_out


def evaluate(
    definition: Definition, given: Given, context: Context, before: State | None = None, pinned: dict[str, Any] | None = None
) -> State:
    """What is so with these answers. Expressions are worked out anew only where what they depend on differs from `before`.

    `pinned` are the results of a State of the very same answers, kept by somebody: only what is not among them is worked out. The context
    has `patient` and whatever else the questionnaire's launchContext names, as FHIR resources, and `today` as a date's text.
    """
    laid = layout(definition, given)
    worked = work_out(definition, laid, given, context, before, pinned)
    return _state(definition, laid, given, worked, worked.settled)


def _state(definition: Definition, laid: Layout, given: Given, worked: Worked, settled: Settled) -> State:
    shown = _shown(laid, settled)
    asked = [place for place in shown if place.item.asked]
    parents = {path: place.parent for path, place in laid.by_path.items()}
    required = must_be_answered(parents, shown)
    return State(
        given=given, places=laid.places, shown=shown, open=settled.open, values=settled.values, calculated=settled.calculated,
        scores=tuple(_score(place, settled) for place in laid.places if place.item.score and place.path in settled.open),
        missing=_missing(parents, shown, required, settled), answered=sum(place.path in settled.values for place in asked), askable=len(asked),
        problems=_problems(worked), kept={path: values for path, values in given.items() if values and path not in settled.open},
        required=required, results=worked.results, inputs=worked.inputs,
    )  # fmt: skip


def _shown(laid: Layout, settled: Settled) -> tuple[Place, ...]:
    """Open, and in nothing that is hidden."""
    seen: set[str | None] = {None}
    found = []
    for place in laid.places:
        if place.parent in seen and place.path in settled.open and not place.item.hidden:
            seen.add(place.path)
            found.append(place)
    return tuple(found)


def _missing(parents: dict[str, str | None], shown: tuple[Place, ...], required: frozenset[str], settled: Settled) -> tuple[str, ...]:
    """A required group wants at least one answer of those in it."""
    filled = upward(parents, set(settled.values))
    return tuple(place.path for place in shown if place.path in required and place.path not in filled)


def _score(place: Place, settled: Settled) -> Scored:
    value = _worth(settled.values.get(place.path, []))
    band = next((band for band in place.item.bands if band.holds(value)), None)
    return Scored(place.item.link_id, place.path, place.item.text, value, band)


def _worth(values: list[dict[str, Any]]) -> Decimal | str | None:
    said = bare(values[0]) if values else None
    if isinstance(said, dict):
        said = said.get("value", said.get("code"))
    if isinstance(said, bool):
        return str(said).lower()
    return Decimal(said) if isinstance(said, int | Decimal) else said


def _problems(worked: Worked) -> tuple[Problem, ...]:
    return tuple(Problem(key.partition(" ")[2], found["problem"], found.get("why", "")) for key, found in worked.results.items() if isinstance(found, dict))


def changed(before: State | None, after: State) -> list[str]:
    """The places whose blocks must be sent again: come, gone, or with another answer, number of repetitions or duty."""
    if before is None:
        return [place.path for place in after.places]
    was, now = {place.path for place in before.shown}, {place.path for place in after.shown}
    there = {place.path for place in before.places}
    last = _last(before), _last(after)
    return [
        place.path for place in after.places
        if place.path not in there or (place.path in was) is not (place.path in now) or _differs(place.path, before, after)
        or last[0].get(place.path) != last[1].get(place.path)
    ] + sorted(there - {place.path for place in after.places})  # fmt: skip


def _differs(path: str, before: State, after: State) -> bool:
    return before.values.get(path) != after.values.get(path) or (path in before.required) is not (path in after.required)


def _last(state: State) -> dict[str, int]:
    """Of the last repetition of each group, which one it is: there stands the button for one more."""
    last: dict[str, Place] = {}
    for place in state.places:
        if place.within is not None:
            last[place.path[: place.path.rindex("[")]] = place
    return {place.path: place.within or 0 for place in last.values()}

