"""Papers and talks of invented people: a drawn ECG as photo and PDF, and what they really take of what was prescribed."""

import io
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw

from app.clinic import attachments, observations, records
from app.clinic.attachments import NewAttachment, Place
from app.clinic.records import NewLine, NewReview, OwnMedicine
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.clinic.upkeep.demo.stories import Told
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.files import Files

ECG = Told("心电图（演示）", "ECG (invented)")
ELSEWHERE = Told("外院心电图报告（演示）", "ECG report from another hospital (invented)")
EVENING = Told("晚上那次常忘", "often forgets the evening one")
STOPPED = Told("觉得好了就停了", "felt well and stopped")
FISH_OIL = Told("鱼油", "Fish oil")
DAUGHTER = Told("女儿买的", "bought by the daughter")
ONE_A_DAY = Told("每天一粒", "one a day")
SWOLLEN = Told("傍晚脚踝有点肿", "ankles a little swollen in the evening")
BOX = Told("改用早晚分格药盒，两周后再问", "A pill box with morning and evening; ask again in two weeks")
WITH_PAPERS = 3  # further visits in a story, from which on its person has papers
SIZE, SQUARE = (900, 560), 20


def settle(db: Database, crew: Crew, lives: Sequence[Life]) -> None:
    files, nurse, pharmacist = Files(db.path.parent / "files"), crew.one(Role.NURSE), crew.one(Role.PHARMACIST)
    for life in lives:
        person = crew.patients.get(life.serial)
        if person and life.story.medicines:
            _talk(db, pharmacist, person, life)
        if person and life.story.extra >= WITH_PAPERS:
            _papers(db, files, nurse, person, life)


def _talk(db: Database, pharmacist: Actor, person: int, life: Life) -> None:
    say, n = life.person.language, life.serial
    ways = (NewLine("regular"), NewLine("irregular", n % 6 + 1, EVENING.to(say)), NewLine("not", 7, why=STOPPED.to(say)))
    taken = records.to_ask(db, pharmacist, person, "9999")
    lines = {one.id: ways[(n + at) % 3 if n % 5 else 0] for at, one in enumerate(taken)}
    own = [OwnMedicine(FISH_OIL.to(say), ONE_A_DAY.to(say), DAUGHTER.to(say))] if n % 4 == 0 else []
    new = NewReview(noticed=SWOLLEN.to(say) if n % 3 == 0 else "", agreed=BOX.to(say) if n % 2 == 0 else "")
    records.talk_through(db, pharmacist, person, new, lines, own)


def _papers(db: Database, files: Files, nurse: Actor, person: int, life: Life) -> None:
    say, drawn = life.person.language, _ecg(Random(life.serial))
    section, results = records.conditions(db, person), observations.reports(db, person)
    place = Place("conditions", section[0].id) if section else Place()
    _keep(db, files, nurse, person, NewAttachment(ECG.to(say), place=place), drawn, "JPEG")
    if life.serial < 12:
        place = Place(report_id=results[0].id) if results else Place()
        _keep(db, files, nurse, person, NewAttachment(ELSEWHERE.to(say), place=place), drawn, "PDF")


def _keep(db: Database, files: Files, nurse: Actor, person: int, new: NewAttachment, drawn: Image.Image, kind: str) -> None:
    content = io.BytesIO()
    drawn.save(content, kind)
    with files.incoming() as arriving:
        arriving.write(content.getvalue())
        attachments.add(db, nurse, files, person, new, arriving)


def _ecg(random: Random) -> Image.Image:
    """Squared paper with a line that beats; nobody's heart."""
    picture = Image.new("RGB", SIZE, "#fffaf5")
    pen, (width, height) = ImageDraw.Draw(picture), SIZE
    for at in range(0, width, SQUARE):
        pen.line((at, 0, at, height), "#f0c8c0", 2 if at % 100 == 0 else 1)
    for at in range(0, height, SQUARE):
        pen.line((0, at, width, at), "#f0c8c0", 2 if at % 100 == 0 else 1)
    beat, tall = random.randint(90, 130), random.randint(80, 120)
    for middle in (140, 280, 420):
        line = [(x, middle - _height(x % beat, tall) + random.randint(-2, 2)) for x in range(0, width, 3)]
        pen.line(line, "#252e2a", 3)
    return picture


def _height(x: int, tall: int) -> int:
    """Of one beat: a small wave, the tall one, a broad one."""
    if 12 <= x < 24:
        return 12
    if 36 <= x < 42:
        return tall
    if 42 <= x < 47:
        return -tall // 4
    return 22 if 60 <= x < 80 else 0
