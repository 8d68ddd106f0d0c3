"""One difference between two versions, and the words for it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from app.clinic.questionnaires.shapes import Item, Text
from app.core import words
from app.core.words import LANGUAGES, N_

NEW_WORDS = N_("New words (%(language)s): “%(before)s” is now “%(after)s”")
LONGEST = 120


class Difference(msgspec.Struct, frozen=True):
    """link_id: the item it is about, empty for the questionnaire itself. params: words, some in several languages."""

    message: str
    link_id: str = ""
    params: dict[str, str | Text] = {}

    def told(self, language: str) -> str:
        with words.speaking(language):
            return words._(self.message, **{name: _short(one, language) for name, one in self.params.items()})


def _short(said: str | Text, language: str) -> str:
    text = said.said(language)[0] if isinstance(said, Text) else said
    text = text or "—"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def about(item: Item, message: str, **more: str | Text) -> Difference:
    return Difference(message, item.link_id, {"item": item.text if item.text else item.link_id} | more)


def label(labels: dict[str, str], code: str) -> Text:
    """A word of ours in every language."""
    if code not in labels:
        return Text(code)
    said = {}
    for language in LANGUAGES:
        with words.speaking(language):
            said[language] = words._(labels[code])
    return Text(said["en"], "en", said)


def reworded(old: Text, new: Text, link_id: str) -> Iterator[Difference]:
    """In each language by itself; a translation that came or went too."""
    for language, name in LANGUAGES.items():
        before, after = (one.said(language)[0] if one.has(language) else "" for one in (old, new))
        if before != after:
            yield Difference(NEW_WORDS, link_id, {"language": name, "before": before, "after": after})
    if old.original != new.original and not any(one.has(language) for one in (old, new) if one for language in LANGUAGES):
        yield Difference(NEW_WORDS, link_id, {"language": new.language or "?", "before": old.original, "after": new.original})


def rest(raw: dict[str, Any], told: set[str]) -> Any:
    """Everything but the members and extensions that have sentences of their own."""
    left = {name: one for name, one in raw.items() if name not in told and name != "extension"}
    extensions = raw.get("extension")
    if isinstance(extensions, list):
        left["extension"] = [one for one in extensions if not (isinstance(one, dict) and _known(one.get("url"), told))]
    return {name: one for name, one in left.items() if one != []}


def _known(url: Any, told: set[str]) -> bool:
    return isinstance(url, str) and (url in told or url.rpartition("sdc-questionnaire-")[2] in told)
