"""One text in two languages: the questionnaire's own in the element, the other as a FHIR translation beside it."""

from app.clinic.questionnaires.building import extending
from app.clinic.questionnaires.building.typed import clean

TRANSLATION = f"{extending.FHIR}translation"
LANGUAGES = ("zh", "en")


def own(resource: dict) -> str:
    """The language the texts themselves are in."""
    return "zh" if str(resource.get("language", "zh")).startswith("zh") else "en"


def said(node: dict, name: str, mine: str, language: str) -> str:
    """mine: the language of the resource. Blank where nobody has written it."""
    if language == mine:
        return node[name] if isinstance(node.get(name), str) else ""
    found = _translation(node, name, language)
    return extending.shown(extending.value(found, "content")) if found else ""


def say(node: dict, name: str, mine: str, language: str, text: str) -> None:
    if text == clean(said(node, name, mine, language)):
        return
    if language == mine:
        node[name] = text
        if not text:
            del node[name]
    else:
        _translate(node, name, language, text)


def _translate(node: dict, name: str, language: str, text: str) -> None:
    beside, found = node.setdefault(f"_{name}", {}), _translation(node, name, language)
    if found and text:
        extending.put(found, "content", "valueString", text)
    elif found:
        extending.keep(beside, [one for one in beside["extension"] if one is not found])
    elif text:
        content = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
        beside.setdefault("extension", []).append({"url": TRANSLATION, "extension": content})
    if not beside:
        del node[f"_{name}"]


def _translation(node: dict, name: str, language: str) -> dict | None:
    beside = node.get(f"_{name}")
    found = extending.every(beside, TRANSLATION) if isinstance(beside, dict) else []
    return next((one for one in found if str(extending.value(one, "lang")).startswith(language)), None)
