"""A file as a table of text: CSV in any usual encoding or XLSX, told apart by what is inside, never by its name."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from app.clinic.exams import workbooks
from app.core.errors import Refusal, TooLarge
from app.core.words import N_

LARGEST_FILE = 20 * 2**20
MOST_COLUMNS = 500
MOST_ROWS = 200_000
LAST_LINE = 2**20  # a spreadsheet has no more; a file may claim one far below and make us count blanks for hours
LONGEST_CELL = 2_000
_TITLE_LINES = 20  # centres put their name above the header
_DELIMITERS = (",", "\t", ";", "|")

Row = tuple[int, list[str]]  # line of the file, cells


class Table(msgspec.Struct, frozen=True):
    """headers: as written. rows(): lines after the header that are not blank, read anew at each call."""

    headers: list[str]
    rows: Callable[[], Iterator[Row]]


def open_table(content: bytes, beyond: int = 0) -> Table:
    """Raises Refusal with one sentence when this is no table. beyond: columns that may stand right of the last heading."""
    if len(content) > LARGEST_FILE:
        raise TooLarge(N_("The file is larger than 20 MB. Please send it in parts."))
    if not content.strip():
        raise Refusal(N_("The file is empty."))
    lines = _lines(content)
    first = list(islice(lines(), _TITLE_LINES))
    at = _header_line(first)
    headers = first[at][1] + [""] * beyond
    if sum(map(bool, headers)) < 2:
        raise Refusal(N_("This is no table: its first lines have no columns."))
    after, width = first[at][0], len(headers)
    return Table(headers, lambda: ((line, _fit(line, cells, width)) for line, cells in lines() if line > after))


def _lines(content: bytes) -> Callable[[], Iterator[Row]]:
    if content[:4] == b"PK\x03\x04":
        read = workbooks.reader(content)
    elif content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        raise Refusal(N_("This is an old Excel file (.xls). Please save it as .xlsx or CSV and send that."))
    else:
        read = _csv_reader(_decoded(content))
    return lambda: _guarded(read())


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(1 for c in text[:20_000] if c < " " and c not in "\r\n\t")
        if strange == 0:
            return text
    raise Refusal(N_("This is no text and no Excel file: only CSV and XLSX can be read."))


def _csv_reader(text: str) -> Callable[[], Iterator[list[str]]]:
    head = [line for line in text[:200_000].splitlines() if line.strip()][:_TITLE_LINES]
    delimiter = max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in head), default=0))

    def read() -> Iterator[list[str]]:
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        except csv.Error:
            raise Refusal(N_("This file cannot be read as CSV: a cell is too long or a quotation mark is not closed.")) from None

    return read


def _guarded(rows: Iterator[list[str]]) -> Iterator[Row]:
    count = 0
    for line, cells in enumerate(rows, 1):
        if line > LAST_LINE:
            raise TooLarge(N_("The file has more than %(most)s lines. Please send it in parts."), most=LAST_LINE)
        if len(cells) > MOST_COLUMNS:
            cells = _without_tail(cells)
        if len(cells) > MOST_COLUMNS:
            raise Refusal(N_("Line %(line)s has more than %(most)s columns."), line=line, most=MOST_COLUMNS)
        cells = [_tidy(cell, line) for cell in cells]
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TooLarge(N_("The file has more than %(most)s lines. Please send it in parts."), most=MOST_ROWS)
        yield line, cells


def _without_tail(cells: list[str]) -> list[str]:
    """Spreadsheets like to say that a row reaches to the last possible column."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _tidy(cell: str, line: int) -> str:
    if cell.isascii() and cell.isprintable() and len(cell) <= LONGEST_CELL:
        return cell.strip()
    if len(cell) > LONGEST_CELL:
        raise Refusal(N_("A cell in line %(line)s is longer than %(most)s characters."), line=line, most=LONGEST_CELL)
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " for c in cell).strip()


def _header_line(first: list[Row]) -> int:
    """The first line as wide as any; titles above it have one or two cells."""
    if not first:
        raise Refusal(N_("The file is empty."))
    filled = [sum(map(bool, cells)) for _line, cells in first]
    enough = max(2, max(filled) / 2)
    return next(n for n, count in enumerate(filled) if count >= enough) if max(filled) >= 2 else 0


def _fit(line: int, cells: list[str], width: int) -> list[str]:
    """Rows shorter than the header end in blanks; a longer one would say things under no heading."""
    if len(cells) > width:
        cells = _without_tail(cells)
    if len(cells) > width:
        raise Refusal(N_("Line %(line)s has more cells than the header has columns."), line=line)
    return cells + [""] * (width - len(cells))
