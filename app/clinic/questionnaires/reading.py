"""From FHIR's JSON to a Definition. What is strange but harmless is read as far as it goes; the linter says it.

Refused is only what cannot be worked with: no JSON, no Questionnaire, items without or with the same link id, unknown types,
members of the wrong kind, and sizes nobody would fill in.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any, get_args

from app.clinic.questionnaires import extensions as ext
from app.clinic.questionnaires.extensions import HL7, OURS, SDC, Misshapen, member, objects
from app.clinic.questionnaires.item_reading import item_of
from app.clinic.questionnaires.shapes import Definition, Formula, Item, Type, Unreadable
from app.core import fhirjson

LARGEST = 5_000_000
MOST_ITEMS = 5_000
DEEPEST = 24
MOST_KEPT = 4_000_000  # characters of what was read, a dozen times as many bytes of memory: every save of a draft is a text more
TYPES = frozenset(get_args(Type))
_kept: OrderedDict[str, Definition] = OrderedDict()
_lock = Lock()


def read(text: str) -> Definition:
    """Read once for the same text, however many ask. Raises Unreadable."""
    with _lock:
        if text in _kept:
            _kept.move_to_end(text)
            return _kept[text]
    made = _read(text)
    with _lock:
        _kept[text] = made
        while len(_kept) > 1 and sum(map(len, _kept)) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _read(text: str) -> Definition:
    if len(text) > LARGEST:
        raise Unreadable(("too-large", ""))
    try:
        raw = fhirjson.loads(text)
    except fhirjson.NotJson:
        raise Unreadable(("not-json", "")) from None
    return define(raw)


def define(raw: Any) -> Definition:
    """Read what is loaded already, for whoever is still changing it. Raises Unreadable."""
    if not isinstance(raw, dict) or raw.get("resourceType") != "Questionnaire":
        raise Unreadable(("not-a-questionnaire", ""))
    try:
        return _Reader(raw).definition()
    except Misshapen as wrong:
        raise Unreadable(("wrong-kind", str(wrong))) from None


class _Reader:
    """One pass over the items, numbering them."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.language = member(raw, "language", str, "")
        self.contained = {f"#{one.get('id')}": one for one in objects(raw, "contained")}
        self.by_id: dict[str, Item] = {}
        self.parents: dict[str, str] = {}
        self.seen: set[str] = set()

    def definition(self) -> Definition:
        raw = self.raw
        items = self.items(raw, "", 0)
        self.by_id = dict(sorted(self.by_id.items(), key=lambda pair: pair[1].number))
        return Definition(
            ext.text(raw, "title", self.language), items, self.by_id, self.parents, raw, member(raw, "url", str, ""), member(raw, "version", str, ""),
            member(raw, "name", str, ""), self.language, ext.text(raw, "description", self.language), ext.code(raw, f"{OURS}use", "patient"),
            formulas(raw), tuple(self.launch()), member(raw, "copyright", str, ""), self.texts(), ext.code(raw, f"{OURS}scoring-status"),
        )  # fmt: skip

    def launch(self) -> list[str]:
        names = (ext.first(one, "name") for one in ext.named(self.raw, f"{SDC}launchContext"))
        found = (name.get("valueId") or member(name, "valueCoding", dict, {}).get("code") for name in names)
        return [name for name in found if isinstance(name, str)]

    def texts(self) -> dict[str, str]:
        """The status of the words: of the original on the questionnaire, of a translation on that of the title."""
        found = {code: ext.code(one, ext.TEXT_STATUS) for code, _words, one in ext.translations(member(self.raw, "_title", dict, {}))}
        return {code: status for code, status in ({self.language: ext.code(self.raw, ext.TEXT_STATUS)} | found).items() if status}

    def items(self, raw: dict[str, Any], parent: str, depth: int) -> tuple[Item, ...]:
        if depth > DEEPEST:
            raise Unreadable(("too-deep", parent))
        return tuple(self.item(one, parent, depth) for one in objects(raw, "item"))

    def item(self, raw: dict[str, Any], parent: str, depth: int) -> Item:
        link_id = raw.get("linkId")
        if not isinstance(link_id, str) or not link_id:
            raise Unreadable(("no-link-id", parent))
        if link_id in self.seen:
            raise Unreadable(("duplicate-link-id", link_id))
        if not isinstance(kind := raw.get("type"), str) or kind not in TYPES:
            raise Unreadable(("unknown-type", link_id))
        if len(self.seen) >= MOST_ITEMS:
            raise Unreadable(("too-many-items", ""))
        self.seen.add(link_id)
        self.parents[link_id] = parent
        number = len(self.seen)
        try:
            item = item_of(raw, number, self.language, self.contained, self.items(raw, link_id, depth + 1), formulas(raw))
        except Misshapen as wrong:
            raise Unreadable(("wrong-kind", f"{link_id}.{wrong}")) from None
        self.by_id[link_id] = item
        return item


def formulas(raw: dict[str, Any]) -> tuple[Formula, ...]:
    """The variables an element declares, in order: a later one may name an earlier. A questionnaire's other named expressions too."""
    urls = (f"{HL7}variable",) if "linkId" in raw else (f"{HL7}variable", f"{SDC}calculatedExpression", f"{SDC}initialExpression")
    found = (ext.formula(one) for one in ext.named(raw, *urls))
    return tuple(one for one in found if one and one.name)
