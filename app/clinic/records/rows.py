"""A row of a printed form: what is asked, what can be answered, what was answered."""

from collections.abc import Iterable

import msgspec

from app.core.words import _


class Row(msgspec.Struct, frozen=True):
    """options: (number, text, chosen). answer: the numbers for the form's box, blank while nothing was said."""

    label: str
    text: str = ""
    options: list[tuple[int, str, bool]] = []

    @property
    def answer(self) -> str:
        return "/".join(str(number) for number, _text, chosen in self.options if chosen)


def line(label: str, text: str) -> Row:
    return Row(label, text)


def chosen(label: str, options: Iterable[tuple[int, str]], found: Iterable[int], text: str = "") -> Row:
    marked = set(found)
    return Row(label, text, [(number, told, number in marked) for number, told in options])


def numbered(label: str, names: dict[str, str], said: str, text: str = "", first: int = 1) -> Row:
    """The form numbers its options in the order in which the choices stand. said: one of them, or several with commas."""
    given = said.split(",")
    return Row(label, text, [(n, _(name), id in given) for n, (id, name) in enumerate(names.items(), first)])


def listed(texts: Iterable[str]) -> str:
    return _("; ").join(text for text in texts if text)
