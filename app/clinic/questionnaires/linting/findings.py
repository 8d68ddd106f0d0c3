"""What the linter has to say: a code, where, and the words for a person, in the reader's language."""

from typing import Any, Literal

import msgspec

from app.clinic.questionnaires.linting.codes import CODES
from app.clinic.questionnaires.shapes import Text
from app.core import words

Severity = Literal["error", "warning", "unsupported"]
MOST = 500  # of one severity: nobody reads more, and a file may be made to have a million
LONGEST = 120


class Finding(msgspec.Struct, frozen=True):
    """path: as FHIRPath has it. link_id: the item it stands at, empty for the questionnaire itself. params: words, an item's in its languages."""

    code: str
    path: str
    link_id: str = ""
    params: dict[str, str | Text] = {}

    @property
    def severity(self) -> Severity:
        return CODES[self.code][0]

    @property
    def message(self) -> str:
        said = {name: one.said(words.language())[0] if isinstance(one, Text) else one for name, one in self.params.items()}
        return words._(CODES[self.code][1], **said)

    def told(self, language: str) -> str:
        with words.speaking(language):
            return self.message


class Findings(msgspec.Struct, frozen=True):
    """An error cannot be worked with; a warning should be looked at; unsupported is kept, shown or sent on, but nothing is done with it."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    unsupported: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.errors

    def at(self, link_id: str) -> tuple[Finding, ...]:
        """Everything said of one item."""
        return tuple(one for one in (*self.errors, *self.warnings, *self.unsupported) if one.link_id == link_id)


class Notes:
    """Findings while they are being made: each once, and not without end."""

    def __init__(self) -> None:
        self._kept: dict[Severity, dict[tuple, Finding]] = {"error": {}, "warning": {}, "unsupported": {}}
        self._left = 0

    def add(self, code: str, path: str, link_id: str = "", **params: Any) -> None:
        finding = Finding(code, path, link_id, {name: value if isinstance(value, Text) else short(value) for name, value in params.items()})
        kept = self._kept[finding.severity]
        same = (code, path, *map(str, finding.params.values()))
        if same in kept:
            return
        if len(kept) >= MOST:
            self._left += 1
        else:
            kept[same] = finding

    def has(self, code: str, at: str) -> bool:
        return any(same[:2] == (code, at) for same in self._kept[CODES[code][0]])

    def findings(self) -> Findings:
        if self._left:
            self._kept["warning"]["more",] = Finding("more", "Questionnaire", "", {"count": str(self._left)})
        return Findings(*(tuple(self._kept[severity].values()) for severity in ("error", "warning", "unsupported")))


def short(value: Any, longest: int = LONGEST) -> str:
    """A value out of a file as it may stand in a message: one line, no end of the world, nothing a terminal would obey."""
    text = "".join(character if character.isprintable() else " " for character in str(value)[: 2 * longest])
    return text if len(text) <= longest else f"{text[:longest]}…"
