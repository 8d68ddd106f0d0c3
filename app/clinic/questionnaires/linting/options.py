"""What can be chosen: options, contained value sets, and what is chosen at the beginning."""

from collections.abc import Iterator
from typing import Any

from app.clinic.questionnaires.linting.tree import Node, Tree, chosen, extension, objects, placed, string

CHOICES = ("choice", "open-choice")
# The types of value[x] an item of a type takes as an answer, as an option's value too.
TAKES = {
    "boolean": ["Boolean"], "decimal": ["Decimal"], "integer": ["Integer"], "date": ["Date"], "dateTime": ["DateTime"], "time": ["Time"],
    "string": ["String"], "text": ["String"], "url": ["Uri"], "attachment": ["Attachment"], "reference": ["Reference"],
    "quantity": ["Quantity"], "choice": ["Coding"], "open-choice": ["Coding", "String"],
}  # fmt: skip
OF_A_CHOICE = ["Coding", "String", "Integer", "Date", "Time"]
DEEPEST = 20
ELSEWHERE = (
    "calculatedExpression", "initialExpression", "answerExpression", "candidateExpression", "questionnaire-externallydefined", "questionnaire-hidden",
)  # fmt: skip


def look(tree: Tree) -> None:
    offers = Offers(tree)
    for node in tree.nodes:
        _source(tree, node, offers)
        _each(tree, node)
        _initial(tree, node, offers.of(node))


class Offer:
    """What can be chosen, and how a condition may say so: a coding by its code alone too, or by its words."""

    def __init__(self, values: list[tuple[str, Any]]) -> None:
        self.identities = {identity(*one) for one in values}
        self.codes = {said[1] for said in self.identities}
        self.without_system = {identity(*one)[1] for one in values if one[0] == "Coding" and not string(one[1], "system")}
        self.words = {word for kind, value in values if kind == "Coding" for word in (string(value, "code"), string(value, "display")) if word}

    def has(self, kind: str, value: Any) -> bool:
        if kind == "String" and value in self.words:
            return True
        said = identity(kind, value)
        alone = kind == "Coding" and (said[1] in self.codes if not said[0] else said[1] in self.without_system)
        return alone or said in self.identities


