"""The pages of a consultation, from its opening to the copy in the person's hand."""

import pytest

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
    assert "低盐" in browser.get(f"{path}/paper").text
    assert "量血压" in browser.get(f"/patients/{wang.id}/follow-up").text
    assert "高血压" in browser.get(f"/patients/{wang.id}").text
    again = browser.get(browser.post(base, follow_redirects=False).headers["location"]).text
    assert "低盐" in again and "同上次" in again
