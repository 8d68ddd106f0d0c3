"""The answers one can choose from, with their points."""

import copy

from app.clinic.questionnaires.building import acting, extending, wording
from app.clinic.questionnaires.building.kinds import CHOICES
from app.clinic.questionnaires.building.tree import Place, places
from app.clinic.questionnaires.building.typed import Typed
from app.core.words import N_

ORDINAL = f"{extending.FHIR}ordinalValue"
ORDINALS = (ORDINAL, f"{extending.FHIR}itemWeight", f"{extending.FHIR}questionnaire-ordinalValue")
MOST = 100


def options(item: dict) -> list[dict]:
    return objects(item, "answerOption")


def add(item: dict) -> None:
    """One more, with the next point where the others have points one after another."""
    there = options(item)
    if item.get("type") not in CHOICES or len(there) >= MOST:
        return
    option: dict = {"valueCoding": {"code": _fresh(there), "display": ""}}
    points = [_points(one) for one in there]
    if len(points) > 1 and all(isinstance(one, int) for one in points) and len({b - a for a, b in zip(points, points[1:], strict=False)}) == 1:
        extending.put(option, ORDINAL, "valueDecimal", 2 * points[-1] - points[-2])
    item.setdefault("answerOption", []).append(option)


def _fresh(there: list[dict]) -> str:
    """A code no option has: a number, unless the others are letters; nobody sees it."""
    taken = {str(_node(one)[0].get("code")) for one in there}
    return next(str(n) for n in range(len(there) + 1, len(there) + MOST + 2) if str(n) not in taken)


def move(item: dict, n: int, by: int) -> None:
    there = options(item)
    if 0 <= n < len(there) and 0 <= n + by < len(there):
        item["answerOption"] = there
        there.insert(n + by, there.pop(n))


def remove(item: dict, n: int) -> None:
    there = options(item)
    if 0 <= n < len(there):
        del there[n]
        item["answerOption"] = there
    if not there:
        item.pop("answerOption", None)


def likes(resource: dict, link_id: str) -> list[Place]:
    """Other questions whose answers could be taken over, each set of answers once."""
    found: dict[str, Place] = {}
    for place in places(resource):
        if place.link_id != link_id and options(place.item):
            found.setdefault(str([opened(one, "zh") for one in options(place.item)]), place)
    return list(found.values())


def unsaid(item: dict) -> bool:
    """Whether none of its answers has words yet."""
    return all(is_blank(option) for option in options(item))


def is_blank(option: dict) -> bool:
    """Whether it waits for its words: only here is a display blank, which tells it from a code that never had one."""
    coding = option.get("valueCoding")
    return option.keys() == {"valueCoding"} and isinstance(coding, dict) and coding.keys() == {"code", "display"} and not coding["display"]


def take_over(item: dict, other: dict) -> None:
    """The same answers with the same points as another question."""
    if item.get("type") in CHOICES:
        item["answerOption"] = copy.deepcopy(options(other))


def listed(resource: dict, item: dict) -> list[dict]:
    """The answers a value set inside the file gives, as options; empty where there is none, or it stands elsewhere."""
    own, found = wording.own(resource), item.get("answerValueSet")
    value_set = next((one for one in objects(resource, "contained") if found == f"#{one.get('id')}"), {})
    expansion, compose = (value_set.get(name) if isinstance(value_set.get(name), dict) else {} for name in ("expansion", "compose"))
    concepts = [(one.get("system"), one) for one in objects(expansion, "contains")]
    concepts = concepts or [(part.get("system"), one) for part in objects(compose, "include") for one in objects(part, "concept")]
    return [_option(system, concept, own) for system, concept in concepts]


def _option(system: object, concept: dict, own: str) -> dict:
    """With what else is said of the concept: its points, its words in other languages."""
    coding = {"system": system} if isinstance(system, str) else {}
    coding |= {name: concept[name] for name in ("code", "display", "_display") if name in concept}
    for one in objects(concept, "designation"):
        if one.get("language") in wording.LANGUAGES and isinstance(one.get("value"), str):
            wording.say(coding, "display", own, one["language"], one["value"])
    return ({"extension": copy.deepcopy(concept["extension"])} if "extension" in concept else {}) | {"valueCoding": coding}


def make_own(resource: dict, item: dict) -> None:
    """Its answers stand with the question from now on, to be changed there; the list goes once nobody else points at it."""
    found, list_of = listed(resource, item), item.get("answerValueSet")
    if not found or item.get("type") not in CHOICES:
        return
    item["answerOption"] = found
    del item["answerValueSet"]
    if any(place.item.get("answerValueSet") == list_of for place in places(resource)):
        return
    resource["contained"] = [one for one in resource["contained"] if not isinstance(one, dict) or f"#{one.get('id')}" != list_of]
    if not resource["contained"]:
        del resource["contained"]


def objects(node: dict, name: str) -> list[dict]:
    return [one for one in node.get(name) or [] if isinstance(one, dict)]


def opened(option: dict, own: str) -> dict[str, str]:
    node, name = _node(option)
    said = {one: wording.said(node, name, own, one) for one in wording.LANGUAGES}
    if not isinstance(node.get(name, ""), str):
        said[own] = extending.shown(node[name])
    return said | {"score": extending.shown(_points(option))}


def write(item: dict, own: str, typed: Typed) -> dict[str, str]:
    errors: dict[str, str] = {}
    for n, option in enumerate(options(item)):
        node, name = _node(option)
        for one in wording.LANGUAGES:
            field = f"option.{n}.{one}"
            was = node.get(name, "")
            if field in typed and isinstance(was, str):
                wording.say(node, name, own, one, typed.text(field))
                if one == own and name == "display" and was and not typed.text(field):
                    node[name] = ""
        where, url = _pointed(option)
        acting.put_number(where, url, typed, f"option.{n}.score", errors)
    if errors:
        return {field: N_("Points are a number, or nothing.") for field in errors}
    return {}


def _node(option: dict) -> tuple[dict, str]:
    """The element that holds the words, and the member they are in."""
    coding = option.get("valueCoding")
    if isinstance(coding, dict):
        return coding, "display"
    return option, next((name for name in option if name.startswith("value")), "valueString")


def _pointed(option: dict) -> tuple[dict, str]:
    """Where its points stand, or would."""
    coding = option.get("valueCoding")
    nodes = [option, coding] if isinstance(coding, dict) else [option]
    found = [(node, url) for node in nodes for url in ORDINALS if extending.first(node, url)]
    return found[0] if found else (option, ORDINAL)


def _points(option: dict):
    return extending.value(*_pointed(option))
