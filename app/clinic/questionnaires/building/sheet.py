"""One item, or what is said of the whole questionnaire, as the fields of a form: opened, and written back.

Writing back what was opened changes nothing. What cannot be read stays as it was and is named, so that what was typed can be kept.
"""

from typing import Any

from app.clinic.questionnaires.building import acting, branching, extending, measuring, options, scoring, whole, wording
from app.clinic.questionnaires.building.kinds import CHOICES, kind_of, may_turn, turn
from app.clinic.questionnaires.building.tree import find
from app.clinic.questionnaires.building.typed import Typed, clean

Raw = dict[str, Any]
POINTED = {"one", "several", "open", "number", "scale"}  # an answer can be above a limit
MOST_CHARACTERS = 4000


def opened(resource: dict, link_id: str) -> Raw:
    """The fields of this item; of none, the questionnaire's."""
    place = find(resource, link_id)
    if place is None:
        return whole.opened(resource)
    item, own, kind = place.item, wording.own(resource), kind_of(place.item)
    raw: Raw = {f"text_{one}": wording.said(item, "text", own, one) for one in wording.LANGUAGES}
    raw |= {"kind": kind, "required": "on" if item.get("required") is True else ""}
    raw |= measuring.opened_help(item, own) | measuring.opened_limits(item, kind) | measuring.opened_maps(item)
    for n, option in enumerate(options.options(item) if item.get("type") in CHOICES else []):
        raw |= {f"option.{n}.{name}": text for name, text in options.opened(option, own).items()}
    for n, row in enumerate(branching.rows(item)):
        raw |= {f"when.{n}.question": row.question, f"when.{n}.op": row.operator, f"when.{n}.answer": row.answer}
    raw["shown_if"] = branching.formula(item)
    raw["behaviour"] = "any" if item.get("enableBehavior") == "any" else "all"
    if kind in POINTED:
        alarm = extending.first(item, acting.ALARM) or {}
        raw["alarm.above"] = extending.shown(extending.value(alarm, "above"))
        raw |= {f"alarm.{name}": text for name, text in acting.opened_consequence(alarm, own).items()}
    return raw | (_opened_score(resource, item, own) if kind == "score" else {})


def _opened_score(resource: dict, item: dict, own: str) -> Raw:
    adding = scoring.sum_of(resource, item)
    raw: Raw = {"way": adding.way if adding else "own", "of": list(adding.of) if adding else [], "whole": "on" if adding and adding.whole else "",
                "expression": scoring.expression_of(item), "band_source": acting.source_of(item), "band_status": acting.status_of(item)}
    for n, band in enumerate(acting.bands(item)):
        raw |= acting.opened_band(band, own, f"band.{n}")
    return raw


def write(resource: dict, link_id: str, typed: Typed) -> dict[str, str]:
    """What is wrong: {field: word's id}."""
    place, own = find(resource, link_id), wording.own(resource)
    if place is None:
        return whole.write(resource, typed) if not link_id else {}
    item = place.item
    for one in wording.LANGUAGES:
        if f"text_{one}" in typed:
            wording.say(item, "text", own, one, typed.text(f"text_{one}"))
    measuring.write_help(item, own, typed)
    for name, ticked in typed.ticks():
        if name == "required" and ticked != (item.get("required") is True):
            item["required"] = ticked
    errors = measuring.write_limits(item, typed) | options.write(item, own, typed) | _write_conditions(resource, item, typed)
    errors |= acting.write_alarm(item, own, typed)
    if kind_of(item) == "score":
        _write_sum(resource, item, typed)
        errors |= acting.write_bands(item, own, typed)
    measuring.write_maps(item, typed)
    if typed.text("kind") and may_turn(item, typed.text("kind")):
        turn(item, typed.text("kind"))
    return errors


def _write_conditions(resource: dict, item: dict, typed: Typed) -> dict[str, str]:
    errors = {}
    for n, was in enumerate(branching.rows(item)):
        place = f"when.{n}"
        if f"{place}.question" not in typed:
            continue
        answer = typed.text(f"{place}.answer") if f"{place}.answer" in typed else was.answer
        try:
            branching.write(resource, item, n, branching.Row(typed.text(f"{place}.question"), typed.text(f"{place}.op"), answer))
        except ValueError as wrong:
            errors[f"{place}.answer"] = str(wrong)
    if "shown_if" in typed and typed.text("shown_if") != clean(branching.formula(item)):
        branching.put_formula(item, typed.text("shown_if"))
    if typed.text("behaviour") in ("all", "any") and len(branching.conditions(item)) > 1:
        item["enableBehavior"] = typed.text("behaviour")
    return errors


def _write_sum(resource: dict, item: dict, typed: Typed) -> None:
    """Only what changed is written: an expression of others keeps its spelling."""
    if "way" not in typed:
        return
    was, ticked = scoring.sum_of(resource, item), dict(typed.ticks())
    if typed.text("way") == "own":
        if "expression" in typed and typed.text("expression") != clean(scoring.expression_of(item)):
            scoring.put_expression(item, typed.text("expression"))
        return
    order = [place.link_id for place in scoring.addable(resource, str(item.get("linkId")))]
    chosen = set(typed.many("of"))
    wanted = scoring.Sum(typed.text("way"), tuple(one for one in order if one in chosen), ticked.get("whole", True))
    if wanted.way in scoring.WAYS and (was is None or (wanted.way, set(wanted.of), wanted.whole) != (was.way, set(was.of), was.whole)):
        scoring.put_expression(item, scoring.expression(resource, wanted))
