"""What a score or an answer leads to: bands with a level, a tag, and work for somebody."""

from typing import Any

from app.clinic.questionnaires.building import extending, wording
from app.clinic.questionnaires.building.typed import Typed
from app.core.words import N_

BAND, ALARM = f"{extending.OURS}band", f"{extending.OURS}alarm"
LEVELS = {"none": N_("Nothing to see to"), "info": N_("Good to know"), "amber": N_("See to it"), "red": N_("See to it today")}
OWNERS = {"manager": N_("The health manager"), "doctor": N_("The doctor"), "role:nurse": N_("A nurse"), "role:receptionist": N_("The front desk")}
STATUSES = {"V": N_("Checked against the source"), "C": N_("From copies that agree"), "P": N_("Our own decision"), "U": N_("Not checked yet")}
MOST_BANDS = 30
MOST_DAYS = 3650


def bands(item: dict) -> list[dict]:
    return extending.every(item, BAND)


def add_band(item: dict) -> None:
    """It begins where the last one ends, and has its source."""
    there = bands(item)
    if len(there) >= MOST_BANDS:
        return
    codes = {extending.value(one, "code") for one in there}
    code = next(f"band{n}" for n in range(1, MOST_BANDS + 2) if f"band{n}" not in codes)
    band: dict[str, Any] = {"url": BAND, "extension": [{"url": "code", "valueCode": code}, {"url": "level", "valueCode": "none"}]}
    last = extending.value(there[-1], "high") if there else None
    begins = 0 if not there else last + 1 if isinstance(last, int) else None
    extending.put(band, "low", "valueDecimal", begins)
    extending.put(band, "source", "valueString", source_of(item))
    extending.put(band, "status", "valueCode", status_of(item))
    item.setdefault("extension", []).append(band)


def source_of(item: dict) -> str:
    """Where the bands come from: said once for all of them."""
    return next((str(said) for one in bands(item) if (said := extending.value(one, "source"))), "")


def status_of(item: dict) -> str:
    return next((str(said) for one in bands(item) if (said := extending.value(one, "status"))), "P")


def opened_band(band: dict, own: str, place: str) -> dict[str, str]:
    exactly = extending.value(band, "is")
    ends = {"is": extending.shown(exactly)} if exactly is not None else {
        name: extending.shown(extending.value(band, name)) for name in ("low", "high")}
    meaning = extending.first(band, "meaning") or {}
    said = {f"meaning_{one}": wording.said(meaning, "valueString", own, one) for one in wording.LANGUAGES}
    raw = ends | said | {"level": str(extending.value(band, "level") or "none")} | opened_consequence(band, own)
    return {f"{place}.{name}": text for name, text in raw.items()}


def opened_consequence(node: dict, own: str) -> dict[str, str]:
    work = extending.first(node, "work") or {}
    title = extending.first(work, "title") or {}
    said = {f"work_{one}": wording.said(title, "valueString", own, one) for one in wording.LANGUAGES}
    days = extending.shown(extending.value(work, "days"))
    return said | {"owner": str(extending.value(work, "owner") or "manager"), "days": days, "tag": "on" if extending.value(node, "tag") is True else ""}


def write_bands(item: dict, own: str, typed: Typed) -> dict[str, str]:
    errors: dict[str, str] = {}
    for n, band in enumerate(bands(item)):
        errors |= _write_band(band, own, typed, f"band.{n}")
    for name, before, as_what in (("source", source_of(item), "valueString"), ("status", status_of(item), "valueCode")):
        said = typed.text(f"band_{name}")
        if f"band_{name}" in typed and said != before and (name == "source" or said in STATUSES):
            for band in bands(item):
                extending.put(band, name, as_what, said)
    return errors


def _write_band(band: dict, own: str, typed: Typed, place: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in ("low", "high"):
        put_number(band, name, typed, f"{place}.{name}", errors)
    if f"{place}.is" in typed:
        extending.put(band, "is", "valueString", typed.text(f"{place}.is"))
    if typed.text(f"{place}.level") in LEVELS:
        extending.put(band, "level", "valueCode", typed.text(f"{place}.level"))
    _say(band, "meaning", own, typed, f"{place}.meaning")
    return errors | write_consequence(band, own, typed, place)


def write_consequence(node: dict, own: str, typed: Typed, place: str) -> dict[str, str]:
    """The tag, and the work: no words, no work."""
    for name, ticked in typed.ticks():
        if name == f"{place}.tag" and ticked != (extending.value(node, "tag") is True):
            extending.put(node, "tag", "valueBoolean", ticked or None)
    work, errors = extending.first(node, "work"), {}
    words = [typed.text(f"{place}.work_{one}") for one in wording.LANGUAGES if f"{place}.work_{one}" in typed]
    if words and not any(words):
        extending.drop(node, "work")
    if not any(words) and (words or work is None):
        return {}
    if work is None:
        work = {"url": "work", "extension": [{"url": "owner", "valueCode": "manager"}, {"url": "days", "valueInteger": 0}]}
        node.setdefault("extension", []).append(work)
    _say(work, "title", own, typed, f"{place}.work")
    if typed.text(f"{place}.owner") in OWNERS:
        extending.put(work, "owner", "valueCode", typed.text(f"{place}.owner"))
    _days(work, typed, f"{place}.days", errors)
    return errors


def _days(work: dict, typed: Typed, field: str, errors: dict[str, str]) -> None:
    text = typed.text(field)
    if text == extending.shown(extending.value(work, "days")) or field not in typed:
        return
    if text and not (text.isdecimal() and len(text) < 5 and int(text) <= MOST_DAYS):
        errors[field] = N_("Please enter a whole number.")
        return
    extending.put(work, "days", "valueInteger", int(text or 0))


def put_number(node: dict, url: str, typed: Typed, field: str, errors: dict[str, str], name: str = "valueDecimal") -> None:
    text = typed.text(field)
    if field not in typed or text == extending.shown(extending.value(node, url)):
        return
    try:
        read = extending.number(text) if text else None
    except ValueError:
        errors[field] = N_("Please enter a number.")
        return
    if name == "valueInteger" and read is not None and not isinstance(read, int):
        errors[field] = N_("Please enter a whole number.")
        return
    extending.put(node, url, name, read)


def _say(node: dict, url: str, own: str, typed: Typed, field: str) -> None:
    """A bilingual text in an extension of its own."""
    holder = extending.first(node, url)
    if holder is None:
        holder = {"url": url}
    for one in wording.LANGUAGES:
        if f"{field}_{one}" in typed:
            wording.say(holder, "valueString", own, one, typed.text(f"{field}_{one}"))
    if len(holder) > 1 and extending.first(node, url) is None:
        node.setdefault("extension", []).append(holder)
    elif len(holder) == 1:
        extending.drop(node, url)


def write_alarm(item: dict, own: str, typed: Typed) -> dict[str, str]:
    """An answer above this means a person today; a blank limit takes it out."""
    if "alarm.above" not in typed:
        return {}
    alarm = extending.first(item, ALARM)
    if not typed.text("alarm.above"):
        extending.drop(item, ALARM)
        return {}
    fresh = alarm if alarm is not None else {"url": ALARM}
    errors: dict[str, str] = {}
    put_number(fresh, "above", typed, "alarm.above", errors)
    if alarm is None and not errors:
        item.setdefault("extension", []).append(fresh)
    return errors | write_consequence(fresh, own, typed, "alarm")
