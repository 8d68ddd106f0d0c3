"""How a name is spelt in pinyin, with both readings where a character has two.

Only the character table of pypinyin is read: importing the package would also load its
phrases, some 58 MB that names have no use for.
"""

import json
import sys
import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

import msgspec

MOST_SPELLINGS = 8

# Surnames whose reading as a surname is not the character's first reading.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "查": "zha", "仇": "qiu", "朴": "piao", "区": "ou", "盖": "ge",
    "翟": "zhai", "员": "yun", "缪": "miao", "乐": "yue", "召": "shao", "折": "she", "黑": "he", "秘": "bi",
    "洗": "xian", "覃": "qin", "隗": "wei", "种": "chong", "繁": "po", "宓": "fu", "祭": "zhai", "句": "gou",
    "能": "nai", "佴": "nai", "牟": "mu", "薄": "bo", "郗": "chi", "费": "bi",
}  # fmt: skip

DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "乐正": ("yue", "zheng"),
    "澹台": ("tan", "tai"),
}  # fmt: skip


class Spelling(msgspec.Struct, frozen=True):
    """usual: the reading one would guess first, or the surname's own."""

    syllables: tuple[str, ...]
    usual: bool

    @property
    def full(self) -> str:
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        return "".join(syllable[0] for syllable in self.syllables)


def spellings(name: str) -> list[Spelling]:
    """Every way to spell the Chinese characters of a name, the usual ones first."""
    characters = [c for c in name if _table().get(ord(c))]
    if not characters:
        return []
    choices = [_given(c) for c in characters]
    heads = _surname(characters)
    width = len(heads[0])
    found = {}
    for tail in islice(product(*choices[width:]), MOST_SPELLINGS):
        usual = all(part == options[0] for part, options in zip(tail, choices[width:], strict=True))
        for head in heads:
            found.setdefault(head + tail, usual)
    ways = [Spelling(syllables, usual) for syllables, usual in found.items()]
    return sorted(ways, key=lambda way: not way.usual)[:MOST_SPELLINGS]


def _surname(characters: list[str]) -> list[tuple[str, ...]]:
    """The readings of the surname: its own first, then what the characters usually say."""
    double = DOUBLE_SURNAMES.get("".join(characters[:2]))
    if double and len(characters) > 2:
        return [double, (_given(characters[0])[0], _given(characters[1])[0])]
    first = characters[0]
    own, first_reading = SURNAMES.get(first), _given(first)[0]
    return [(reading,) for reading in dict.fromkeys([own or first_reading, *_as_typed(first_reading)])]


def _given(character: str) -> list[str]:
    """At most two readings: the third of a character is of no use in a name."""
    first, *others = _table()[ord(character)].split(" ")
    return [*_as_typed(first), *others[:1]]


def _as_typed(reading: str) -> list[str]:
    """ü is typed v or u."""
    return [reading, reading.replace("v", "u")] if "v" in reading else [reading]


@cache
def _table() -> dict[int, str]:
    """Code point → its readings without tones, the usual one first."""
    package = find_spec("pypinyin").submodule_search_locations[0]
    readings = json.loads((Path(package) / "pinyin_dict.json").read_text("utf-8"))
    return {int(point): sys.intern(_toneless(spelt)) for point, spelt in readings.items()}


def _toneless(spelt: str) -> str:
    """'lǚ,lǘ' → 'lv'."""
    plain = unicodedata.normalize("NFD", spelt).replace("u\u0308", "v")
    words = ["".join(c for c in word if c.isascii() and c.isalpha()) for word in plain.split(",")]
    return " ".join(dict.fromkeys(word for word in words if word))
