"""Every refusal as a page and as a fragment, in both languages, telling nothing it should not."""

from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from app.clinic import staff
from app.core.errors import Busy, Conflict, DiskFull, NotFound, Refusal, TooMany

FRAGMENT = {"HX-Request": "true"}
CASES = [
    (NotFound(), 404, "不归您看"), (Conflict("Name", [("Name", "mine-text", "their-text")]), 409, "mine-text"),
    (Refusal("Please sign in."), 422, "请先登录"), (TooMany(31), 429, "31 秒"), (Busy(), 503, "没有保存"),
    (DiskFull(), 503, "磁盘满了"), (ValueError("王秀英 secret"), 500, "出了点问题"),
]


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(staff, "everyone", fail)


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize(("error", "status", "says"), CASES, ids=lambda case: str(case)[:20])
def test_every_refusal_is_said_calmly(
    sign_in: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    headers: dict, error: Exception, status: int, says: str,
) -> None:
    browser = sign_in("owner")
    failing(monkeypatch, error)
    answer = browser.get("/manage/staff", headers=headers)
    assert answer.status_code == status and says in answer.text
    assert ("<html" in answer.text) is (not headers)
    assert ('hx-swap-oob="true"' in answer.text) is bool(headers)
    assert "王秀英" not in answer.text and "王秀英" not in caplog.text


def test_refusals_speak_english_too(sign_in: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in("reader")
    answer = browser.get("/manage/staff")
    assert answer.status_code == 403 and "Your role does not include this." in answer.text


def test_an_unknown_path_is_a_page_in_the_readers_language(client: TestClient) -> None:
    answer = client.get("/nothing/here", headers={"Accept-Language": "en-GB"})
    assert answer.status_code == 404 and "There is nothing here" in answer.text
    assert "这里什么也没有" in client.get("/nothing/here", headers={"Accept-Language": "zh-CN"}).text


def test_a_body_that_is_too_large_is_refused(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("owner")
    answer = browser.post("/manage/clinic", content=b"x" * (26 * 2**20),
                          headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413 and "20 MB" in answer.text


def test_signed_out_meanwhile_loses_no_typing(client: TestClient) -> None:
    looking = client.get("/account", headers=FRAGMENT)
    assert looking.headers["hx-redirect"] == "/sign-in?next=/account"
    sending = client.post("/account/password", headers=FRAGMENT)
    assert sending.status_code == 401 and 'id="notice"' in sending.text and "<form" not in sending.text
