"""What nobody can answer here is never required: neither by itself nor by the group it stands in."""

import pytest

from app.clinic import questionnaires as q
from tests.questionnaires.test_plain import HL7, SMOKES, form

VOICE = {"linkId": "voice", "type": "attachment", "text": "Say it", "required": True, "extension": [{"url": f"{HL7}mimeType", "valueCode": "audio/mpeg"}]}
PHOTO = VOICE | {"linkId": "photo", "extension": [{"url": f"{HL7}mimeType", "valueCode": one} for one in ("audio/*", "image/png")]}
LINK = {"linkId": "link", "type": "reference", "text": "Which?", "required": True}
EMPTY = {"linkId": "empty", "type": "choice", "text": "Which?", "required": True}
TOLD = {"linkId": "told", "type": "display", "text": "Nothing to say"}
HIDDEN = {"linkId": "late", "type": "string", "text": "Late", "enableWhen": [{"question": "smokes", "operator": "exists", "answerBoolean": True}]}


def missing(*items: dict) -> tuple[str, ...]:
    return q.evaluate(form(*items), {}, {}).missing


def group(*items: dict) -> dict:
    return {"linkId": "group", "type": "group", "required": True, "item": list(items)}


@pytest.mark.parametrize("item", [VOICE, LINK, EMPTY], ids=["recording", "reference", "choice of nothing"])
def test_what_cannot_be_answered_is_not_required(item):
    assert missing(item) == () and missing(group(item)) == ()


@pytest.mark.parametrize("item", [TOLD, HIDDEN], ids=["told only", "hidden"])
def test_a_group_in_which_nothing_is_asked_now_is_not_required(item):
    assert "group" not in missing(SMOKES, group(item))


def test_what_can_be_answered_still_is():
    assert missing(PHOTO, group(SMOKES | {"required": False})) == ("photo", "group")


def test_the_kinds_of_file():
    kinds = {one.link_id: q.files(one) for one in form(VOICE, PHOTO).items}
    assert kinds == {"voice": [], "photo": ["image/png"]}
