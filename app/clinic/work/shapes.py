from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec

from app.clinic.patients import Patient
from app.clinic.work import rules
from app.clinic.work.pathways import Outcome, Pathway, as_of
from app.core.access import Actor, May
from app.core.forms import Field
from app.core.words import N_, _

Channel = Literal["phone", "visit", "home", "message", "other"]
Reached = Literal["reached", "no_answer", "declined"]
CHANNELS = {
    "phone": N_("By phone"), "visit": N_("In the clinic"), "home": N_("Home visit"),
    "message": N_("By message"), "other": N_("Another way"),
}
REACHED = {"reached": N_("Talked with"), "no_answer": N_("No answer"), "declined": N_("Declined")}

STEPS = {
    "attempted": N_("No answer"), "postponed": N_("Moved"), "reassigned": N_("Handed over"), "done": N_("Done"),
    "withdrawn": N_("No longer needed"), "scheduled": N_("Given a day"), "reopened": N_("Taken back"),
}
LASTING = ("assign_doctor", "explain_abnormal")
HEARD = ("reached", "booked", "unwell", "declined")


class Item(msgspec.Struct, frozen=True, dict=True):
    """One thing to do for one patient. seen: its last step, sent back with a form to notice who was faster.

    tries: calls without an answer. pending: abnormal results it is still about.
    """

    id: int
    patient_id: int
    pathway_code: str
    version: int
    trigger: str
    params_json: str
    evidence_json: str
    list_id: int | None
    show_from: str | None
    due_on: str | None
    show_until: str | None
    owner_id: int | None
    role: str | None
    tried_on: str | None
    closed: int
    created_at: str
    seen: int
    tries: int
    pending: int

    @cached_property
    def pathway(self) -> Pathway:
        return as_of(self.pathway_code, self.version)

    @cached_property
    def params(self) -> dict[str, Any]:
        return msgspec.json.decode(self.params_json)

    @cached_property
    def evidence(self) -> Any:
        return msgspec.json.decode(self.evidence_json)

    @property
    def responses(self) -> list[int]:
        """The answers it rests on."""
        return sorted({id for one in self.evidence.get("because", []) for id in one.get("responses", [])})

    @property
    def title(self) -> str:
        """In the reader's language."""
        return self.params.get("title") or self.pathway.said(self.pending or self.params.get("n", ""), self.params.get("about", ("", "")))

    def title_for(self, actor: Actor) -> str:
        """Who may not see care is told that there is a call to make, not why."""
        return _("Follow-up call") if self.hidden_from(actor) else self.title

    def hidden_from(self, actor: Actor) -> bool:
        return self.pathway.clinical and not actor.may(May.SEE_CLINICAL)

    @property
    def lasting(self) -> bool:
        """Done, it cannot be taken back here: what it did elsewhere stands."""
        return self.pathway_code in LASTING

    def outcomes_for(self, actor: Actor) -> tuple[Outcome, ...]:
        """Who may not see care may say what they heard on the telephone, not how well somebody is."""
        hidden = self.hidden_from(actor)
        return tuple(one for one in self.pathway.outcomes if not hidden or one.code in HEARD)

    @property
    def try_a_visit(self) -> bool:
        return self.tries >= rules.TRIES_BEFORE_VISIT

    def lateness(self, today: date) -> rules.Lateness:
        return rules.lateness(self.due_on, self.show_until, today)

    def days_late(self, today: date) -> int:
        return rules.days_between(self.due_on, today)


class Step(msgspec.Struct, frozen=True):
    """One thing that happened to an item. at: UTC."""

    id: int
    work_id: int
    step: str
    day: str
    actor_id: int | None
    outcome: str | None
    note: str
    due_was: str | None
    due_on: str | None
    at: str


class Contact(msgspec.Struct, frozen=True):
    """at: wall time. actor_id: who talked. withdrawn: entered in error."""

    id: int
    patient_id: int
    work_id: int | None
    at: str
    channel: str
    outcome: str
    note: str
    next_on: str | None
    actor_id: int | None
    withdrawn: int = 0
    withdrawn_reason: str = ""


class Struck(Contact, frozen=True):
    """A contact with where it comes from. cause_id: the event of the work it ticked off."""

    event_id: int = 0
    cause_id: int | None = None

    @property
    def next_day(self) -> date | None:
        return date.fromisoformat(self.next_on) if self.next_on else None


class Counts(msgspec.Struct, frozen=True):
    """The list's filters; people: how many persons the chosen filter holds."""

    all: int
    late: int
    today: int
    soon: int
    missed: int
    people: int


class Person(msgspec.Struct, frozen=True):
    """A patient on the list, and what is to be done for them, most urgent first. allergies: empty where not to be seen."""

    patient: Patient
    phone: str | None
    allergies: list[str]
    items: list[Item]


class Today(msgspec.Struct, frozen=True):
    """done: closed by this person today. left: still on the list for today or late."""

    people: list[Person]
    counts: Counts
    done: int
    page: int
    pages: int

    @property
    def left(self) -> int:
        return self.counts.late + self.counts.today


class Completion(msgspec.Struct, frozen=True):
    """seen: see Item. next_on: agreed with the person, else by the outcome. doctor_id: whom "assign" assigns."""

    outcome: str
    seen: int = 0
    note: Annotated[str, Field(most=2000)] = ""
    channel: Channel | None = None
    next_on: date | None = None
    doctor_id: int | None = None


class Attempt(msgspec.Struct, frozen=True):
    seen: int = 0
    note: Annotated[str, Field(most=2000)] = ""
    channel: Channel = "phone"


class Postponement(msgspec.Struct, frozen=True):
    due_on: Annotated[date, Field(required=N_("Please choose a day."))]
    reason: Annotated[str, Field(most=500, required=N_("Please say why."))]
    seen: int = 0


class Reassignment(msgspec.Struct, frozen=True):
    """to: a staff id, or a role's name for anyone of it."""

    to: Annotated[str, Field(required=N_("Please choose somebody."))]
    seen: int = 0
    note: Annotated[str, Field(most=500)] = ""


class NewContact(msgspec.Struct, frozen=True):
    """token: one per form shown; the same one twice is a second tap. next_on makes a dated item."""

    channel: Annotated[Channel, Field(required=N_("Please choose one of these."))]
    outcome: Annotated[Reached, Field(required=N_("Please choose one of these."))]
    note: Annotated[str, Field(most=4000)] = ""
    next_on: date | None = None
    next_for: Annotated[str, Field(most=120)] = ""
    token: Annotated[str, Field(most=64)] = ""


class RecallList(msgspec.Struct, frozen=True):
    """waiting: items not yet dated. people: how many persons they are about."""

    id: int
    batch_id: int | None
    at: str
    waiting: int
    people: int


class Reminder(msgspec.Struct, frozen=True):
    id: int
    kind: str
    day: str
    n: int
    at: str
    seen: int
