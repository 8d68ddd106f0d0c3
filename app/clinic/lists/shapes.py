"""What a list of people can be filtered by and show; its address says all of it."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

import msgspec

from app.clinic import criteria, patients
from app.core.forms import Field
from app.core.words import N_

CHOOSE = N_("Please choose one of these.")
LACKS = {
    "phone": N_("Phone"), "born": N_("Birth date"), "sex": N_("Sex"), "document": N_("ID number"), "address": N_("Address"),
    "doctor": N_("Doctor"), "manager": N_("Health manager"), "card": N_("a card"), "consent": N_("Consent"),
    "guardian": N_("Guardian (under 14)"), "allergies": N_("Allergies"), "conditions": N_("Conditions"), "medications": N_("Medicines"),
}
CLINICAL_LACKS = frozenset({"allergies", "conditions", "medications"})
STATES = {"valid": N_("Valid"), "ending": N_("Ends within 30 days"), "expired": N_("Expired"), "suspended": N_("Suspended")}
CONTACTS = {"within": N_("Reached within"), "without": N_("Not reached for"), "never": N_("Never reached")}

Lack = Literal[
    "phone", "born", "sex", "document", "address", "doctor", "manager", "card", "consent", "guardian", "allergies", "conditions",
    "medications",
]
ColumnName = Literal[
    "who", "born", "phone", "number", "card", "card_type", "card_until", "doctor", "manager", "document", "address",
    "language", "registered", "last_contact", "due", "tags",
]
USUAL = ("who", "phone", "number", "card", "doctor", "tags")


def _id(text: str) -> str:
    """A row's id; 0 is nobody."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(CHOOSE)
    return text


def _card(text: str) -> str:
    return text if text in ("any", "none") else _id(text)


def _criterion(text: str) -> str:
    return criteria.dump(criteria.parse(text))


class View(msgspec.Struct, frozen=True):
    """A list: whom it shows, and which columns. Blank: any.

    doctor, manager: a staff id, 0 for nobody. card: a type's id, any, none. missing: people who lack at least one of
    these. where: a criterion's JSON. Everything but `columns` narrows the list.
    """

    doctor: Annotated[str, Field(parse=_id)] = ""
    manager: Annotated[str, Field(parse=_id)] = ""
    tag: Annotated[str, Field(most=60)] = ""
    card: Annotated[str, Field(parse=_card)] = ""
    state: Literal["", "valid", "ending", "expired", "suspended"] = ""
    sex: Literal["", "female", "male", "unknown"] = ""
    age_from: Annotated[int | None, Field(lowest=0, highest=150)] = None
    age_to: Annotated[int | None, Field(lowest=0, highest=150)] = None
    contact: Literal["", "within", "without", "never"] = ""
    days: Annotated[int, Field(lowest=1, highest=3660)] = 90
    missing: Annotated[list[Lack], Field()] = []
    where: Annotated[str, Field(most=12_000, parse=_criterion)] = ""
    columns: Annotated[list[ColumnName], Field()] = []

    def query(self, **more: Any) -> str:
        """The address's part after the question mark, without what is as usual."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value != _USUALLY[name]}
        if self.contact in ("", "never"):
            given.pop("days", None)
        return urlencode(given | {name: value for name, value in more.items() if value is not None}, doseq=True)

    def path(self, **more: Any) -> str:
        query = self.query(**more)
        return f"/patients?{query}" if query else "/patients"

    def besides(self) -> list[tuple[str, Any]]:
        """What a short form of doctor, manager and tag must carry along."""
        return [pair for pair in parse_qsl(self.query()) if pair[0] not in ("doctor", "manager", "tag")]

    @property
    def narrowed(self) -> bool:
        return msgspec.structs.replace(self, columns=[]) != EVERYBODY

    @property
    def clinical(self) -> bool:
        """Whether being on it tells something about somebody's health."""
        return bool(self.tag or self.where or self.contact or CLINICAL_LACKS & set(self.missing))


EVERYBODY = View()
_USUALLY = msgspec.structs.asdict(EVERYBODY)


class Row(patients.Somebody, frozen=True):
    """A line of a list."""

    doctor_id: int | None
    manager_id: int | None


class SavedView(msgspec.Struct, frozen=True):
    """A list somebody keeps, for themselves or for everybody. query: its address."""

    id: int
    owner_id: int
    name: str
    shared: int
    clinical: int
    query: str

    @property
    def path(self) -> str:
        return f"/patients?{self.query}" if self.query else "/patients"


class NewView(msgspec.Struct, frozen=True):
    name: Annotated[str, Field(most=30)]
    shared: bool = False


class NewAssignment(msgspec.Struct, frozen=True):
    """to: "doctor:3" or "manager:5". all: the whole list and not only the people ticked; n: how many it was seen to be."""

    to: str
    scope: Literal["all", "ticked"]
    n: int
    token: str
    people: Annotated[list[int], Field(lowest=1)] = []


class Assignment(msgspec.Struct, frozen=True):
    """what: doctor or manager. undone: 0 or 1. by: who did it; at: when (UTC)."""

    id: int
    what: str
    staff_id: int
    name: str
    n: int
    by: str
    at: str
    undone: int
