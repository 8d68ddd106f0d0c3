"""Lists of people from outside: an old Excel list becomes registered people, each once.

A list is read, its columns recognised and confirmed, every line looked up among the people here and the lines before it,
what is doubtful decided by a person in piles, then filed in chunks; it can be taken back as a whole. Every line ends
registered, joined to somebody known, skipped by a person, or waits with its reason; no cell is guessed at or lost.
"""

from app.clinic.exams import LARGEST_FILE
from app.clinic.rosters.bringing import bring
from app.clinic.rosters.deciding import decide, decide_pile, may, settle, settle_cells
from app.clinic.rosters.likeness import AGAINST, CERTAIN, FOR, LIKELY
from app.clinic.rosters.lists import CREW, begin, drop, other_sheets, preview, stop, undo, upload, written
from app.clinic.rosters.matching import candidates, registered
from app.clinic.rosters.queries import cell_piles, counts, kept, left, line, line_at, of_pile, piles, roster, rosters, sources
from app.clinic.rosters.reasons import CELLS, LINES
from app.clinic.rosters.running import abandon, claim, compare, file, reader_of, release
from app.clinic.rosters.settling import Choice, chosen, settle_columns
from app.clinic.rosters.shapes import DOUBTS, MEANINGS, ORDERS, Column, Counts, Line, Pile, Roster, Said, raw
from app.clinic.rosters.undoing import take_back

__all__ = [
    "AGAINST", "CELLS", "CERTAIN", "CREW", "DOUBTS", "FOR", "LARGEST_FILE", "LIKELY", "LINES", "MEANINGS", "ORDERS", "Choice",
    "Column", "Counts", "Line", "Pile", "Roster", "Said", "abandon", "begin", "bring", "candidates", "cell_piles", "chosen", "claim",
    "compare", "counts", "decide", "decide_pile", "drop", "file", "kept", "left", "line", "line_at", "may", "of_pile", "other_sheets",
    "piles", "preview", "raw", "reader_of", "registered", "release", "roster", "rosters", "settle", "settle_cells", "settle_columns",
    "sources", "stop", "take_back", "undo", "upload", "written",
]  # fmt: skip
