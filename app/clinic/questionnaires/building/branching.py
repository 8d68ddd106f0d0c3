"""Conditions: a question is asked only after certain answers. Rows of a form, and FHIR's enableWhen."""

from decimal import Decimal
from typing import Any

import msgspec

from app.clinic.questionnaires.building import extending
from app.clinic.questionnaires.building.kinds import CHOICES, kind_of
from app.clinic.questionnaires.building.tree import Place, find, places
from app.core.forms import read_date
from app.core.words import N_

EXPRESSIONS = (f"{extending.SDC}sdc-questionnaire-enableWhenExpression", f"{extending.FHIR}questionnaire-enableWhenExpression")
OPERATORS = {
    "=": N_("is"), "!=": N_("is not"), ">": N_("is more than"), "<": N_("is less than"), ">=": N_("is at least"), "<=": N_("is at most"),
    "exists": N_("was answered"), "missing": N_("was not answered"),
}
_SAME = ("=", "!=", "exists", "missing")
_ORDERED = {"number", "scale", "score", "date", "time", "moment", "quantity"}
MOST = 20


class Row(msgspec.Struct, frozen=True):
    """A condition as it stands in a form; its place there is its place in the item."""

    question: str = ""
    operator: str = "="
    answer: str = ""


def askable(resource: dict, link_id: str) -> list[Place]:
    """What a condition of this item can be about: any other question or score."""
    inside = {link_id}
    for place in places(resource):
        if {str(one.get("linkId")) for one in place.above} & inside:
            inside.add(place.link_id)
    return [place for place in places(resource) if place.link_id not in inside and kind_of(place.item) not in ("group", "note", "file")]


def operators(item: dict) -> tuple[str, ...]:
    return tuple(OPERATORS) if kind_of(item) in _ORDERED else _SAME


def answers(item: dict) -> list[tuple[str, dict]]:
    """The options to choose from: (what stands in the form, the option). Empty for what is typed."""
    if item.get("type") not in CHOICES:
        return []
    return [(token(option), option) for option in item.get("answerOption") or [] if isinstance(option, dict)]


def token(valued: dict, of: str = "value") -> str:
    """A choice as a form says it: its code, or with its system where it has one."""
    name = next((key for key in valued if key.startswith(of)), "")
    one = valued.get(name)
    if isinstance(one, dict):
        code = str(one.get("code", one.get("value", "")))
        return f"{one['system']}|{code}" if one.get("system") else code
    return "true" if one is True else "false" if one is False else extending.shown(one)


def rows(item: dict) -> list[Row]:
    return [_row(one) for one in conditions(item)]


def conditions(item: dict) -> list[dict]:
    return [one for one in item.get("enableWhen") or [] if isinstance(one, dict)]


def _row(one: dict) -> Row:
    operator, answer = str(one.get("operator", "=")), token(one, "answer")
    if operator == "exists":
        operator, answer = ("exists" if answer == "true" else "missing"), ""
    return Row(str(one.get("question", "")), operator, answer)


def formula(item: dict) -> str:
    """The FHIRPath it is shown by, beside or instead of conditions."""
    return extending.formula(item, _url(item))


def put_formula(item: dict, text: str) -> None:
    extending.put_formula(item, _url(item), text)


def _url(item: dict) -> str:
    """Where it stands, or would."""
    return next((url for url in EXPRESSIONS if extending.first(item, url)), EXPRESSIONS[0])


def add(resource: dict, item: dict) -> None:
    """One condition more: about the question just before, if there is one."""
    link_id, about = str(item.get("linkId")), askable(resource, str(item.get("linkId")))
    order = [place.link_id for place in places(resource)]
    before = [place for place in about if order.index(place.link_id) < order.index(link_id)]
    if about and len(conditions(item)) < MOST:
        item.setdefault("enableWhen", []).append(_condition((before or about)[-1 if before else 0].item, Row()))
        settle(item)


def write(resource: dict, item: dict, n: int, row: Row) -> None:
    """Raises ValueError(message) and leaves the condition as it was."""
    was, old = rows(item)[n], conditions(item)[n]
    if row == was:
        return
    place = find(resource, row.question)
    if place is None:
        raise ValueError(N_("Please choose one of these."))
    fresh = _condition(place.item, Row(row.question) if row.question != was.question else row)
    for name in [name for name in old if name.startswith(("answer", "_answer"))]:
        del old[name]
    old.update(fresh)


def settle(item: dict) -> None:
    """Several conditions say how they go together; FHIR wants it only then."""
    if len(conditions(item)) > 1:
        item.setdefault("enableBehavior", "all")
    elif not conditions(item):
        item.pop("enableWhen", None)
        item.pop("enableBehavior", None)


def _condition(about: dict, row: Row) -> dict[str, Any]:
    """A blank answer is the likeliest one, so that a row is never half a condition."""
    allowed, question = operators(about), {"question": str(about.get("linkId"))}
    operator = row.operator if row.operator in allowed else "="
    if not row.answer and operator not in ("exists", "missing"):
        row = Row(row.question, operator, _likely(about, operator))
        operator = operator if row.answer else "exists"
    if operator in ("exists", "missing"):
        return {**question, "operator": "exists", "answerBoolean": operator == "exists"}
    return {**question, "operator": operator, **_answer(about, row.answer)}


def _likely(about: dict, operator: str) -> str:
    choices, kind = answers(about), kind_of(about)
    if choices:
        return choices[0][0]
    if kind == "yesno":
        return "true"
    return "0" if kind in ("number", "scale", "score", "quantity") and operator not in ("=",) else ""


def _answer(item: dict, typed: str) -> dict[str, Any]:
    choices, type = answers(item), item.get("type")
    chosen = next((option for name, option in choices if name == typed), None)
    if chosen is not None:
        return {f"answer{name[5:]}": _bare(value) for name, value in chosen.items() if name.startswith("value")}
    if type == "choice" or (type == "open-choice" and choices):
        raise ValueError(N_("Please choose one of these."))
    return _typed(str(type), typed)


def _bare(value: Any) -> Any:
    """A condition names the answer; its words may change."""
    return {name: value[name] for name in ("system", "code") if name in value} if isinstance(value, dict) and "code" in value else value


def _typed(type: str, typed: str) -> dict[str, Any]:
    if type == "boolean":
        return {"answerBoolean": typed == "true"}
    if type in ("integer", "decimal"):
        return {f"answer{type.capitalize()}": _number(typed, type == "integer")}
    if type == "quantity":
        return {"answerQuantity": {"value": _number(typed, False)}}
    if type == "date":
        return {"answerDate": read_date(typed).isoformat()}
    return {{"time": "answerTime", "dateTime": "answerDateTime"}.get(type, "answerString"): typed}


def _number(typed: str, whole: bool) -> int | Decimal:
    try:
        read = extending.number(typed)
    except ValueError:
        raise ValueError(N_("Please enter a number.")) from None
    if whole and not isinstance(read, int):
        raise ValueError(N_("Please enter a whole number."))
    return read
