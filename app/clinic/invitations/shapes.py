from datetime import date
from typing import Annotated, Literal

import msgspec

from app.core.forms import Field
from app.core.words import N_, pick

Language = Literal["zh", "en"]
# How far one person is with one questionnaire.
STATES = {
    "asked": N_("not sent yet"), "sent": N_("sent"), "started": N_("started"), "done": N_("filled in"), "withdrawn": N_("taken back"),
}
OPEN = ("asked", "sent", "started")


class Asked(msgspec.Struct, frozen=True):
    """One person who is to answer one questionnaire. Times: UTC. by: who asked."""

    id: int
    asking_id: int
    patient_id: int
    questionnaire_id: int
    title_zh: str
    title_en: str
    due_on: str | None
    state: str
    response_id: int | None
    at: str
    by: str | None
    sent_at: str | None
    reminded_at: str | None
    done_at: str | None

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)

    @property
    def both(self) -> list[str]:
        """Its title as events keep it."""
        return [self.title_zh, self.title_en]

    @property
    def open(self) -> bool:
        return self.state in OPEN


class Asking(msgspec.Struct, frozen=True):
    """A questionnaire given out, to one person or to many. people: how many there were; seen: how many have been looked at so far.

    reminding: the event that wants all who are not done reminded, while they are.
    """

    id: int
    questionnaire_id: int
    title_zh: str
    title_en: str
    whom: str
    name: str
    query: str
    people: int
    seen: int
    due_on: str | None
    at: str
    by: str | None
    finished: int
    stopped: int
    reminding: int = 0

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)

    @property
    def both(self) -> list[str]:
        """Its title as events keep it."""
        return [self.title_zh, self.title_en]


class NewAsked(msgspec.Struct, frozen=True):
    """For one person: some questionnaires at once."""

    token: str
    questionnaires: Annotated[list[int], Field(lowest=1, required=N_("Please choose one of these."))]
    due_on: date | None = None


class NewAsking(msgspec.Struct, frozen=True):
    """For everybody of a list. people: how many it was seen to be."""

    token: str
    questionnaire: Annotated[int, Field(lowest=1, required=N_("Please choose one of these."))]
    people: int
    due_on: date | None = None


class WayIn(msgspec.Struct, frozen=True):
    """What can be shown once and is kept nowhere. expires_at: UTC."""

    asked: Asked
    token: str
    code: str
    expires_at: str


class Invited(msgspec.Struct, frozen=True):
    """What a token or code opens. over: why it does not any more, or blank. begun: 0 or 1."""

    id: int
    asked_id: int
    patient_id: int
    questionnaire_id: int
    begun: int
    name: str
    language: str
    title_zh: str
    title_en: str
    over: str

    @property
    def path(self) -> str:
        return f"/fill/{self.asked_id}"

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)

    @property
    def both(self) -> list[str]:
        """Its title as events keep it."""
        return [self.title_zh, self.title_en]


class Guest(msgspec.Struct, frozen=True):
    """A device that was let in, and what it is let in for; over: why it is not any more, or blank. key: names the device, opens nothing."""

    key: str
    asked_id: int
    patient_id: int
    patient_name: str
    questionnaire_id: int
    response_id: int | None
    channel: str
    language: str
    large: int
    whole: int
    at: str
    title_zh: str
    title_en: str
    over: str

    @property
    def path(self) -> str:
        return f"/fill/{self.asked_id}"

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)


class Looks(msgspec.Struct, frozen=True):
    """How a device shows the form."""

    language: Language
    large: Annotated[int, Field(lowest=0, highest=1)]
    whole: Annotated[int, Field(lowest=0, highest=1)]
