"""The part of the form that says how somebody is reached: their phones, who answers for them, and which ways are welcome."""

from typing import Annotated, Literal, get_args

import msgspec

from app.clinic import patients
from app.core.db import Database
from app.core.errors import Invalid
from app.core.forms import Field
from app.core.words import N_, _

PhoneRelation = Literal[
    "self", "spouse", "child", "parent", "sibling", "grandchild", "grandparent", "relative", "friend", "carer", "workplace", "other"
]
Relation = Literal["spouse", "child", "parent", "sibling", "grandchild", "grandparent", "relative", "friend", "carer", "other"]
Answer = Literal["yes", "no"]
PhoneField = Annotated[str | None, Field(parse=patients.read_phone)]
Name = Annotated[str, Field(most=60)]

PHONES = ("phone", "phone_2", "phone_3", "phone_4")
RELATED = {"guardian": "guardian", "emergency": "emergency", "emergency_2": "emergency"}  # field → kind
USUAL = {"guardian_relation": "parent", "emergency_relation": "child", "emergency_2_relation": "child"}


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """Of each phone: whose it is. Of each related person: *_number, by which they are known here themselves."""

    phone: PhoneField = None
    phone_relation: PhoneRelation = "self"
    phone_whose: Name = ""
    phone_2: PhoneField = None
    phone_2_relation: PhoneRelation = "self"
    phone_2_whose: Name = ""
    phone_3: PhoneField = None
    phone_3_relation: PhoneRelation = "self"
    phone_3_whose: Name = ""
    phone_4: PhoneField = None
    phone_4_relation: PhoneRelation = "self"
    phone_4_whose: Name = ""
    guardian_name: Name = ""
    guardian_relation: Relation = "parent"
    guardian_phone: PhoneField = None
    guardian_number: Name = ""
    emergency_name: Name = ""
    emergency_relation: Relation = "other"
    emergency_phone: PhoneField = None
    emergency_number: Name = ""
    emergency_2_name: Name = ""
    emergency_2_relation: Relation = "other"
    emergency_2_phone: PhoneField = None
    emergency_2_number: Name = ""
    channel_phone: Answer | None = None
    channel_sms: Answer | None = None
    channel_wechat: Answer | None = None
    channel_visit: Answer | None = None
    channel_post: Answer | None = None


def phones(given: Reached) -> list[patients.Phone]:
    """As typed, in their order, each number once."""
    found = {}
    for slot in PHONES:
        if number := getattr(given, slot):
            relation, whose = getattr(given, f"{slot}_relation"), getattr(given, f"{slot}_whose")
            found.setdefault(number, patients.Phone(number, relation, whose))
    return list(found.values())


def related(db: Database, given: Reached, besides: int = 0) -> list[patients.Related]:
    """Who belongs to them. Raises Invalid for one without a name, and for a number nobody has. besides: the person themselves."""
    found, wrong = [], {}
    for slot, kind in RELATED.items():
        name, phone, number = (getattr(given, f"{slot}_{part}") for part in ("name", "phone", "number"))
        other = patients.scanned(db, number) if number else None
        if (phone or number) and not name:
            wrong[f"{slot}_name"] = N_("Please fill this in.")
        if number and other in (None, besides):
            wrong[f"{slot}_number"] = N_("Nobody here has this number.")
        if name:
            found.append(patients.Related(kind, " ".join(name.split()), getattr(given, f"{slot}_relation"), phone or "", other))
    if wrong:
        raise Invalid(wrong)
    return found


def channels(given: Reached) -> tuple[tuple[str, bool], ...]:
    answers = ((channel, getattr(given, f"channel_{channel}")) for channel in patients.CHANNELS)
    return tuple((channel, answer == "yes") for channel, answer in answers if answer)


def beyond(known: patients.NewPatient) -> tuple[list[patients.Phone], list[patients.Related]]:
    """The phones and related people for which the form has no room; they stay as they are."""
    left = list(known.related)
    for one in _seated(known.related).values():
        left.remove(one)
    return list(known.lines[len(PHONES):]), left


def as_typed(db: Database, known: patients.NewPatient) -> dict[str, str]:
    typed = dict(USUAL)
    for slot, one in zip(PHONES, known.lines, strict=False):
        typed |= {slot: one.shown, f"{slot}_relation": one.relation, f"{slot}_whose": one.whose}
    for slot, one in _seated(known.related).items():
        other = patients.get(db, one.other_id) if one.other_id else None
        typed |= {
            f"{slot}_name": one.name, f"{slot}_relation": one.relation, f"{slot}_phone": one.phone_told,
            f"{slot}_number": other.number if other else "",
        }
    return typed | {f"channel_{channel}": "yes" if allowed else "no" for channel, allowed in known.channels}


def _seated(related: tuple[patients.Related, ...]) -> dict[str, patients.Related]:
    """Each related person at their place on the form, while there are places."""
    seats, left = {}, list(related)
    for slot, kind in RELATED.items():
        one = next((one for one in left if one.kind == kind), None)
        if one:
            seats[slot] = one
            left.remove(one)
    return seats


def choices() -> dict:
    """What this part of the form offers to choose from."""
    return {
        "phone_relations": [(id, _(patients.PHONE_RELATIONS[id])) for id in get_args(PhoneRelation)],
        "relations": [(id, _(patients.RELATIONS[id])) for id in get_args(Relation)],
        "channels": [(id, _(name)) for id, name in patients.CHANNELS.items()],
        "answers": [("yes", _("yes, gladly")), ("no", _("no, please not"))],
    }
