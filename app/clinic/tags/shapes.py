"""Rows out, input in."""

import json
from typing import Annotated, Literal

import msgspec

from app.clinic import criteria
from app.core.forms import Field
from app.core.words import N_, pick

Level = Literal["info", "amber", "red"]
LEVELS = {"info": N_("For information"), "amber": N_("Attention"), "red": N_("Urgent")}
LONGEST_NAME = 30
ALARM = "alarm."  # how the code begins of a rule that calls a person today


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as the data file has it; a status beginning with U is unverified and off until somebody decides."""

    code: str
    version: int
    level: Level
    status: str
    name_zh: str
    name_en: str
    source_zh: str
    source_en: str
    criterion: criteria.Criterion


class Rule(msgspec.Struct, frozen=True):
    """A version of a rule. origin: shipped, or made in this clinic. questionnaire_id: whose bands or alarm made it."""

    id: int
    code: str
    version: int
    origin: str
    name_zh: str
    name_en: str
    level: Level
    criterion: str
    source_zh: str
    source_en: str
    status: str
    is_on: int
    retired: int
    questionnaire_id: int | None = None

    @property
    def alarm(self) -> bool:
        """It calls a person today, so nobody is kept from it."""
        return self.code.startswith(ALARM)

    @property
    def own(self) -> bool:
        """Made here by hand, so changed here."""
        return self.origin == "clinic" and self.questionnaire_id is None

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def source(self) -> str:
        return pick(self.source_zh, self.source_en)

    @property
    def unverified(self) -> bool:
        return self.status.startswith("U")

    @property
    def tree(self) -> criteria.Criterion:
        return criteria.parse(self.criterion)

    @property
    def sentence(self) -> str:
        return criteria.sentence(self.tree)


class Tag(msgspec.Struct, frozen=True):
    """A label on a person. rule: None where somebody put it there, for a reason. by, at: who did, when (UTC)."""

    id: int
    patient_id: int
    code: str
    evidence: str
    reason: str
    rule: Rule | None
    by: str = ""
    at: str = ""

    @property
    def name(self) -> str:
        return self.rule.name if self.rule else self.code

    @property
    def level(self) -> Level:
        return self.rule.level if self.rule else "info"

    @property
    def manual(self) -> bool:
        return self.rule is None

    @property
    def observations(self) -> list[int]:
        return json.loads(self.evidence).get("observations", [])

    @property
    def responses(self) -> list[int]:
        """The answers it rests on."""
        return sorted({id for one in json.loads(self.evidence).get("because", []) for id in one.get("responses", [])})


class Hold(msgspec.Struct, frozen=True):
    """A rule's tag that this person is not to have."""

    id: int
    code: str
    name: str
    reason: str
    by: str
    at: str


class HistoryLine(msgspec.Struct, frozen=True):
    """set_at, removed_at: UTC; removed_at is empty while it stands."""

    name: str
    id: int
    manual: int
    level: Level
    reason: str
    set_at: str
    set_by: str
    removed_at: str
    removed_by: str
    removed_reason: str


class Labelled(msgspec.Struct, frozen=True):
    """A label somebody puts on a person."""

    label: Annotated[str, Field(most=LONGEST_NAME)]
    reason: Annotated[str, Field(most=500)]


class Reasoned(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500, required=N_("Please say why."))]


class NewRule(msgspec.Struct, frozen=True):
    """A rule made in the clinic; the criterion is checked before."""

    name_zh: Annotated[str, Field(most=LONGEST_NAME)]
    name_en: Annotated[str, Field(most=60)]
    level: Level
    source: Annotated[str, Field(most=300)]


class DryRun(msgspec.Struct, frozen=True):
    """What the whole population would gain and lose; examples are patient ids."""

    matching: int
    gain: int
    lose: int
    gaining: tuple[int, ...]
    losing: tuple[int, ...]