class Offers:
    """The offers of a questionnaire, each looked at once however many conditions ask."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.known: dict[str, Offer | None] = {}
        self.listed: dict[str, bool] = {}

    def of(self, node: Node) -> Offer | None:
        """None where nobody can tell: there is no list, it is elsewhere, or anything may be said."""
        if node.type == "open-choice":
            return None
        key = node.path if node.raw.get("answerOption") else string(node.raw, "answerValueSet")
        if key not in self.known:
            values = self._values(node, key)
            self.known[key] = Offer(values) if values else None
        return self.known[key]

    def whole(self, reference: str, value_set: dict[str, Any]) -> bool:
        if reference not in self.listed:
            self.listed[reference] = whole(value_set)
        return self.listed[reference]

    def _values(self, node: Node, reference: str) -> list[tuple[str, Any]]:
        if node.raw.get("answerOption"):
            return [one for one in (chosen(option, "value") for option in objects(node.raw, "answerOption")) if one]
        value_set = self.tree.contained.get(reference)
        return [("Coding", coding) for coding in codings(value_set)] if value_set and self.whole(reference, value_set) else []


def whole(value_set: dict[str, Any]) -> bool:
    """Whether it lists all its concepts itself."""
    compose = value_set.get("compose") if isinstance(value_set.get("compose"), dict) else {}
    listed = all(objects(one, "concept") for one in objects(compose, "include"))
    return bool(objects(value_set.get("expansion"), "contains")) or (listed and not objects(compose, "exclude"))


def codings(value_set: dict[str, Any]) -> Iterator[dict[str, Any]]:
    expanded = False
    for one in _contains(value_set.get("expansion"), 0):
        expanded = True
        yield one
    if not expanded:
        for part in objects(value_set.get("compose"), "include"):
            for _place, one in placed(part, "concept"):
                yield one | {"system": part.get("system")}


def _contains(raw: Any, depth: int) -> Iterator[dict[str, Any]]:
    for one in objects(raw, "contains") if depth < DEEPEST else ():
        yield one
        yield from _contains(one, depth + 1)


def identity(kind: str, value: Any) -> tuple[str, ...]:
    """What makes two values the same answer."""
    if kind == "Coding":
        return (string(value, "system"), string(value, "code") or string(value, "display"))
    return (kind, str(value))


def _source(tree: Tree, node: Node, offers: Offers) -> None:
    """A list is there, and can be read here."""
    reference = string(node.raw, "answerValueSet")
    if reference.startswith("#"):
        value_set = tree.contained.get(reference)
        if value_set is None or value_set.get("resourceType") != "ValueSet":
            tree.note("value-set-missing", node, "answerValueSet", name=reference)
        elif not offers.whole(reference, value_set):
            tree.note("unsupported-value-set", node, "answerValueSet", name=reference)
        elif not any(True for _one in codings(value_set)):
            tree.note("value-set-empty", node, "answerValueSet", name=reference)
    elif reference:
        tree.note("unsupported-value-set", node, "answerValueSet", name=reference)
    elif node.type == "choice" and not objects(node.raw, "answerOption") and not _answered_otherwise(node):
        tree.note("no-options", node, id=node.link_id)


def _answered_otherwise(node: Node) -> bool:
    """Nobody has to choose: it comes with a value, or its options from something that is told of as unsupported."""
    given = node.raw.get("readOnly") is True or bool(node.raw.get("initial"))
    return given or any(string(one, "url").endswith(ELSEWHERE) for one in objects(node.raw, "extension"))


def _each(tree: Tree, node: Node) -> None:
    seen: set[tuple[str, ...]] = set()
    selected = 0
    for place, option in placed(node.raw, "answerOption"):
        kind, value = chosen(option, "value") or ("", None)
        selected += option.get("initialSelected") is True
        if not kind:
            continue
        if kind == "Reference":
            tree.note("unsupported-option", node, place, id=node.link_id)
        elif kind not in (OF_A_CHOICE if node.type in CHOICES else TAKES.get(node.type, [kind])):
            tree.note("option-type", node, place, id=node.link_id, type=node.type, found=f"value{kind}")
        if kind == "Coding" and not string(value, "code"):
            tree.note("option-without-code", node, place, name=string(value, "display"))
        if identity(kind, value) in seen:
            tree.note("option-twice", node, place, id=node.link_id, name=identity(kind, value)[-1])
        seen.add(identity(kind, value))
    if selected > 1 and not node.repeats:
        tree.note("selected-twice", node, "answerOption", id=node.link_id)


def _initial(tree: Tree, node: Node, offer: Offer | None) -> None:
    for place, one in placed(node.raw, "initial"):
        kind, value = chosen(one, "value") or ("", None)
        takes = OF_A_CHOICE if node.type in CHOICES else TAKES.get(node.type, [])
        if kind and takes and kind not in takes:
            tree.note("initial-type", node, place, id=node.link_id, type=node.type, found=f"value{kind}")
        elif kind and offer and not offer.has(kind, value):
            tree.note("initial-not-an-option", node, place, id=node.link_id, name=identity(kind, value)[-1])


def ordinal(option: dict[str, Any]) -> Any:
    """What an option counts; None if nothing says so."""
    urls = [f"http://hl7.org/fhir/StructureDefinition/{name}" for name in ("ordinalValue", "itemWeight", "questionnaire-ordinalValue")]
    for raw in (option, option.get("valueCoding"), option.get("_valueString"), option.get("_valueInteger")):
        found = chosen(extension(raw, *urls), "value")
        if found:
            return found[1]
    return option.get("valueInteger")
