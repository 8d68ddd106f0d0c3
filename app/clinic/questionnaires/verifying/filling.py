"""A case's inputs become the fields of a form, as if somebody had filled it in."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from app.clinic.questionnaires.evaluating import evaluate
from app.clinic.questionnaires.extensions import SDC
from app.clinic.questionnaires.reading import define
from app.clinic.questionnaires.shapes import CHOSEN, Definition, Item, State, key
from app.clinic.questionnaires.shipping import library
from app.clinic.questionnaires.taking import take
from app.clinic.questionnaires.verifying.vectors import Case, Model, plain
from app.core import clock, fhirjson

MEN, WOMEN = {"male", "m", "man", "男", "男性", "1"}, {"female", "f", "woman", "女", "女性", "2"}
YES, NO = {"true", "yes", "y", "1", "是", "有"}, {"false", "no", "n", "0", "否", "无", "没有"}
LISTS = {"responses", "answers", "items", "scores"}
SEXES = {"sex", "gender", "male", "female"}
COUNTS = "itemcounts"


class Filled(msgspec.Struct, frozen=True):
    """refused: what was wrong with the inputs. unused: inputs that mean nothing here."""

    definition: Definition
    state: State
    refused: tuple[str, ...]
    unused: tuple[str, ...]


def fill(case: Case, model: Model) -> Filled:
    pinned = frozenset(_link(model, template, name) for given, template in model.pinned.items() for name in _named(case.inputs.get(given)))
    form = _Form(_definition(model.form, pinned), model)
    for name in sorted(case.inputs, key=lambda one: plain(one) not in SEXES):  # who it is decides what is asked
        form.put(name, case.inputs[name])
    given, errors, _typed = take(form.definition, {}, form.fields, "en")
    form.refused += [f"{path}: {words}" for path, words in errors.items()]
    state = evaluate(form.definition, given, form.context)
    return Filled(form.definition, state, tuple(form.refused), tuple(form.unused))


def _named(said: Any) -> list[str]:
    return list(said) if isinstance(said, dict) else []


def _link(model: Model, template: str, name: str) -> str:
    return template.replace("{}", model.names.get(name, name))


@lru_cache(64)
def _definition(form: str, pinned: frozenset[str]) -> Definition:
    """The shipped one; what a case gives as a result is a question here."""
    raw = fhirjson.loads(library()[form].fhir)
    for item in raw["item"]:
        if item["linkId"] in pinned:
            item.pop("readOnly", None)
            item["extension"] = [one for one in item["extension"] if one["url"] != f"{SDC}calculatedExpression"]
    return define(raw)


class _Form:
    """What the inputs come to."""

    def __init__(self, definition: Definition, model: Model) -> None:
        self.definition, self.model = definition, model
        self.by_name = {plain(link_id): item for link_id, item in definition.by_id.items()}
        self.fields: dict[str, list[str]] = {}
        self.patient: dict[str, Any] = {"resourceType": "Patient"}
        self.refused: list[str] = []
        self.unused: list[str] = []

    @property
    def context(self) -> dict[str, Any]:
        return {"patient": self.patient, "today": clock.today().isoformat()}

    def put(self, name: str, said: Any) -> None:
        item = self.by_name.get(plain(self.model.inputs.get(name, name)))
        if name in self.model.pinned and isinstance(said, dict):
            for each, worth in said.items():
                self.answer(self.definition.by_id.get(_link(self.model, self.model.pinned[name], each)), each, worth)
        elif plain(name) == COUNTS and isinstance(said, dict):
            self.count(said)
        elif plain(name) in LISTS and isinstance(said, list):
            self.row(said)
        elif plain(name) in SEXES:
            self.sex(plain(name), said)
        elif isinstance(said, dict) and item is None:
            for each, worth in said.items():
                self.put(each, worth)
        elif plain(name) == "age" and item is None:
            self.born(said)
        else:
            self.answer(item, name, said)

    def row(self, said: list[Any]) -> None:
        """Answers in the order of the questions: of all there are, or of those this person is asked."""
        questions = [item for item in self.definition.by_id.values() if item.asked]
        if len(questions) != len(said):
            asked = {place.item.link_id for place in evaluate(self.definition, {}, self.context).shown}
            questions = [item for item in questions if item.link_id in asked]
        if len(questions) != len(said):
            self.refused.append(f"{len(said)} answers to {len(questions)} questions")
        for item, worth in zip(questions, said, strict=False):
            self.answer(item, item.link_id, worth)

    def count(self, said: dict[str, Any]) -> None:
        for name, number in said.items():
            if self.model.counts.get(name, number) != number:
                self.refused.append(f"{name}: {number} questions, not {self.model.counts[name]}")

    def sex(self, name: str, said: Any) -> None:
        word = plain(str(said))
        if name in ("male", "female"):
            is_it = word in YES
            self.patient["gender"] = name if is_it else "female" if name == "male" else "male"
        elif word in MEN | WOMEN:
            self.patient["gender"] = "male" if word in MEN else "female"
        elif said is not None:
            self.refused.append(f"{name}: {said}")

    def born(self, age: Any) -> None:
        if isinstance(age, int | Decimal) and 0 <= age <= 130:
            today = clock.today()
            self.patient["birthDate"] = f"{today.year - int(age):04}-{today.month:02}-01"

    def answer(self, item: Item | None, name: str, said: Any) -> None:
        if item is None:
            self.unused.append(name)
            return
        for_all = said if isinstance(said, list) else [] if said is None else [said]
        self.fields[key(item.link_id)] = [_field(item, one) for one in for_all]


def _field(item: Item, said: Any) -> str:
    """What a form would send for it; what fits nothing goes as it is, to be refused."""
    word = plain(str(said))
    if item.type == "boolean":
        return "true" if word in YES else "false" if word in NO else str(said)
    if item.type in CHOSEN:
        return _option(item, said, word)
    return str(said)


def _option(item: Item, said: Any, word: str) -> str:
    number = _number(said)
    tests: Sequence = (
        lambda one: number is not None and one.ordinal == number,
        lambda one: plain(one.code) == word,
        lambda one: word in {plain(one.text.original), *map(plain, one.text.others.values())},
        lambda one: isinstance(said, bool) and one.code == ("yes" if said else "no"),
    )
    return next((one.code for test in tests for one in item.options if test(one)), str(said))


def _number(said: Any) -> Decimal | None:
    if isinstance(said, bool):
        return None
    try:
        return Decimal(str(said))
    except ArithmeticError:
        return None
