"""The pages of a consultation, from its opening to the copy in the person's hand."""

import re

import pytest

from app.clinic import encounters, staff
from app.core import settings
from tests.conftest import PASSWORD
from tests.staff.conftest import PIN, tablet, unlock  # noqa: F401  a tablet with the doctor and the nurse on shift

HTMX = {"HX-Request": "true"}


def test_begun_written_signed_printed(house, sign_in, wang) -> None:
    browser, base = sign_in("doctor"), f"/patients/{wang.id}/encounters"
    begun = browser.post(base, data={"token": "t"}, follow_redirects=False)
    path = begun.headers["location"]
    page = browser.get(path).text
    assert "这是在这里记录的第一次问诊" in page and "高血压" in page
    for section, fields in (("complaint", {"text": "头晕三天"}), ("plan", {"text": "低盐", "what_1": "量血压", "on_1": "2026-12-01"}),
                            ("assessment", {"text_1": "高血压", "code_1": "I10", "certainty_1": "confirmed"}), ("advice", {"text": "少吃盐"})):
        answer = browser.post(f"{path}/sections/{section}", data=fields | {"hand": "a", "seen": "0", "n": "1"}, headers=HTMX)
        assert answer.status_code == 200 and "已保存 09:30" in answer.text, answer.text
    review = browser.get(f"{path}/signature").text
    assert "头晕三天" in review and "量血压" in review
    assert browser.post(f"{path}/signature", data={"seen": "4", "password": "wrong"}).status_code == 422
    done = browser.post(f"{path}/signature", data={"seen": "4", "password": "quiet-lake-4711"}, follow_redirects=False)
    assert done.status_code == 303, done.text
    assert "林文清 签名" in browser.get(path).text
    copy = browser.get(f"{path}/copy").text
    assert "您 2026-11-23 的就诊" in copy and "少吃盐" in copy and "量血压" in copy
    for kind in ("paper.pdf", "copy.pdf"):
        assert browser.get(f"{path}/{kind}").content.startswith(b"%PDF")
    assert "低盐" in browser.get(f"{path}/paper").text and "使用人" not in copy
    assert "量血压" in browser.get(f"/patients/{wang.id}/follow-up").text
    assert "高血压" in browser.get(f"/patients/{wang.id}").text
    again = browser.get(browser.post(base, follow_redirects=False).headers["location"]).text
    assert "低盐" in again and "同上次" in again


def test_a_wrong_password_signs_nothing_and_the_form_that_comes_back_signs(house, sign_in, wang, begun, write) -> None:
    write("complaint", text="头晕")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    for form, action in (({"seen": "1"}, "signature"), ({"text": "复诊"}, "addenda")):
        answer = browser.post(f"{path}/{action}", data=form | {"password": "wrong"}, headers=HTMX)
        assert answer.status_code == 422 and f'hx-post="{path}/{action}"' in answer.text and "现在的密码不对" in answer.text
        done = browser.post(f"{path}/{action}", data=form | {"password": "quiet-lake-4711"}, headers=HTMX)
        assert done.headers["hx-redirect"] == path, done.text
    assert "复诊" in browser.get(path).text


def test_on_a_tablet_it_is_signed_by_the_pin_typed_once_more(house, who, tablet, wang, begun, write) -> None:  # noqa: F811
    """Being in by PIN signs nothing, nor does a colleague's; the page asks for six digits."""
    write("complaint", text="头晕")
    staff.set_pin(house, who("nurse"), PASSWORD, "284937", "284937")
    tablet.post("/lock")
    assert unlock(tablet, "doctor").status_code == 303
    path = f"/patients/{wang.id}/encounters/{begun}"
    assert "PIN" in tablet.get(f"{path}/signature").text
    for secret, status in (("", 422), ("284937", 422), (PIN, 303)):
        assert not encounters.encounter(house, wang.id, begun).signed
        assert tablet.post(f"{path}/signature", data={"seen": "1", "password": secret}, follow_redirects=False).status_code == status
    assert encounters.encounter(house, wang.id, begun).signed


