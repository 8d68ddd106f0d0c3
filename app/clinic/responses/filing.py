"""Photos and PDFs that answer a question: judged and kept with the person's attachments, named in the answer."""

from collections.abc import Callable

from app.clinic import attachments, questionnaires
from app.clinic.questionnaires import Definition, Given, Item
from app.clinic.responses.shapes import Answered, Response, Sitting
from app.clinic.responses.sitting import being_filled, definition_of, rearrange, state_of
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.files import Files, Incoming
from app.core.judging import MEDIA_TYPES
from app.core.words import N_, _

KIND = "SELECT kind FROM attachments WHERE id = :id"
BEGUN = "SELECT begun_event_id FROM responses WHERE id = :id"
MOST = 10
MOST_BY_THEMSELVES = 30  # files one form takes from outside, those taken out again too: a disk is not filled from a phone
FULL = N_("At most %(most)s files can answer one question.")
ENOUGH = N_("These were many files. Please ask the staff.")
KIND_WRONG = N_("This question takes another kind of file.")
TAKEN_BACK = N_("taken out by the person")


def attach(
    db: Database, actor: Actor | None, files: Files, response_id: int, revision: int, path: str, arrived: Incoming, hand: str = "",
) -> Answered:
    """Keep a file as an answer; actor: None is the person. Raises Invalid under "file" where it is no sound photo or PDF.

    A file sent again because the answer got lost on the way is there already, and so is one that stands with the person.
    """
    one, sitting = being_filled(db, response_id)
    item = _asked(db, one, sitting, path)
    if actor is None and attachments.sent_in(db, one.patient_id, _begun(db, one)) >= MOST_BY_THEMSELVES:
        raise Invalid({"file": ENOUGH})
    title = item.text.said(one.language)[0][:120]
    id = attachments.same(db, actor, one.patient_id, arrived)
    if id is None and len(sitting.given.get(path, [])) >= MOST:
        raise Invalid({"file": (FULL, {"most": MOST})})
    id = id or attachments.add(db, actor, files, one.patient_id, attachments.NewAttachment(title), arrived)
    kind = MEDIA_TYPES[db.value(KIND, id=id)]
    if kind not in questionnaires.files(item):
        raise Invalid({"file": KIND_WRONG})
    value = {"valueAttachment": {"id": str(id), "contentType": kind, "url": f"urn:yihe:attachment:{id}", "title": title}}
    return rearrange(db, response_id, revision, _with(path, item.repeats, value), hand)


def _asked(db: Database, one: Response, sitting: Sitting, path: str) -> Item:
    """The question at this path, which takes files and is asked now. Raises NotFound."""
    places = (place for place in state_of(db, one, sitting).shown if place.path == path and place.item.asked)
    place = next(places, None)
    if place is None or not (place.item.type == "attachment" and questionnaires.answerable(place.item)):
        raise NotFound()
    return place.item


def _begun(db: Database, one: Response) -> int:
    """The event it was begun with."""
    return db.value(BEGUN, id=one.id)


def _with(path: str, repeats: bool, value: dict) -> Callable[[Definition, Given], Given]:
    id = value["valueAttachment"]["id"]

    def given_with(_definition: Definition, given: Given) -> Given:
        before = [one for one in given.get(path, []) if one.get("valueAttachment", {}).get("id") != id]
        return given | {path: [*(before if repeats else []), value]}

    return given_with


def unattach(db: Database, response_id: int, revision: int, path: str, id: str, hand: str = "", by_person: bool = False) -> Answered:
    """It answers the question no more. What staff added stays with the person's attachments, where it can be taken out; what the
    person sent in with this form goes."""
    def without(_definition: Definition, given: Given) -> Given:
        left = [one for one in given.get(path, []) if one.get("valueAttachment", {}).get("id") != id]
        return given | {path: left} if path in given else given

    one, sitting = being_filled(db, response_id)
    named = any(value.get("valueAttachment", {}).get("id") == id for value in sitting.given.get(path, []))
    done = rearrange(db, response_id, revision, without, hand)
    if by_person and named and id.isascii() and id.isdigit():
        attachments.take_back(db, one.patient_id, int(id), _begun(db, one), _(TAKEN_BACK))
    return done


def sent_by_person(db: Database, response_id: int, id: int) -> attachments.Attachment | None:
    """A file that answers this form now and came from the person's own hand; None for every other."""
    one, sitting = being_filled(db, response_id)
    named = {value["valueAttachment"].get("id") for values in sitting.given.values() for value in values if "valueAttachment" in value}
    return attachments.own(db, one.patient_id, id, _begun(db, one)) if str(id) in named else None
