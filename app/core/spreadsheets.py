"""Rows of text as CSV or XLSX, in pieces as they come, and safe to open.

A cell that begins like a formula would be run by the program that opens the file. In CSV such a cell gets an apostrophe
in front; in XLSX every cell says of itself that it is text. Written by hand: openpyxl takes twenty times as long over
100,000 rows, and holds the interpreter meanwhile.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = re.compile(r"[\s'\"]*[=+\-@|%＝＋－＠]")  # what a program may take as the beginning of a formula
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PIECE = 500  # rows written before they are handed on


def harmless(text: str) -> str:
    """The same words, so that no spreadsheet program takes them for a formula."""
    return "'" + text if _FORMULA.match(text) or text[:1] in ("\t", "\r", "\n") else text


def csv_pieces(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    for n, row in enumerate(rows):
        writer.writerow([harmless(cell) for cell in row])
        if n % _PIECE == 0:
            yield out.getvalue().encode()
            out.seek(0), out.truncate()
    yield out.getvalue().encode()


class _Pipe(io.RawIOBase):
    """What the archive writes is taken from here piece by piece; nobody can go back in it."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self.waiting.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def xlsx_pieces(rows: Iterable[list[str]], title: str) -> Iterator[bytes]:
    """One sheet, its first row in bold and standing still."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content.replace("{title}", _xml(title[:31])))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_HEAD)
            for n, row in enumerate(rows):
                sheet.write(_row(row, 2 if n == 0 else 1).encode())
                if n % _PIECE == 0:
                    yield pipe.taken()
            sheet.write(_FOOT)
    yield pipe.taken()


def _row(row: list[str], style: int) -> str:
    cells = "".join(f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml(cell)}</t></is></c>' for cell in row)
    return f"<row>{cells}</row>"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# quotePrefix: a cell stays text even after somebody has clicked into it. @ is the number format of text.
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{{title}}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" quotePrefix="1" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_HEAD = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="40" width="16" customWidth="1"/></cols><sheetData>'.encode()
_FOOT = b"</sheetData></worksheet>"
