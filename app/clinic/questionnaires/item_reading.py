"""One item of a questionnaire, its options, its bands and what it leads to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires import extensions as ext
from app.clinic.questionnaires.extensions import HL7, OURS, SDC, member, objects
from app.clinic.questionnaires.shapes import Alarm, Band, Condition, Formula, Item, Option, Text, Value, Work

HELP = "help"
MAX_DAYS = 36_500


def item_of(
    raw: dict[str, Any], number: int, language: str, contained: dict[str, Any], children: tuple[Item, ...], variables: tuple[Formula, ...]
) -> Item:
    helping = next((child.text for child in children if child.control == HELP), Text())
    return Item(
        raw["linkId"], raw["type"], number, raw, ext.text(raw, "text", language), ext.text(raw, "prefix", language), helping,
        tuple(_options(raw, language, contained)), tuple(map(_condition, objects(raw, "enableWhen"))), raw.get("enableBehavior") != "any",
        _formula(raw, "enableWhenExpression"), _formula(raw, "calculatedExpression"), _formula(raw, "initialExpression"), variables,
        tuple(filter(None, map(ext.any_value, objects(raw, "initial")))), member(raw, "required", bool, False),
        member(raw, "repeats", bool, False), member(raw, "readOnly", bool, False), children=_visible(children), **_extended(raw, language),
    )  # fmt: skip


def _visible(children: tuple[Item, ...]) -> tuple[Item, ...]:
    """Without the hints, which are told beside their question."""
    return tuple(child for child in children if child.control != HELP)


def _extended(raw: dict[str, Any], language: str) -> dict[str, Any]:
    """What extensions say of it."""
    control = member(ext.first(raw, f"{HL7}questionnaire-itemControl"), "valueCodeableConcept", dict, {})
    unit = next(_codings(raw, f"{HL7}questionnaire-unit"), None)
    return {
        "hidden": ext.flag(raw, f"{HL7}questionnaire-hidden"),
        "control": next((one["code"] for one in objects(control, "coding") if isinstance(one.get("code"), str)), ""),
        "orientation": ext.code(raw, f"{HL7}questionnaire-choiceOrientation"),
        "unit": unit,
        "units": tuple(_codings(raw, f"{HL7}questionnaire-unitOption")) or ((unit,) if unit else ()),
        "low": ext.any_value(ext.first(raw, f"{HL7}minValue")), "high": ext.any_value(ext.first(raw, f"{HL7}maxValue")),
        "decimals": ext.value(raw, f"{HL7}maxDecimalPlaces", "Integer", int), "longest": member(raw, "maxLength", int),
        "media": tuple(one["valueCode"] for one in ext.named(raw, f"{HL7}mimeType") if isinstance(one.get("valueCode"), str)),
        "score": ext.flag(raw, f"{OURS}score"), "bands": tuple(_band(one, language) for one in ext.named(raw, f"{OURS}band")),
        "alarm": _alarm(raw, language), "indicator": ext.code(raw, f"{OURS}indicator"), "record": ext.code(raw, f"{OURS}record"),
        "extract": ext.flag(raw, f"{SDC}observationExtract"), "period": _period(raw), "for_sex": ext.code(raw, f"{OURS}for-sex"),
    }  # fmt: skip


def _codings(raw: dict[str, Any], url: str) -> Iterator[dict[str, Any]]:
    return (ext.sound(one, "valueCoding")["valueCoding"] for one in ext.named(raw, url) if one.get("valueCoding"))


def _formula(raw: dict[str, Any], what: str) -> Formula | None:
    found = ext.first(raw, f"{SDC}{what}", f"{HL7}questionnaire-{what}")
    return ext.formula(found) if found else None


def _condition(raw: dict[str, Any]) -> Condition:
    answer = next(({f"value{name[6:]}": raw[name]} for name in raw if name.startswith("answer") and name[6:7].isupper()), {})
    return Condition(member(raw, "question", str, ""), member(raw, "operator", str, ""), answer)


def _period(raw: dict[str, Any]) -> str:
    """How old an observation may be to answer this: "12 mo"."""
    found = member(ext.first(raw, f"{SDC}observationLinkPeriod"), "valueDuration", dict, {})
    number, unit = found.get("value"), found.get("code") or found.get("unit")
    return f"{number} {unit}" if isinstance(number, int | Decimal) and isinstance(unit, str) else ""


# ── options ──


def _options(raw: dict[str, Any], language: str, contained: dict[str, Any]) -> Iterator[Option]:
    options = [one for one in (_option(each, language) for each in objects(raw, "answerOption")) if one]
    if not options and isinstance(reference := raw.get("answerValueSet"), str):
        options = list(_of_value_set(contained.get(reference), language))
    taken: dict[str, int] = {}
    for option in options:
        taken[option.code] = taken.get(option.code, 0) + 1
    for option in options:
        yield option if taken[option.code] == 1 else _with_system(option)


def _with_system(option: Option) -> Option:
    """Two systems share a code: the form must send both."""
    system = option.value.get("valueCoding", {}).get("system", "")
    return Option(f"{system}|{option.code}", option.value, option.text, option.prefix, option.ordinal, option.initial, option.exclusive)


def _option(raw: dict[str, Any], language: str) -> Option | None:
    value = ext.any_value(raw)
    if value is None:
        return None
    (name, said), = value.items()
    beside = member(raw, f"_{name}", dict, {})
    if name == "valueCoding":
        return _coded(member(raw, name, dict), language, raw)
    text = ext.text(raw, name, language) if isinstance(said, str) else Text(str(said), language)
    return Option(
        str(said), value, text, _prefix(raw), _ordinal(raw, beside), member(raw, "initialSelected", bool, False), _alone(raw),
    )  # fmt: skip


def _coded(coding: dict[str, Any], language: str, around: dict[str, Any]) -> Option:
    code = member(coding, "code", str, "") or member(coding, "display", str, "")
    text = ext.text(coding, "display", language)
    return Option(
        code, {"valueCoding": coding}, text if text else Text(code, language), _prefix(around) or _prefix(coding), _ordinal(coding, around),
        member(around, "initialSelected", bool, False), _alone(around),
    )  # fmt: skip


def _prefix(raw: dict[str, Any]) -> str:
    return ext.value(raw, f"{HL7}questionnaire-optionPrefix", "String", str, "")


def _alone(raw: dict[str, Any]) -> bool:
    return ext.flag(raw, f"{HL7}questionnaire-optionExclusive")


def _ordinal(*elements: dict[str, Any]) -> Decimal | None:
    return next((found for found in (ext.decimal(one, *ext.ORDINALS) for one in elements) if found is not None), None)


def _of_value_set(value_set: Any, language: str) -> Iterator[Option]:
    """A contained value set: expanded already, or told concept by concept."""
    if not isinstance(value_set, dict):
        return
    expanded = objects(member(value_set, "expansion", dict, {}), "contains")
    if expanded:
        yield from (_concept(one, one.get("system"), language) for one in expanded)
        return
    for part in objects(member(value_set, "compose", dict, {}), "include"):
        yield from (_concept(one, part.get("system"), language) for one in objects(part, "concept"))


def _concept(concept: dict[str, Any], system: Any, language: str) -> Option:
    coding = {"system": system, "code": concept.get("code"), "display": concept.get("display")}
    kept = {name: said for name, said in coding.items() if isinstance(said, str)}
    text = ext.text(concept, "display", language)
    others = text.others | {one["language"]: one["value"] for one in objects(concept, "designation") if {"language", "value"} <= one.keys()}
    made = _coded(kept, language, concept)
    return Option(made.code, made.value, Text(made.text.original, language, others), made.prefix, made.ordinal)


# ── what an answer leads to ──


def _band(raw: dict[str, Any], language: str) -> Band:
    meaning = ext.first(raw, "meaning")
    return Band(
        ext.code(raw, "code"), ext.text(meaning, "valueString", language), ext.decimal(raw, "low"), ext.decimal(raw, "high"),
        ext.value(raw, "is", "String", str), ext.code(raw, "level", "none"), ext.value(raw, "source", "String", str, ""),
        ext.code(raw, "status", "U"), ext.flag(raw, "tag"), _work(raw, language),
    )  # fmt: skip


def _alarm(raw: dict[str, Any], language: str) -> Alarm | None:
    found = ext.first(raw, f"{OURS}alarm")
    above = ext.decimal(found, "above")
    return None if above is None else Alarm(above, ext.flag(found, "tag"), _work(found, language))


def _work(raw: dict[str, Any], language: str) -> Work | None:
    found = ext.first(raw, "work")
    title: Value = ext.first(found, "title")
    if not title:
        return None
    days = ext.value(found, "days", "Integer", int, 0)
    return Work(ext.text(title, "valueString", language), ext.code(found, "owner", "manager"), max(0, min(days, MAX_DAYS)))
