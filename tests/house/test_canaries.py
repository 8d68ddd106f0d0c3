"""What is looked for after every test is found where it stands."""

import logging

import pytest

from tests.canaries import WORDS, Watch

TOKEN = "abcdefghijklmnopqrstuvwxyz"


def seen(status: int = 200, body: str = "", **headers: str) -> list[str]:
    watch = Watch()
    watch.tokens.add(TOKEN)
    watch.answered("/x", status, [(name.replace("_", "-"), value) for name, value in headers.items()], body.encode())
    return watch.found


@pytest.mark.parametrize("word", WORDS)
def test_in_an_error_an_address_and_a_header_each_is_found(word: str) -> None:
    assert seen(404, f"<p>{word}") and seen(500, f"<p>{word}") and seen(423, f"<p>{word}")
    assert seen(200, f'<a class="x" href="/search?q={word}">') and seen(200, f'<form action="/x/{word}">')
    assert seen(303, location=f"/search?q={word}") and seen(200, hx_redirect=f"/x/{word}")
    assert seen(200, content_disposition=f"attachment; filename={word}.pdf")


def test_in_a_percent_encoded_address_too() -> None:
    assert seen(200, '<a href="/search?q=%E7%8E%8B%E7%A7%80%E8%8B%B1">') and seen(303, location="/x?q=%E7%8E%8B%E7%A7%80%E8%8B%B1")


def test_where_it_belongs_it_is_let_be() -> None:
    assert seen(200, '<h1>王秀英</h1><a href="tel:13800138000">') == [] and seen(422, '<input value="王秀英">') == []


def test_a_cookies_secret_is_found_in_a_page() -> None:
    assert seen(200, f"<p>{TOKEN}") and seen(303, location=f"/x?{TOKEN}")


def test_a_line_of_a_log_is_heard_with_its_traceback() -> None:
    watch, log = Watch(), logging.getLogger("tests.canaries.alone")
    log.propagate = False
    log.addHandler(watch)
    log.error("nothing")
    assert watch.found == []
    log.error("person %s", "王秀英")
    try:
        raise ValueError("13800138000")
    except ValueError:
        log.exception("broken")
    log.removeHandler(watch)
    assert len(watch.found) == 2
