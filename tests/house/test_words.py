"""Chinese and English are equal: nothing missing, fuzzy, unused or differently filled in."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from app.core import words

APP = Path(__file__).parent.parent.parent / "app"
MARKS = {"_", "N_", "ngettext"}
PLACE = re.compile(r"%\((\w+)\)")


def ids_in_python(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = node.args[0]
            if name in MARKS and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                found.add(first.value)
    return found


def ids_in_template(path: Path) -> set[str]:
    with path.open("rb") as source:
        options = {"trimmed": "true", "extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true"}
        found = babel_extract(source, ["_", "gettext", "ngettext"], [], options)
        return {m[0] if isinstance(m, tuple) else m for _, _, m, _ in found} - {None, ""}


def needed() -> dict[str, Path]:
    Environment(extensions=["jinja2.ext.i18n"])
    ids = {id: path for path in sorted(APP.rglob("*.py")) for id in ids_in_python(path)}
    return ids | {id: path for path in sorted((APP / "templates").rglob("*.html")) for id in ids_in_template(path)}


def chinese() -> dict[str, list]:
    messages: dict[str, list] = {}
    for path in words.files("zh"):
        with path.open("rb") as source:
            for message in read_po(source, locale="zh"):
                if message.id:
                    id = message.id[0] if isinstance(message.id, tuple) else message.id
                    messages.setdefault(id, []).append((path.name, message))
    return messages


NEEDED, CHINESE = needed(), chinese()


def test_there_are_words() -> None:
    assert len(NEEDED) > 100


def test_no_word_is_missing_in_chinese() -> None:
    missing = {id: str(path.relative_to(APP)) for id, path in NEEDED.items() if id not in CHINESE}
    assert not missing


def test_no_chinese_word_is_unused() -> None:
    assert not {id: found[0][0] for id, found in CHINESE.items() if id not in NEEDED}


def test_no_word_stands_twice() -> None:
    assert not {id: [name for name, _ in found] for id, found in CHINESE.items() if len(found) > 1}


@pytest.mark.parametrize("id", sorted(CHINESE))
def test_every_word_is_whole(id: str) -> None:
    for name, message in CHINESE[id]:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), f"{name}: {id} is empty"
        assert not message.fuzzy, f"{name}: {id} is fuzzy"
        for text in texts:
            assert set(PLACE.findall(text)) == set(PLACE.findall(id)) or isinstance(message.id, tuple), f"{name}: {id}"
