"""The keys a person is found by, and how what was typed becomes one.

Every name is stored from each place where it can begin: 王秀英, 秀英, 英; wangxiuying, xiuying,
ying; wxy. So each n-gram of it is the beginning of some key, and one range scan of a sorted
table answers any part of any length, right matches first.
"""

import unicodedata

from app.clinic.patients.pinyin import spellings

START, INSIDE, UNUSUAL = 0, 1, 2


def typed_key(text: str) -> str:
    """王 秀英 → 王秀英, Ｗang Xiu → wangxiu, 138-0013 → 1380013"""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    bare = unicodedata.normalize("NFD", plain)
    return "".join(c for c in bare if c.isalnum())


def name_keys(name: str) -> dict[str, int]:
    """Key → where in the name it begins."""
    keys: dict[str, int] = {}
    words = [typed_key(word) for word in name.replace("·", " ").split()]
    _add(keys, "".join(words), START)
    for n in range(1, len(words)):
        _add(keys, "".join(words[n:] + words[:n]), INSIDE)
    for word in words:
        if not word.isascii():
            for n in range(1, len(word)):
                _add(keys, word[n:], INSIDE)
    _add_pinyin(keys, name)
    return keys


def _add_pinyin(keys: dict[str, int], name: str) -> None:
    for spelling in spellings(name):
        _add(keys, spelling.full, START if spelling.usual else UNUSUAL)
        _add(keys, spelling.initials, START if spelling.usual else UNUSUAL)
        if spelling.usual:
            for n in range(1, len(spelling.syllables)):
                _add(keys, "".join(spelling.syllables[n:]), INSIDE)


def number_keys(number: str) -> dict[str, int]:
    """A patient's or card's number, with and without its letters and zeros: Y-000123, 000123, 123."""
    whole = typed_key(number)
    digits = whole.lstrip("abcdefghijklmnopqrstuvwxyz")
    return dict.fromkeys(filter(None, (whole, digits, digits.lstrip("0"))), START)


def phone_keys(number: str) -> dict[str, int]:
    digits = typed_key(number)
    return {digits: START, digits[-4:]: START}


def document_keys(value: str) -> dict[str, int]:
    whole = typed_key(value)
    return {whole: START, whole[-6:]: START}


def _add(keys: dict[str, int], key: str, place: int) -> None:
    if key:
        keys[key] = min(place, keys.get(key, place))
