from typing import Annotated, Literal

import msgspec

from app.core.access import Role
from app.core.forms import Field

Language = Literal["zh", "en"]


class Member(msgspec.Struct, frozen=True):
    """disabled: 0 or 1."""

    id: int
    sign_in: str
    name: str
    role: str
    language: str
    disabled: int

    @property
    def role_name(self) -> str:
        return Role(self.role).label


class NewMember(msgspec.Struct, frozen=True):
    sign_in: Annotated[str, Field(most=40)]
    name: Annotated[str, Field(most=40)]
    role: Role
    language: Language
    password: Annotated[str, Field(most=200)]


class EditMember(msgspec.Struct, frozen=True):
    name: Annotated[str, Field(most=40)]
    role: Role
    language: Language


class SetUp(msgspec.Struct, frozen=True):
    """The first run: the clinic and its first administrator."""

    code: Annotated[str, Field(most=40)]
    clinic_name: Annotated[str, Field(most=60)]
    sign_in: Annotated[str, Field(most=40)]
    name: Annotated[str, Field(most=40)]
    password: Annotated[str, Field(most=200)]
    language: Language
    address: Annotated[str, Field(most=120)] = ""
    phone: Annotated[str, Field(most=40)] = ""


# The first that a browser says of itself counts: Edge says Chrome too, Chrome says Safari.
_BROWSERS = {"MicroMessenger/": "WeChat", "Edg": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_MACHINES = ("iPad", "iPhone", "Android", "Windows", "Macintosh", "Linux")


class Session(msgspec.Struct, frozen=True):
    """device: what its browser calls itself. tablet: its name, if it is one of the clinic's."""

    id: int
    staff_id: int
    staff_name: str
    device: str
    started_at: str
    ends_at: str
    tablet: str | None

    @property
    def device_told(self) -> str:
        """The tablet's name; else Android · Chrome, instead of a line for machines; what says neither stays as it is."""
        if self.tablet:
            return self.tablet
        machine = next((one for one in _MACHINES if one in self.device), "")
        browser = next((name for sign, name in _BROWSERS.items() if sign in self.device), "")
        return " · ".join(filter(None, (machine, browser))) or self.device
