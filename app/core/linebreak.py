"""Where a line on paper may break: Chinese between any two characters, but never before ， or after （.

xhtml2pdf breaks long words anywhere it must; this takes the place of that one step (see pdf_child).
"""

import unicodedata

NBSP = "\u00a0"
_NOT_FIRST = set("，。、；：？！）》」』】〕〉”’％‰℃…—·,.;:?!)]}%'\"" + "ー々")
_NOT_LAST = set("（《「『【〔〈“‘([{$￥#@")


def between(before: str, after: str) -> bool:
    """May a line end with `before` (its last two characters count) and the next begin with `after`?"""
    last = before[-1:]
    if after in _NOT_FIRST or last in _NOT_LAST or after == NBSP:
        return False
    if last == NBSP:  # 3.6 mmol/L stays together, LDL-C 3.6 may part
        return not before[-2:-1].isdigit() or after.isdigit() or _wide(after)
    return _wide(last) or _wide(after)


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def tied(text: str) -> str:
    """Chinese text with its spaces made hard: a space would end the word, and the line with it, too early."""
    return text.replace(" ", NBSP) if any(map(_wide, text)) else text


def chunks(pieces: list[tuple], widest: float) -> list[list]:
    """One word too wide for a line, as lines: [(fragment, text), …] → [[width, (fragment, text), …], …]."""
    lines: list[list] = []
    line: list[tuple] = []
    used = 0.0
    for run in _runs(_atoms(pieces), widest):
        width = sum(atom[2] for atom in run)
        if line and used + width > widest:
            lines.append([used, *_joined(line)])
            line, used = [], 0.0
        line += run
        used += width
    return lines + ([[used, *_joined(line)]] if line else [])


def _atoms(pieces: list[tuple]) -> list[tuple]:
    """(fragment, character, width); a marker or picture is one atom without a character."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    atoms = []
    for fragment, text in pieces:
        mark = getattr(fragment, "cbDefn", None)
        if mark is not None:
            atoms.append((fragment, "", getattr(mark, "advance", 0) + getattr(mark, "reserve", 0)))
        else:
            words = text.decode() if isinstance(text, bytes) else text
            atoms += [(fragment, c, stringWidth(c, fragment.fontName, fragment.fontSize)) for c in words]
    return atoms


def _runs(atoms: list[tuple], widest: float) -> list[list]:
    """Atoms that stay together; a run that would not fit a line of its own falls apart."""
    runs: list[list] = []
    for atom in atoms:
        if runs and (_bound(runs[-1][-1][0], atom[0]) or not between("".join(before[1] for before in runs[-1][-2:]), atom[1])):
            runs[-1].append(atom)
        else:
            runs.append([atom])
    return [part for run in runs for part in ([run] if sum(a[2] for a in run) <= widest else [[a] for a in run])]


def _bound(one: object, other: object) -> bool:
    """What a template asked not to be broken."""
    return all(getattr(each, "whiteSpace", "") == "nowrap" for each in (one, other))


def _joined(line: list[tuple]) -> list[tuple]:
    joined: list[tuple] = []
    for fragment, character, _width in line:
        if joined and joined[-1][0] is fragment and character and joined[-1][1]:
            joined[-1] = (fragment, joined[-1][1] + character)
        else:
            joined.append((fragment, character))
    return joined
