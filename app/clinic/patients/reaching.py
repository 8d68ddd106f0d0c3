"""By which numbers somebody is reached, and who is called or answers for them."""

import msgspec

from app.clinic.patients.background import KINDS, PHONE_RELATIONS, RELATIONS
from app.clinic.patients.phones import show_phone
from app.core.words import _


class Phone(msgspec.Struct, frozen=True):
    """whose: the name of who answers, where it is not the person's own."""

    number: str
    relation: str = "self"
    whose: str = ""

    @property
    def shown(self) -> str:
        return show_phone(self.number)

    @property
    def whose_told(self) -> str:
        """Blank for their own."""
        relation = "" if self.relation == "self" else _(PHONE_RELATIONS[self.relation])
        return " ".join(filter(None, (relation, self.whose)))


class Related(msgspec.Struct, frozen=True):
    """kind: emergency or guardian. other_id: where that is a patient here, too."""

    kind: str
    name: str
    relation: str = "other"
    phone: str = ""
    other_id: int | None = None

    @property
    def kind_told(self) -> str:
        return _(KINDS[self.kind])

    @property
    def relation_told(self) -> str:
        return _(RELATIONS[self.relation])

    @property
    def phone_told(self) -> str:
        return show_phone(self.phone)
