"""Forms as a browser sees them, read from the pages themselves, so that a new field is never forgotten."""

import re
from html.parser import HTMLParser

import msgspec

VOID = {"text", "search", "tel", "email", "url", ""}


class Control(msgspec.Struct):
    """kind: the tag or the input's type. options: the values of a choice, in order."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    inputmode: str = ""
    most: int = 10_000
    wrong: bool = False
    options: list[str] = []

    @property
    def takes_words(self) -> bool:
        return self.kind == "textarea" or (self.kind in VOID and self.inputmode in ("", "text"))


class Form(msgspec.Struct):
    action: str
    method: str
    controls: list[Control] = []

    @property
    def file(self) -> str:
        """The name of the field that takes a file, or blank."""
        return next((one.name for one in self.controls if one.kind == "file"), "")

    @property
    def words(self) -> list[Control]:
        return [one for one in self.controls if one.takes_words]


class Reader(HTMLParser):
    """Every form of a page, with every element and attribute beside it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._form: Form | None = None
        self._area: Control | None = None
        self._select: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self._form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
        elif self._form and tag in ("input", "textarea", "select") and given.get("name"):
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value") or "")
            if "selected" in given:
                self._select.value = given.get("value") or ""

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        one = Control(
            given["name"], tag if tag != "input" else given.get("type") or "", given.get("value") or "", "checked" in given,
            given.get("inputmode") or "", int(given.get("maxlength") or 10_000), given.get("aria-invalid") == "true",
        )
        self._form.controls.append(one)
        self._area = one if tag == "textarea" else None
        self._select = one if tag == "select" else None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def same_place(address: str) -> str:
    """An address with its ids left out, to tell which form this is."""
    return re.sub(r"/\d+(?=/|$)", "/…", address.partition("?")[0])


def fill(form: Form, words: str, instead: dict[str, str], leave: set[str]) -> dict[str, list[str]]:
    """What a browser would send with `words` in every field that takes any. instead: by name. leave: names left blank."""
    sent: dict[str, list[str]] = {}
    for one in form.controls:
        if one.kind in ("radio", "checkbox"):
            if one.checked or (one.kind == "radio" and one.name not in sent):
                sent[one.name] = [one.value] if one.kind == "radio" else [*sent.get(one.name, []), one.value]
        elif one.kind in ("submit", "button", "file", "reset", "image"):
            continue
        else:
            again = sent.get(one.name, []) if one.kind == "hidden" else []
            sent[one.name] = [*again, _typed(one, words, instead, leave)]
    return sent


def _typed(one: Control, words: str, instead: dict[str, str], leave: set[str]) -> str:
    if one.name in instead:
        return instead[one.name]
    if one.name in leave:
        return ""
    if one.kind == "select":
        return one.value or next((value for value in one.options if value), "")
    if one.takes_words:
        return words[: one.most]
    return one.value
