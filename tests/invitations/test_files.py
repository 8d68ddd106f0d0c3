"""A photo as an answer, sent in by the person: judged, theirs alone, taken back; what cannot be taken is said and blocks nobody."""

import pytest

from app.clinic import attachments, invitations, responses
from app.clinic.invitations import NewAsked
from tests.attachments.conftest import paper, picture
from tests.invitations.conftest import both, publish

HX = {"HX-Request": "true"}
MIME = "http://hl7.org/fhir/StructureDefinition/mimeType"


def kinds(*codes: str) -> list[dict]:
    return [{"url": MIME, "valueCode": code} for code in codes]


PHOTOS = {
    "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "photos", "url": "urn:test:photos",
    **both("带来的东西", "What you brought", "title"), "item": [
        {"linkId": "box", "type": "attachment", "required": True, **both("拍一张药盒", "A photo of the medicine box"), "extension": kinds("image/*")},
        {"linkId": "more", "type": "attachment", "repeats": True, **both("还有吗？", "Anything else?")},
        {"linkId": "voice", "type": "attachment", "required": True, **both("说一段话", "Say something"), "extension": kinds("audio/*")},
    ],
}  # fmt: skip


@pytest.fixture
def form(client, db, who, wang, invite):
    way = invite(wang, publish(db, who, PHOTOS))
    client.post(f"/fill/t/{way.token}", data={"language": "zh"})
    client.post(f"/fill/{way.asked.id}/looks", data={"whole": "1"})
    return f"/fill/{way.asked.id}"


def send(client, form, content, path="box", headers=HX):
    data = {"_path": path, "_revision": "0", "_hand": ""}
    return client.post(f"{form}/files", data=data, files={"file": ("x.jpg", content, "image/jpeg")}, headers=headers)


def given(db, wang) -> dict:
    [one] = responses.open_ones(db, wang.id)
    return responses.sitting(db, one.id).given


def ids(db, wang, path="box") -> list[str]:
    return [one["valueAttachment"]["id"] for one in given(db, wang).get(path, [])]


def test_a_photo_is_kept_shown_and_handed_in(client, db, wang, form):
    answer = send(client, form, picture())
    [id] = ids(db, wang)
    assert answer.status_code == 200 and f'src="{form}/files/{id}/small"' in answer.text and "data-file" not in answer.text
    small = client.get(f"{form}/files/{id}/small")
    assert small.headers["content-type"] == "image/jpeg" and "sandbox" in small.headers["content-security-policy"]
    assert client.post(f"{form}/submission", follow_redirects=False).headers["location"] == f"{form}/thanks"
    [done] = responses.done(db, wang.id)
    assert "urn:yihe:attachment:" in str(responses.fhir(db, done.id))
    assert client.get(f"{form}/files/{id}/small").status_code == 410


@pytest.mark.parametrize("content", [b"", b"no photo", b"\xff\xd8\xff\xe0 cut short", b"<svg onload='alert(1)'/>", paper()], ids=["nothing", "text", "cut", "svg", "pdf"])
def test_what_is_no_sound_photo_is_refused_beside_the_question(client, db, wang, form, content):
    answer = send(client, form, content)
    assert answer.status_code == 200 and 'class="error"' in answer.text and ids(db, wang) == []


def test_one_that_is_too_large_is_refused(client, db, wang, form):
    assert "20 MB" in send(client, form, b"\xff" * (20 * 2**20 + 1)).text and given(db, wang) == {}


def test_sent_again_because_the_answer_got_lost_it_is_there_once(client, db, wang, form):
    for _time in range(2):
        answer = send(client, form, picture(), "more")
        assert f'src="{form}/files/' in answer.text
    assert len(ids(db, wang, "more")) == 1 and attachments.count(db, wang.id) == 1


