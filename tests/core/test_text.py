"""What people write is words: of Markdown a few signs are drawn, of HTML nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import _TAGS, clean_markdown

HARM = [
    "<script>evil()</script>", "<ScRiPt src=//evil.example>", "<img src=x onerror=evil()>", "<svg/onload=evil()>", "<iframe src=javascript:evil()>",
    "[x](javascript:evil())", "![x](x\"onerror=\"evil())", "<javascript:evil()>", "[x]: javascript:evil()\n\n[x]", "<a href='data:text/html,evil'>x</a>",
    "<p style='background:url(//evil.example)'>x</p>", "<b hx-post='/manage/staff' hx-trigger=load>x</b>", "<form action=/sign-out><button>x", "<meta http-equiv=refresh content=0>",
    "<math><mtext><table><mglyph><style><img src=x onerror=evil()>", "<noscript><p title=\"</noscript><img src=x onerror=evil()>\">", "<!--><img src=x onerror=evil()>-->",
    "`<img src=x onerror=evil()>`", "    <script>evil()</script>", "| <script>evil()</script> |\n|---|\n| <img src=x onerror=evil()> |", "&lt;script&gt;evil()&lt;/script&gt;",
    "<x-yihe data-keep>", "<template><script>evil()</script></template>", "\u2028<img src=x onerror=evil()>", "<p id=found>x</p>", "<style>*{display:none}</style>",
]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("a comment", [data]))


def drawn(source: str) -> list[tuple[str, list]]:
    reader = Reader()
    reader.feed(str(clean_markdown(source)))
    reader.close()
    return reader.tags


@pytest.mark.parametrize("source", HARM)
def test_nothing_that_could_harm_is_drawn(source: str) -> None:
    assert {tag for tag, _ in drawn(source)} <= _TAGS and not [given for _, given in drawn(source) if given]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*HARM, "<", ">", "\"", "'", "`", "**", "\n", "\n\n", "    ", "- ", "1. ", "> ", "|", "王", "&#x3c;", "\\", "](", "![", "<!--", "-->", "]]>"]), max_size=12))
def test_nor_by_any_of_it_together(parts: list[str]) -> None:
    assert {tag for tag, _ in drawn("".join(parts))} <= _TAGS and not [given for _, given in drawn("".join(parts)) if given]


def test_the_signs_of_markdown_are_drawn() -> None:
    assert [tag for tag, _ in drawn("# A\n\n**b** *c*\n\n- d\n\n> e\n\n| f |\n|---|\n| g |")] and "<strong>b</strong>" in clean_markdown("**b**")
