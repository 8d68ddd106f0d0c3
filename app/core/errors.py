"""What can be refused, and why, in words a person can act on.

Messages are English ids marked with N_; they are translated where they are shown.
"""

from typing import Any

from app.core.words import N_, _


class Refusal(Exception):
    """Something the house will not do; says why and what to do instead."""

    status = 422

    def __init__(self, message: str = "", **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params

    def __str__(self) -> str:
        return _(self.message, **self.params)


class Invalid(Refusal):
    """Fields that cannot be accepted: {field: message or (message, params)}."""

    def __init__(self, errors: dict[str, str | tuple[str, dict]]) -> None:
        super().__init__(N_("Please look at the marked fields."))
        self.errors = errors


class NotFound(Refusal):
    status = 404

    def __init__(self, message: str = N_("There is nothing here, or it is not yours to see.")) -> None:
        super().__init__(message)


class Forbidden(Refusal):
    status = 403

    def __init__(self, message: str = N_("Your role does not include this.")) -> None:
        super().__init__(message)


class Moved(Refusal):
    """What was asked for stands somewhere else now: `to` is its address."""

    status = 307

    def __init__(self, to: str) -> None:
        super().__init__(N_("This record was joined to another one."))
        self.to = to


class SignedOut(Refusal):
    status = 401

    def __init__(self) -> None:
        super().__init__(N_("Please sign in."))


class Locked(Refusal):
    """Somebody is signed in on this device, but its screen shows nothing until they prove who they are."""

    status = 423

    def __init__(self) -> None:
        super().__init__(N_("The screen is locked. Unlock it, then go on: what you typed is kept."))


class CodeNeeded(Refusal):
    """The password was right; a code from the phone is asked besides. half: what the device carries until then. next: where to go on."""

    status = 401

    def __init__(self, half: str) -> None:
        super().__init__(N_("Please enter the code from your phone."))
        self.half, self.next = half, ""


class HandedOver(Refusal):
    """This device is in a patient's hands: `to` is all it opens."""

    status = 403

    def __init__(self, to: str) -> None:
        super().__init__(N_("This tablet was handed to a patient. A member of staff unlocks it with their PIN or password."))
        self.to = to


class Gone(Refusal):
    """It was here and is no more: handed in, taken back or out of time."""

    status = 410


class Conflict(Refusal):
    """Two people changed one thing: carries both texts, loses neither.

    texts: (label, mine, theirs) rows; labels are ids of words.
    """

    status = 409

    def __init__(self, message: str, texts: list[tuple[str, str, str]] | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.texts = texts or []


class TooLarge(Refusal):
    status = 413


class TooMany(Refusal):
    """Slowed down; `wait` is in seconds."""

    status = 429

    def __init__(self, wait: int) -> None:
        super().__init__(N_("Too many attempts. Try again in %(wait)s seconds."), wait=wait)
        self.wait = wait


class Busy(Refusal):
    status = 503

    def __init__(self) -> None:
        super().__init__(N_("The clinic's record is busy. Nothing was saved; please try again."))


class Unwritable(Refusal):
    """Nothing can be kept just now, whatever it is; what is stored can be read."""

    status = 503


class DiskFull(Unwritable):
    def __init__(self) -> None:
        super().__init__(N_("The disk is full. Nothing was saved; what is stored is safe. Free some space, then try again."))


class ReadOnly(Unwritable):
    def __init__(self) -> None:
        super().__init__(N_("The disk takes nothing new. Nothing was saved; what is stored can be read. Write on paper for now, and tell an owner of the clinic."))


class DiskFails(Unwritable):
    def __init__(self) -> None:
        super().__init__(N_("The disk does not answer as it should. Nothing was saved; please try again, and tell an owner of the clinic."))


class Damaged(Refusal):
    """A page of the clinic's file is not what it was."""

    status = 503

    def __init__(self) -> None:
        super().__init__(N_("A part of the clinic's file is damaged. What lies there cannot be shown, and nothing new is taken in; all the rest can be read. Tell an owner of the clinic."))
