"""The typeface on paper: static Regular and Bold files from the variable Noto Sans wheel, made once at set-up.

The Chinese face holds nearly everything; the few characters it lacks (𠮷 in a name) come from the Japanese
and then the traditional face of the same wheel, reduced to exactly those. SIL Open Font Licence.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from itertools import pairwise
from pathlib import Path

FOLDER = Path(sys.prefix) / "paper-fonts"  # beside the wheel they are made from
_WHEEL = "justmytype-intl-cjk"
_RECIPE = "2"  # raise when what is made below changes
_CHINESE = "NotoSansSC"
FACES = {"sans": _CHINESE, "rare": "NotoSansJP", "rarest": "NotoSansTC"}
WEIGHTS = {"regular": 400, "bold": 700}
_COVERAGE = "coverage.json"
# Layout rules xhtml2pdf does not read; dropping them before instancing halves the time.
_UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG")


def prepare(folder: Path = FOLDER, say: Callable[[str], None] = print) -> None:
    """Make the files that are missing or outdated; the coverage file comes last and says all is there."""
    if ready(folder):
        return
    say("Preparing the fonts for printed reports (about half a minute, once) …")
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[int] = set()
    coverage = {}
    for face, family in FACES.items():
        wanted = _characters(family) - taken
        taken |= wanted
        for weight, number in WEIGHTS.items():
            _make(folder / file_name(face, weight), family, wanted, number)
            say(f"  {file_name(face, weight)}")
        coverage[face] = _ranges(wanted)
    _replace(folder / _COVERAGE, json.dumps({"made_from": _made_from(), "faces": coverage}).encode())


def ready(folder: Path = FOLDER) -> bool:
    try:
        made_from = json.loads((folder / _COVERAGE).read_text())["made_from"]
    except (OSError, ValueError, KeyError):
        return False
    return made_from == _made_from() and all((folder / file_name(f, w)).exists() for f in FACES for w in WEIGHTS)


def file_name(face: str, weight: str) -> str:
    return f"{face}-{weight}.ttf"


def coverage(folder: Path = FOLDER) -> dict[str, set[int]]:
    """Which code points each face draws, in the order they are tried."""
    faces = json.loads((folder / _COVERAGE).read_text())["faces"]
    return {face: {n for start, end in faces[face] for n in range(start, end + 1)} for face in FACES}


def _made_from() -> str:
    return f"{_WHEEL} {metadata.version(_WHEEL)}, fonttools {metadata.version('fonttools')}, recipe {_RECIPE}"


def _source(family: str) -> Path:
    """The variable font's file; found by the wheel's own list, nothing of it is imported."""
    for item in metadata.files(_WHEEL) or []:
        if item.name == f"{family}[wght].ttf":
            return Path(item.locate())
    raise FileNotFoundError(f"{_WHEEL} does not carry {family}")


def _characters(family: str) -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(_source(family), lazy=True) as font:
        return set(font.getBestCmap())


def _make(target: Path, family: str, characters: set[int], weight: int) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(_source(family))
    for table in _UNUSED:
        if table in font:
            del font[table]
    if family != _CHINESE:
        keep = subset.Subsetter(subset.Options(notdef_outline=True))
        keep.populate(unicodes=characters | {ord(" ")})
        keep.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    # Without a name of its own the bold file passes for the regular one: the PDF tells faces apart by it.
    font["name"].setName(f"{family}-{target.stem}", 6, 3, 1, 0x409)
    unfinished = target.with_suffix(".part")
    font.save(unfinished)
    os.replace(unfinished, target)


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted runs: {1, 2, 3, 7} → [(1, 3), (7, 7)]."""
    ordered = sorted(numbers)
    cuts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(ordered)) if b != a + 1), len(ordered)]
    return [(ordered[start], ordered[end - 1]) for start, end in pairwise(cuts) if end > start]


def _replace(target: Path, content: bytes) -> None:
    unfinished = target.with_suffix(".part")
    unfinished.write_bytes(content)
    os.replace(unfinished, target)