def test_taken_out_it_is_gone_and_can_be_sent_again(client, db, who, wang, form):
    send(client, form, picture())
    [id] = ids(db, wang)
    answer = client.post(f"{form}/answers", data={"_unfile": f"box#{id}", "_revision": "0"}, headers=HX)
    assert "data-file" in answer.text and ids(db, wang) == [] and attachments.count(db, wang.id) == 0
    assert client.get(f"{form}/files/{id}/small").status_code == 404
    send(client, form, picture())
    assert len(ids(db, wang)) == 1 and attachments.count(db, wang.id) == 1


def test_what_staff_keep_is_neither_shown_nor_taken_out_by_the_person(client, db, who, wang, form):
    files = client.app.state.files
    with files.incoming() as arriving:
        arriving.write(picture(colour="navy"))
        id = attachments.add(db, who("nurse"), files, wang.id, attachments.NewAttachment("化验单"), arriving)
    assert client.get(f"{form}/files/{id}/small").status_code == 404
    client.post(f"{form}/answers", data={"_unfile": f"box#{id}", "_revision": "0"}, headers=HX)
    send(client, form, picture(colour="navy"))
    assert ids(db, wang) == [str(id)] and client.get(f"{form}/files/{id}/small").status_code == 404
    client.post(f"{form}/answers", data={"_unfile": f"box#{id}", "_revision": "0"}, headers=HX)
    assert attachments.count(db, wang.id) == 1


def test_another_forms_file_and_another_form_are_closed(client, db, who, wang, other, mood, form, invite):
    send(client, form, picture())
    [id] = ids(db, wang)
    client.cookies.clear()
    assert client.get(f"{form}/files/{id}/small").status_code == 404 and send(client, form, picture(), headers={}).status_code == 404
    for person in (other, wang):
        way = invite(person, mood)
        client.post(f"/fill/t/{way.token}", data={"language": "zh"})
        assert client.get(f"/fill/{way.asked.id}/files/{id}/small").status_code == 404
        assert send(client, f"/fill/{way.asked.id}", picture(colour="red"), "sleep", {}).status_code == 404
        client.cookies.clear()
    assert attachments.count(db, other.id) == 0 and attachments.count(db, wang.id) == 1


@pytest.mark.parametrize("path", ["", "nothing", "voice", "box[0]", "../box", "box#1"])
def test_a_made_up_question_takes_no_file(client, db, wang, form, path):
    assert send(client, form, picture(), path, {}).status_code == 404
    assert given(db, wang) == {} and attachments.count(db, wang.id) == 0


def test_a_phone_does_not_fill_the_disk(client, db, wang, form, monkeypatch):
    monkeypatch.setattr("app.clinic.responses.filing.MOST_BY_THEMSELVES", 2)
    for colour in ("red", "green"):
        send(client, form, picture(colour=colour))
        client.post(f"{form}/answers", data={"_unfile": f"box#{ids(db, wang)[0]}", "_revision": "0"}, headers=HX)
    assert "太多" in send(client, form, picture(colour="blue")).text and ids(db, wang) == []


def test_a_recording_is_said_not_to_be_taken_and_blocks_nobody(client, db, wang, form):
    html = client.get(form).text
    assert "无法提交录音" in html and html.count('type="file"') == 2
    send(client, form, picture())
    assert client.post(f"{form}/submission", follow_redirects=False).status_code == 303


def test_on_a_tablet_in_their_hands_too(client, sign_in, db, who, wang):
    questionnaire = publish(db, who, PHOTOS)
    invitations.ask(db, who("nurse"), wang.id, NewAsked("", [questionnaire]), [questionnaire])
    [asked] = invitations.open_of(db, wang.id)
    tablet = sign_in("nurse")
    tablet.post(f"/patients/{wang.id}/asked/{asked.id}/handover")
    tablet.post(f"/fill/{asked.id}/beginning", data={"language": "zh"})
    assert send(tablet, f"/fill/{asked.id}", picture()).status_code == 200
    [id] = ids(db, wang)
    assert tablet.get(f"/fill/{asked.id}/files/{id}/small").status_code == 200
    assert tablet.get(f"/patients/{wang.id}/attachments/{id}/file", follow_redirects=False).status_code != 200