def test_what_another_window_adds_while_it_is_read_is_shown_before_it_is_signed(house, sign_in, wang, begun, write) -> None:
    write("complaint", text="头晕")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    for sent in (("measurements", {"value_SBP": "152", "value_DBP": "94"}), ("history", {"part": "past", "what": "unchanged"}),
                 ("history", {"part": "past", "what": "undo"}), ("sections/plan", {"text": "低盐", "seen": "0"})):
        read = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(f"{path}/signature").text)[1]
        assert browser.post(f"{path}/{sent[0]}", data=sent[1], headers=HTMX).status_code == 200
        for password, status in (("wrong", 422), ("quiet-lake-4711", 409)):
            answer = browser.post(f"{path}/signature", data={"seen": read, "password": password}, headers=HTMX)
            assert answer.status_code == status and "打开这一页之后又有人写过" in answer.text, answer.text
    assert not encounters.encounter(house, wang.id, begun).signed


def test_who_may_not_sign_may_write(house, sign_in, wang, begun) -> None:
    browser, path = sign_in("nurse"), f"/patients/{wang.id}/encounters/{begun}"
    assert "由医生看过后签名" in browser.get(path).text and browser.get(f"{path}/signature").status_code == 403
    assert browser.post(f"{path}/signature", data={"seen": "0", "password": "quiet-lake-4711"}).status_code == 403
    reader = sign_in("reader").get(path).text
    assert "textarea" not in reader and "Not signed yet" in reader


def test_a_conflict_is_answered_with_both_texts_with_and_without_scripts(house, sign_in, wang, begun, write) -> None:
    write("complaint", by="nurse", hand="b", text="护士写的")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    form = {"text": "医生写的", "seen": "0", "hand": "a", "n": "1"}
    for headers in (HTMX, {}):
        answer = browser.post(f"{path}/sections/complaint", data=form, headers=headers)
        assert answer.status_code == 409 and answer.text.count("医生写的") == 2 and "护士写的" in answer.text
        assert 'name="seen" value="1"' in answer.text
    theirs = browser.get(f"{path}/sections/complaint", headers=HTMX).text
    assert "护士写的" in theirs and "医生写的" not in theirs
    over = browser.post(f"{path}/sections/complaint", data=form | {"seen": "1", "n": "2", "over": "on"}, headers=HTMX)
    assert over.status_code == 200 and 'id="section-complaint"' in over.text and "这里以前写过的" in over.text


def test_nobody_is_handed_what_no_doctor_has_signed_or_what_was_only_weighed(house, sign_in, wang, begun, write, signed) -> None:
    write("assessment", text="像是紧张引起", text_1="高血压", certainty_1="confirmed", text_2="嗜铬细胞瘤", certainty_2="differential", text_3="甲亢", certainty_3="refuted",
          text_4="失眠", certainty_4="provisional")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    assert browser.get(f"{path}/copy").status_code == 404 and "还没签名" in browser.get(f"{path}/paper").text
    signed()
    copy, paper = browser.get(f"{path}/copy").text, browser.get(f"{path}/paper").text
    assert "高血压" in copy and "失眠" in copy and "可能是，还没有确定" in copy
    assert not any(word in copy for word in ("嗜铬细胞瘤", "甲亢", "像是紧张引起"))
    assert all(word in paper for word in ("嗜铬细胞瘤", "甲亢", "像是紧张引起"))


def test_chinese_medicine_only_where_the_clinic_switched_it_on(house, sign_in, wang, begun) -> None:
    path = f"/patients/{wang.id}/encounters/{begun}"
    assert "舌象" not in sign_in("doctor").get(path).text
    settings.put(house, None, tcm=True)
    assert "舌象" in sign_in("doctor").get(path).text


@pytest.mark.parametrize("words", ["<script>evil()</script>", "{{7*7}}", "'); DROP TABLE encounters; --"])
def test_what_somebody_typed_never_becomes_markup(house, sign_in, wang, begun, write, signed, words) -> None:
    for section in ("complaint", "illness", "history", "examination", "needs", "advice"):
        write(section, text=words)
    write("tcm", tongue=words, pulse=words, text=words)
    write("assessment", text=words, text_1=words, certainty_1="confirmed")
    write("plan", text=words, what_1=words, on_1="2026-12-01")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    pages = [path, f"{path}/signature", f"{path}/paper"]
    texts = [browser.get(page).text for page in pages]
    signed()
    more = [path, f"{path}/paper", f"{path}/copy", f"/patients/{wang.id}/encounters", f"/patients/{wang.id}", f"/patients/{wang.id}/timeline", f"/patients/{wang.id}/follow-up"]
    texts += [browser.get(page).text for page in more]
    assert not any("<script>evil" in text or ">49<" in text for text in texts)
    assert browser.get(f"{path}/copy.pdf").content.startswith(b"%PDF")
