"""XLSX, read lazily and guarded: only a real workbook, not a bomb, nothing run, no outside entity."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from app.core.errors import Refusal, TooLarge
from app.core.words import N_

LARGEST_UNPACKED = 300 * 2**20
MOST_PARTS = 2_000
_WIDEST = 600  # columns looked at; tables.py refuses what has more than it takes

BROKEN = N_("This Excel file is damaged and cannot be read.")


def reader(content: bytes) -> Callable[[], Iterator[list[str]]]:
    """Rows of the first sheet as text. Raises Refusal for what is no workbook."""
    formulas = _check(content)

    def read() -> Iterator[list[str]]:
        try:
            yield from _with_formulas(content) if formulas else _values(content)
        except Refusal:
            raise
        except Exception:  # openpyxl raises whatever a broken part makes it stumble over
            raise Refusal(BROKEN) from None

    return read


def sheets(content: bytes) -> list[str]:
    """Names of a workbook's sheets, the one that is read first; none for other files."""
    import openpyxl

    if content[:4] != b"PK\x03\x04":
        return []
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


def _check(content: bytes) -> bool:
    """Whether the first sheets hold formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise TooLarge(N_("Unpacked, this Excel file would be too large. Please send it in parts."))
            if "xl/workbook.xml" not in archive.namelist():
                raise Refusal(N_("This is no Excel workbook: only CSV and XLSX can be read."))
            return any([_look(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise Refusal(BROKEN) from None


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Read a part once, never beyond the size it claims: refuse entities, notice formulas."""
    formula, tail, size = False, b"", 0
    with archive.open(part) as file:
        while piece := file.read(2**20):
            size += len(piece)
            if size > part.file_size or b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise Refusal(BROKEN)
            formula = formula or b"<f>" in tail + piece or b"<f " in tail + piece
            tail = piece[-10:]
    return formula and part.filename.startswith("xl/worksheets/")


def _sheet_rows(content: bytes, data_only: bool) -> Iterator[tuple[Any, ...]]:
    import openpyxl  # 170 ms and 10 MB that a start without a workbook need not spend

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True, max_col=_WIDEST)
    finally:
        book.close()


def _values(content: bytes) -> Iterator[list[str]]:
    for cells in _sheet_rows(content, data_only=True):
        yield [_text(cell) for cell in cells] if cells.count(None) < len(cells) else []


def _with_formulas(content: bytes) -> Iterator[list[str]]:
    """A formula's last result; where the file holds none, the formula itself, so that nothing is lost silently."""
    both = zip(_sheet_rows(content, data_only=True), _sheet_rows(content, data_only=False), strict=True)
    for results, written in both:
        yield [_text(result if result is not None else cell) for result, cell in zip(results, written, strict=True)]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return f"{cell:.12g}" if abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
