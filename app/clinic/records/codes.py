"""The common ICD-10 codes, found by Chinese, pinyin, initials, English or code, by the same keys as people are found by."""

from bisect import bisect_left
from functools import cache
from pathlib import Path

import msgspec

from app.clinic import patients
from app.core.words import pick

FILE = Path(__file__).parent / "data" / "icd10.json"
SCREEN = 12
_MOST = 200  # keys looked at; "e" alone begins thousands


class Code(msgspec.Struct, frozen=True):
    """zh, en: the catalogue's names; plain_*: what people say, blank where that is the same; also: what else. en_from: cm or own."""

    code: str
    zh: str
    en: str
    en_from: str
    plain_zh: str = ""
    plain_en: str = ""
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """In the reader's language."""
        return pick(self.zh, self.en)

    @property
    def plain(self) -> str:
        """As one writes it into a record."""
        return pick(self.plain_zh or self.zh, self.plain_en or self.en)


class Catalogue(msgspec.Struct, frozen=True):
    version: str
    zh_source: str
    zh_status: str
    en_source: str
    plain_source: str
    codes: tuple[Code, ...]


@cache
def catalogue() -> Catalogue:
    return msgspec.json.decode(FILE.read_bytes(), type=Catalogue)


@cache
def by_code() -> dict[str, Code]:
    return {one.code: one for one in catalogue().codes}


def named(code: str) -> Code | None:
    """The catalogue's entry for a code, or for the nearest shorter one: E11.900 is told as E11.9."""
    while len(code) >= 3:
        if found := by_code().get(code):
            return found
        code = code[:-1].rstrip(".")
    return None


@cache
def _keys() -> tuple[list[str], list[tuple[int, int]]]:
    """Sorted keys; beside each how well it matches (0 from the start) and which code it is of."""
    found: dict[tuple[str, int], int] = {}
    for place, one in enumerate(catalogue().codes):
        said = [(name, 0) for name in (one.plain_zh, one.plain_en, *one.also) if name] + [(one.zh, 1), (one.en, 1)]
        for name, later in said:
            for key, begins in patients.name_keys(name).items():
                _keep(found, key, place, begins * 2 + later)
        _keep(found, patients.typed_key(one.code), place, 0)
    ordered = sorted((key, rank, place) for (key, place), rank in found.items())
    return [key for key, _rank, _place in ordered], [(rank, place) for _key, rank, place in ordered]


def _keep(found: dict[tuple[str, int], int], key: str, place: int, rank: int) -> None:
    found[key, place] = min(rank, found.get((key, place), rank))


def search(typed: str) -> list[Code]:
    """At most a screen of codes: whole matches first, then beginnings, then insides; everyday names before the catalogue's."""
    key = patients.typed_key(typed)[:40]
    if not key:
        return []
    keys, held = _keys()
    start = bisect_left(keys, key)
    best: dict[int, tuple[bool, int]] = {}
    for n in range(start, min(start + _MOST, len(keys))):
        if not keys[n].startswith(key):
            break
        rank, place = held[n]
        mark = (keys[n] != key, rank)
        best[place] = min(mark, best.get(place, mark))
    return [catalogue().codes[place] for place in sorted(best, key=lambda place: (best[place], place))][:SCREEN]
