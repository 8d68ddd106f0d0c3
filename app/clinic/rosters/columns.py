"""What a list's columns are: by heading through a table of synonyms, as last time, or by what most of its cells look like."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from app.clinic import exams
from app.clinic.rosters.cells import read_document, read_phones, sex_of
from app.clinic.rosters.days import orders_of
from app.clinic.rosters.shapes import MANY, MEANINGS, Column

SAMPLES = 3
BEYOND = 20  # columns right of the last heading, where people put remarks
ENOUGH = 0.8  # of a column's cells must look like something for it to be that
_HEADINGS = Path(__file__).parent / "headings.json"
_MOBILE = re.compile(r"1[3-9]\d{9}")


class Remembered(msgspec.Struct, frozen=True):
    """What a source's column meant the last time."""

    heading: str
    meaning: str
    date_order: str | None


def open_list(content: bytes) -> exams.Table:
    """Raises Refusal with one sentence when this is no table."""
    return exams.open_table(content, BEYOND)


@cache
def known() -> dict[str, str]:
    table = json.loads(_HEADINGS.read_text(encoding="utf-8"))
    return {exams.key_of(name): meaning for meaning, names in table.items() for name in names}


def named(header: str) -> str:
    """By the whole heading, else without what stands in brackets, else by its lines: 姓名/Name, 身份证号（必填）."""
    told = unicodedata.normalize("NFKC", header)
    for name in (told, re.sub(r"[(\[【].*?[)\]】]", "", told), *re.split(r"[/|\n]|\s{2,}", told)):
        if name.strip() and (meaning := known().get(exams.key_of(name))):
            return meaning
    return "unknown"


def understand(table: exams.Table, remembered: Mapping[str, Remembered], today: date) -> tuple[list[Column], int]:
    """Every column with what it is and what is doubtful about it, and the number of lines. Reads the whole list once."""
    contents, lines = contents_of(table)
    found: list[Column] = []
    for place, header in enumerate(table.headers):
        if not header and not contents[place]:
            continue
        column = _column(place, header, contents[place], remembered.get(exams.key_of(header)), today)
        if column.meaning not in MANY and any(column.meaning == other.meaning for other in found):
            column = msgspec.structs.replace(column, meaning="unknown", order=None, doubt="twice")
        found.append(column)
    return found, lines


def contents_of(table: exams.Table) -> tuple[list[list[str]], int]:
    contents: list[list[str]] = [[] for _header in table.headers]
    lines = 0
    for _line, cells in table.rows():
        lines += 1
        for content, cell in zip(contents, cells, strict=True):
            if cell:
                content.append(cell)
    return contents, lines


def _column(place: int, header: str, content: list[str], before: Remembered | None, today: date) -> Column:
    samples = tuple(dict.fromkeys(content[:50]))[:SAMPLES]
    column = Column(place, header, named(header), seen=len(content), samples=samples)
    if before and before.meaning in MEANINGS and header:
        column = msgspec.structs.replace(column, meaning=before.meaning, order=before.date_order, remembered=True)
    elif column.meaning == "unknown" and (meaning := looks_like(content[:200], today)):
        column = msgspec.structs.replace(column, meaning=meaning, doubt="from_cells")
    return examine(column, content, today)


def examine(column: Column, content: Sequence[str], today: date) -> Column:
    """Settle the order of days from the whole column, or ask."""
    if column.meaning != "birth":
        return msgspec.structs.replace(column, order=None)
    order = day_order(content, today)
    if order == "ask" and column.order in ("dmy", "mdy"):
        order = column.order
    return msgspec.structs.replace(column, order=order, doubt="date_order" if order == "ask" else column.doubt)


def day_order(content: Sequence[str], today: date) -> str:
    """ymd, dmy or mdy as the whole column says; ask where each would do, or where they contradict each other."""
    possible = [orders for text in dict.fromkeys(content) if (orders := orders_of(text, today)) and "ymd" not in orders]
    if not possible:
        return "ymd"
    common = set.intersection(*possible)
    return common.pop() if len(common) == 1 else "ask"


def looks_like(content: Sequence[str], today: date) -> str:
    if len(content) < 3:
        return ""
    tests = {
        "document": lambda cell: read_document(cell, today)[0] is not None,
        "phone": lambda cell: any(_MOBILE.fullmatch(one.number) for one in read_phones(cell)[0]),
        "sex": lambda cell: sex_of(cell) in ("male", "female") and not cell.isdigit(),
    }
    return next((what for what, test in tests.items() if sum(map(test, content)) >= ENOUGH * len(content)), "")
