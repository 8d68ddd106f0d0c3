"""What a question measures: its limits, its unit, the small print under it, and where its answer goes in the record."""

from typing import Any

from app.clinic import catalogue
from app.clinic.questionnaires.building import acting, extending, wording
from app.clinic.questionnaires.building.kinds import CONTROL, CONTROLS, control_of, kind_of
from app.clinic.questionnaires.building.typed import Typed, clean
from app.core.words import N_

Raw = dict[str, Any]
UNIT, LOW, HIGH, DECIMALS = (f"{extending.FHIR}{name}" for name in ("questionnaire-unit", "minValue", "maxValue", "maxDecimalPlaces"))
INDICATOR, RECORD, FOR_SEX = (f"{extending.OURS}{name}" for name in ("indicator", "record", "for-sex"))
EXTRACT = f"{extending.SDC}sdc-questionnaire-observationExtract"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
NUMBERS, WORDED = {"number", "scale", "quantity"}, {"words", "long", "open", "url"}
MOST_CHARACTERS = 4000


def opened_limits(item: dict, kind: str) -> Raw:
    if kind in WORDED:
        return {"longest": extending.shown(item.get("maxLength"))}
    if kind not in NUMBERS:
        return {}
    unit = extending.value(item, UNIT)
    printed = str(unit.get("display") or unit.get("code") or "") if isinstance(unit, dict) else ""
    places = "0" if item.get("type") == "integer" else extending.shown(extending.value(item, DECIMALS))
    return {"unit": printed, "low": extending.shown(extending.value(item, LOW)), "high": extending.shown(extending.value(item, HIGH)),
            "decimals": places}


def opened_maps(item: dict) -> Raw:
    found = {"indicator": INDICATOR, "record": RECORD, "for_sex": FOR_SEX}
    return {name: extending.shown(extending.value(item, url)) for name, url in found.items()}


def opened_help(item: dict, own: str) -> Raw:
    helping = _helping(item) or {}
    return {f"help_{one}": wording.said(helping, "text", own, one) for one in wording.LANGUAGES}


def write_limits(item: dict, typed: Typed) -> dict[str, str]:
    errors: dict[str, str] = {}
    if typed.text("decimals").isdecimal() and item.get("type") in ("integer", "decimal") and kind_of(item) == "number":
        _decimals(item, int(typed.text("decimals")))
    whole = "valueInteger" if item.get("type") == "integer" else "valueDecimal"
    for name, url in (("low", LOW), ("high", HIGH)):
        acting.put_number(item, url, typed, name, errors, whole)
    if "unit" in typed and typed.text("unit") != opened_limits(item, kind_of(item)).get("unit", ""):
        extending.put(item, UNIT, "valueCoding", {"display": typed.text("unit")} if typed.text("unit") else None)
    longest = typed.text("longest")
    if "longest" in typed and longest != extending.shown(item.get("maxLength")):
        if longest and not (longest.isdecimal() and 0 < int(longest[:6]) <= MOST_CHARACTERS):
            return errors | {"longest": N_("Please enter a whole number.")}
        item.pop("maxLength", None)
        item |= {"maxLength": int(longest)} if longest else {}
    return errors


def _decimals(item: dict, places: int) -> None:
    """Whole numbers are a type of their own."""
    if str(places) == opened_limits(item, "number")["decimals"] or places > 6:
        return
    item["type"] = "decimal" if places else "integer"
    extending.put(item, DECIMALS, "valueInteger", places or None)
    for url in (LOW, HIGH):
        limit = extending.value(item, url)
        if limit is not None:
            extending.put(item, url, "valueDecimal" if places else "valueInteger", limit if places else int(limit))


def write_maps(item: dict, typed: Typed) -> None:
    for name, url in (("record", RECORD), ("for_sex", FOR_SEX)):
        if name in typed and typed.text(name) != extending.shown(extending.value(item, url)):
            extending.put(item, url, "valueCode", typed.text(name))
    code, was = typed.text("indicator"), extending.shown(extending.value(item, INDICATOR))
    if "indicator" in typed and code != was and (not code or code in catalogue.indicators()):
        _measure(item, code, was)


def _measure(item: dict, code: str, was: str) -> None:
    """The answer is a result of that indicator: with its LOINC code and its unit."""
    extending.put(item, INDICATOR, "valueCode", code)
    extending.put(item, EXTRACT, "valueBoolean", True if code else None)
    before, after = catalogue.indicators().get(was), catalogue.indicators().get(code)
    codes = [one for one in item.pop("code", []) if not (before and one.get("code") == before.loinc)]
    if after and after.loinc:
        codes.append({"system": LOINC, "code": after.loinc})
    item |= {"code": codes} if codes else {}
    if after and after.unit and item.get("type") in ("integer", "decimal"):
        extending.put(item, UNIT, "valueCoding", {"system": UCUM, "code": after.unit, "display": after.printed or after.unit})


def _helping(item: dict) -> dict | None:
    """The small print of a question: FHIR has it as a display inside."""
    return next((one for one in item.get("item") or [] if isinstance(one, dict) and control_of(one) == "help"), None)


def write_help(item: dict, own: str, typed: Typed) -> None:
    asked = [one for one in wording.LANGUAGES if f"help_{one}" in typed]
    helping, words = _helping(item), [typed.text(f"help_{one}") for one in asked]
    if helping is None and any(words) and item.get("type") != "display":
        helping = {"linkId": f"{item.get('linkId')}-help", "type": "display"}
        extending.put(helping, CONTROL, "valueCodeableConcept", {"coding": [{"system": CONTROLS, "code": "help"}]})
        item.setdefault("item", []).insert(0, helping)
    for one in asked if helping is not None else []:
        wording.say(helping, "text", own, one, typed.text(f"help_{one}"))
    if helping is not None and asked and not any(words):
        item["item"] = [one for one in item["item"] if one is not helping]
        if not item["item"]:
            del item["item"]
