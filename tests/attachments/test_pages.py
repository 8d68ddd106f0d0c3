"""Attachments as a browser meets them: kept, shown, refused, corrected, taken out and put back."""

from hashlib import sha256

import pytest

from app.clinic import attachments, observations, patients, records
from app.clinic.attachments import NewAttachment, Place
from app.clinic.observations import NewValue
from app.clinic.records import NewCondition
from tests.attachments.conftest import paper, picture, send

HTMX = {"HX-Request": "true"}
CONDITIONS = records.section("conditions")


def kept(house, who, person: int) -> list[attachments.Attachment]:
    return attachments.page_of(house, who("owner"), person)[0]


def test_a_photo_is_kept_under_its_hash_and_shown_small(house, who, sign_in, wang) -> None:
    content, browser = picture(), sign_in("nurse")
    answer = send(browser, wang, content, title="手臂皮疹", taken_on="2026-11-20")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/patients/{wang}/attachments#attachment-1")
    [one] = kept(house, who, wang)
    assert (one.file, one.kind, one.size, one.taken_on) == (sha256(content).hexdigest(), "jpeg", len(content), "2026-11-20")
    assert (browser.app.state.folder / "files" / one.file[:2] / one.file).read_bytes() == content
    text = browser.get(f"/patients/{wang}/attachments").text
    assert "手臂皮疹" in text and f"/patients/{wang}/attachments/1/small" in text


@pytest.mark.parametrize(("content", "media", "name"), [(picture("PNG"), "image/png", "attachment-1.png"), (paper(), "application/pdf", "attachment-1.pdf")])
def test_it_is_served_alone_and_by_our_name(sign_in, wang, content, media, name) -> None:
    browser = sign_in("nurse")
    send(browser, wang, content, name="<script>.html")
    answer = browser.get(f"/patients/{wang}/attachments/1/file")
    assert answer.content == content and answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'inline; filename="{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy and not any(word in policy for word in ("allow", "script", "unsafe"))


def test_a_pdf_has_no_small_picture(sign_in, wang) -> None:
    browser = sign_in("nurse")
    send(browser, wang, paper(2))
    assert browser.get(f"/patients/{wang}/attachments/1/small").status_code == 404
    assert "2 页" in browser.get(f"/patients/{wang}/attachments").text


@pytest.mark.parametrize(("content", "says"), [
    (b"<html><script>alert(1)</script>", "没有存下"), (b"", "请选择"), (picture()[:3000], "文件损坏"), (b"\0\0\0\x18ftypheic" + b"\0" * 90, "HEIC"),
])
def test_what_is_refused_keeps_what_was_typed(house, sign_in, wang, content, says) -> None:
    browser = sign_in("nurse")
    answer = send(browser, wang, content, title="出院小结", headers=HTMX)
    assert answer.status_code == 422 and says in answer.text and "出院小结" in answer.text and "hx-swap-oob" in answer.text
    assert house.value("SELECT count(*) FROM attachments") == 0
    assert [path for path in (browser.app.state.folder / "files").rglob("*") if path.is_file()] == []


def test_more_than_20_mb_is_413_with_what_was_typed(house, sign_in, wang) -> None:
    browser = sign_in("nurse")
    for size in (20 * 2**20 + 1, 60 * 2**20):
        answer = send(browser, wang, picture() + b"\0" * size, title="出院小结", headers=HTMX)
        assert answer.status_code == 413 and "最大 20 MB" in answer.text and "出院小结" in answer.text
    assert [path for path in (browser.app.state.folder / "files").rglob("*") if path.is_file()] == []


def test_just_20_mb_is_taken(house, who, sign_in, wang) -> None:
    content = picture()
    content += b"\0" * (20 * 2**20 - len(content))
    assert send(sign_in("nurse"), wang, content).status_code == 303
    assert kept(house, who, wang)[0].size == 20 * 2**20


