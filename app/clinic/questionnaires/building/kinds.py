"""What a person who builds calls an item, and how FHIR says it."""

import msgspec

from app.clinic.questionnaires.building import extending
from app.core.words import N_

CONTROL = f"{extending.FHIR}questionnaire-itemControl"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
CALCULATED = f"{extending.SDC}sdc-questionnaire-calculatedExpression"
SCORE = f"{extending.OURS}score"


class Kind(msgspec.Struct, frozen=True):
    """type: of FHIR. control: how it is drawn, where the type alone does not say."""

    label: str
    mark: str
    type: str
    control: str = ""
    repeats: bool = False


KINDS = {
    "one": Kind(N_("Choose one"), "circle-dot", "choice"),
    "several": Kind(N_("Choose several"), "square-check", "choice", repeats=True),
    "yesno": Kind(N_("Yes or no"), "toggle-left", "boolean"),
    "number": Kind(N_("A number"), "hash", "decimal"),
    "words": Kind(N_("A few words"), "text-cursor-input", "string"),
    "date": Kind(N_("Date"), "calendar-days", "date"),
    "note": Kind(N_("Explanation, nothing to answer"), "info", "display"),
    "group": Kind(N_("Group of questions"), "folder", "group"),
    "score": Kind(N_("Score"), "sigma", "decimal"),
    "open": Kind(N_("Choose one, or own words"), "list-plus", "open-choice"),
    "scale": Kind(N_("Slider"), "sliders-horizontal", "integer", "slider"),
    "long": Kind(N_("Longer text"), "text-align-start", "text"),
    "time": Kind(N_("Time of day"), "clock", "time"),
    "moment": Kind(N_("Date and time"), "calendar-clock", "dateTime"),
    "file": Kind(N_("Picture or recording"), "camera", "attachment"),
}
# Types that come with imported questionnaires; they are kept and not offered.
OTHERS = {
    "quantity": Kind(N_("Number with a unit to choose"), "hash", "quantity"),
    "url": Kind(N_("Web address"), "link", "url"),
    "reference": Kind(N_("Reference"), "link", "reference"),
}
ALL = KINDS | OTHERS
FIRST = ("one", "several", "yesno", "number", "words", "date", "note", "group", "score")
CHOICES = {"choice", "open-choice"}
_BY_TYPE = {
    "open-choice": "open", "boolean": "yesno", "decimal": "number", "integer": "number", "string": "words", "text": "long", "date": "date",
    "display": "note", "group": "group", "time": "time", "dateTime": "moment", "attachment": "file", "quantity": "quantity", "url": "url",
    "reference": "reference",
}


def kind_of(item: dict) -> str:
    if extending.value(item, SCORE) is True:
        return "score"
    if item.get("type") == "choice":
        return "several" if item.get("repeats") is True else "one"
    if item.get("type") in ("integer", "decimal") and control_of(item) == "slider":
        return "scale"
    return _BY_TYPE.get(str(item.get("type")), "words")


def control_of(item: dict) -> str:
    coded = extending.value(item, CONTROL)
    first = next(iter(coded.get("coding") or [{}]), {}) if isinstance(coded, dict) else {}
    return str(first.get("code", "")) if isinstance(first, dict) else ""


def may_turn(item: dict, kind: str) -> bool:
    """A group with something in it stays one, and a score is no question."""
    fixed = {"group", "score"}
    return kind in KINDS and (kind == kind_of(item) or not ({kind, kind_of(item)} & fixed)) and not (kind == "note" and item.get("item"))


def turn(item: dict, kind: str) -> None:
    """Make it that kind; what FHIR does not allow there goes."""
    if kind == kind_of(item):
        return
    wanted = KINDS[kind]
    item["type"] = wanted.type
    item.pop("repeats", None)
    if wanted.repeats:
        item["repeats"] = True
    coding = [{"system": CONTROLS, "code": wanted.control}]
    extending.put(item, CONTROL, "valueCodeableConcept", {"coding": coding} if wanted.control else None)
    for name in _unfit(wanted.type):
        item.pop(name, None)
    if kind == "score":
        item["readOnly"] = True
        extending.put(item, SCORE, "valueBoolean", True)


def _unfit(type: str) -> list[str]:
    """Members FHIR's own rules forbid on an item of this type."""
    gone = ["initial"]
    if type not in CHOICES:
        gone += ["answerOption", "answerValueSet"]
    if type in ("group", "display"):
        gone += ["required", "readOnly", "maxLength"] if type == "display" else ["readOnly", "maxLength"]
    if type not in ("string", "text", "url", "open-choice"):
        gone.append("maxLength")
    return gone