@pytest.mark.parametrize("body", [b"", b"nonsense", b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncut"])
def test_a_broken_form_is_told(sign_in, wang, body) -> None:
    answer = sign_in("nurse").post(f"/patients/{wang}/attachments", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 422


def test_a_second_tap_keeps_nothing_twice_and_the_same_file_is_told(house, sign_in, wang) -> None:
    browser, content = sign_in("nurse"), picture()
    assert [send(browser, wang, content, token="t1").status_code for _tap in range(2)] == [303, 303]
    again = send(browser, wang, content, title="again", token="t2")
    assert again.status_code == 422 and "已经存过" in again.text
    assert house.value("SELECT count(*) FROM attachments") == house.value("SELECT count(*) FROM events WHERE kind = 'attachment.added'") == 1


def test_it_hangs_on_an_entry_through_its_corrections(house, who, sign_in, wang) -> None:
    entry = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("高血压"))
    browser = sign_in("nurse")
    assert f'value="conditions:{entry}" selected' in browser.get(f"/patients/{wang}/attachments/new?place=conditions:{entry}").text
    send(browser, wang, picture(), place=f"conditions:{entry}")
    newer = records.correct(house, who("doctor"), wang, CONDITIONS, entry, NewCondition("高血压 2 级"), "graded")
    assert list(attachments.of_entries(house, who("nurse"), wang)) == [("conditions", newer)]
    assert "高血压 2 级" in browser.get(f"/patients/{wang}/attachments/1").text


def test_it_hangs_on_results(house, who, sign_in, wang) -> None:
    filed = observations.record(house, who("nurse"), patients.get(house, wang), "2026-11-20", [NewValue("SBP", 120.0)])
    send(sign_in("nurse"), wang, picture(), place="report:1")
    assert filed and [one.report_id for one in attachments.of_report(house, who("nurse"), wang, 1)] == [1]


@pytest.mark.parametrize("place", ["conditions:1", "report:1", "nonsense:1", "conditions:x", "report:", "conditions:99999999999999999999"])
def test_it_cannot_hang_on_what_is_not_this_persons(house, who, sign_in, wang, place) -> None:
    other = patients.register(house, who("desk"), patients.NewPatient("李四"))
    records.record(house, who("doctor"), other, CONDITIONS, NewCondition("糖尿病"))
    observations.record(house, who("nurse"), patients.get(house, other), "2026-11-20", [NewValue("SBP", 120.0)])
    answer = send(sign_in("nurse"), wang, picture(), place=place)
    assert answer.status_code == 422 and "糖尿病" not in answer.text


def test_what_is_said_about_it_is_corrected_by_a_version(house, who, sign_in, wang) -> None:
    browser = sign_in("nurse")
    send(browser, wang, picture(), title="心电图")
    path = f"/patients/{wang}/attachments/1"
    assert browser.post(path, data={"title": "动态心电图"}).status_code == 422
    answer = browser.post(path, data={"title": "动态心电图", "reason": "写清楚"}, follow_redirects=False)
    assert answer.headers["location"] == f"/patients/{wang}/attachments/2"
    text = browser.get(path).text  # leads to the version that stands
    assert "动态心电图" in text and "写清楚" in text and ">心电图<" in text
    stale = browser.post(path, data={"title": "十二导联", "reason": "x"})
    assert stale.status_code == 409 and "动态心电图" in stale.text and "十二导联" in stale.text
    assert [one.title for one in kept(house, who, wang)] == ["动态心电图"]


def test_it_is_taken_out_with_a_reason_and_put_back(house, who, sign_in, wang) -> None:
    browser = sign_in("nurse")
    send(browser, wang, picture(), title="心电图")
    path = f"/patients/{wang}/attachments/1"
    assert browser.post(f"{path}/withdrawal", data={"reason": ""}).status_code == 422
    browser.post(f"{path}/withdrawal", data={"reason": "别人的"})
    assert kept(house, who, wang) == [] and "别人的" in browser.get(path).text
    browser.post(f"{path}/restoration")
    assert len(kept(house, who, wang)) == 1
    assert browser.post(f"{path}/restoration").status_code == 422
    told = browser.get(f"/patients/{wang}/timeline").text
    assert "存入照片：心电图" in told and "撤下照片：心电图（别人的）" in told and "放回照片：心电图" in told


def test_a_sensitive_one_is_withheld_everywhere_and_back_to_its_beginning(house, who, sign_in, wang) -> None:
    browser = sign_in("nurse")
    send(browser, wang, picture(), title="隐私照片")
    new = NewAttachment("隐私照片", sensitive=True)
    attachments.correct(house, who("doctor"), wang, 1, new, "hers")
    for id in (1, 2):
        for part in ("", "/file", "/small", "/edit"):
            assert browser.get(f"/patients/{wang}/attachments/{id}{part}").status_code == 404, part
        assert browser.post(f"/patients/{wang}/attachments/{id}/withdrawal", data={"reason": "x"}).status_code == 404
    for page in ("attachments", "timeline", ""):
        text = browser.get(f"/patients/{wang}/{page}").text
        assert "隐私" not in text and "hers" not in text, page
    assert "1 条敏感记录" in browser.get(f"/patients/{wang}/attachments").text
    assert sign_in("doctor").get(f"/patients/{wang}/attachments/2/file").status_code == 200


def test_what_hangs_on_a_sensitive_entry_is_withheld_with_it(house, who, sign_in, wang) -> None:
    entry = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("抑郁发作", sensitive=True))
    send(sign_in("doctor"), wang, picture(), place=f"conditions:{entry}", title="量表")
    assert attachments.get(house, who("nurse"), wang, 1) is None and attachments.get(house, who("doctor"), wang, 1)
    assert send(sign_in("nurse"), wang, paper(), place=f"conditions:{entry}").status_code == 422


def test_reception_keeps_and_sees_none(sign_in, wang) -> None:
    send(sign_in("nurse"), wang, picture(), title="皮疹")
    browser = sign_in("desk")
    for part in ("", "/new", "/1", "/1/file", "/1/small"):
        assert browser.get(f"/patients/{wang}/attachments{part}").status_code == 403
    assert send(browser, wang, picture()).status_code == 403
    assert "皮疹" not in browser.get(f"/patients/{wang}/timeline").text


def test_what_somebody_typed_never_becomes_markup(sign_in, wang) -> None:
    evil = '<img src=x onerror=alert(1)>{{ 7 * 7 }}"'
    browser = sign_in("doctor")
    send(browser, wang, picture(), title=evil)
    for path in ("attachments", "attachments/1", "attachments/1/edit", "timeline"):
        text = browser.get(f"/patients/{wang}/{path}").text
        assert "<img src=x" not in text and "{{ 7" in text, path


def test_a_full_list_pages(house, who, sign_in, wang) -> None:
    with house.change(who("nurse"), "attachment.added", wang) as details:
        house.insert_many("attachments", [
            {"patient_id": wang, "file": f"{n:064x}", "thumbnail": f"{n:064x}", "kind": "jpeg", "size": 1, "taken_on": "2026-11-20",
             "title": f"photo {n:02}", "event_id": details.event_id}
            for n in range(52)
        ])  # fmt: skip
    browser = sign_in("nurse")
    first, second = (browser.get(f"/patients/{wang}/attachments?page={n}").text for n in (1, 2))
    assert first.count('<li id="attachment-') == 50 and second.count('<li id="attachment-') == 2 and "page=2" in first
    assert browser.get(f"/patients/{wang}/attachments?page=-5").status_code == 200


def test_places_are_of_this_person(house, who, wang) -> None:
    records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("高血压"))
    assert attachments.choices(house, who("nurse"), wang) == [("", "The person"), ("conditions:1", "Conditions · 高血压")]
    assert Place("conditions", 1).typed == "conditions:1"
