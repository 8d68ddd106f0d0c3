"""What the invented clinic sells, and what happens to its people's cards: renewed at a visit, lost, suspended, shared."""

from app.clinic import cards
from app.clinic.cards import NewType
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.clinic.upkeep.demo.stories import Told
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database

SOLD = {
    "年卡": NewType("年卡", "Yearly card", 36500, 12, "indigo", calls=4, consultations=2, exams=1),
    "慢病管理卡": NewType(
        "慢病管理卡", "Chronic care card", 68000, 12, "plum", calls=12, consultations=4, exams=1, own_zh="上门测血压",
        own_en="Blood pressure at home", own_units=2),
}
FAMILY = NewType("家庭卡", "Family card", 98000, 12, "ochre", 4, 12, 4, 2)
LOST = Told("丢在公交车上", "Left on the bus")
AWAY = Told("去外地女儿家住三个月", "Three months at the daughter's")
SHARED = Told("加入家人的家庭卡", "Joins the family's card")
CHECKED = Told("春季体检", "Spring check-up")


def offer(db: Database, owner: Actor) -> None:
    """Prices and what is included, for the types every clinic starts with; and a family's card."""
    for kind in cards.types(db):
        if kind.name_zh in SOLD:
            cards.edit_type(db, owner, kind.id, kind.version, SOLD[kind.name_zh])
    cards.add_type(db, owner, FAMILY)


def at_a_visit(db: Database, desk: Actor, patient_id: int) -> None:
    """Whoever comes with a card that is over has it renewed."""
    card, today = cards.current(db, patient_id), clock.today().isoformat()
    if card and card.problem(today) == "expired":
        cards.renew(db, desk, patient_id, card.id)


def settle(db: Database, crew: Crew, lives: list[Life]) -> None:
    """One of everything that may happen to a card."""
    desk = crew.one(Role.RECEPTIONIST)
    for n, life in enumerate(lives):
        id, say = crew.patients[life.serial], life.person.language
        card = cards.current(db, id)
        if card is None or card.problem(clock.today().isoformat()):
            continue
        if n % 10 == 1:
            cards.replace(db, desk, id, card.id, LOST.to(say))
        elif n % 10 == 3:
            cards.suspend(db, desk, id, card.id, AWAY.to(say))
        elif exam := next((one for one in cards.usable(db, card.id) if one.kind == "exam"), None):
            cards.use(db, desk, id, card.id, cards.Use(exam.id, CHECKED.to(say)))
    _share(db, desk, crew, lives)


def _share(db: Database, desk: Actor, crew: Crew, lives: list[Life]) -> None:
    """Two who live together have one card: the first good one becomes a family's."""
    family = next(kind.id for kind in cards.types(db) if kind.name_zh == FAMILY.name_zh)
    for first, second in zip(lives, lives[1:], strict=False):
        one, other = crew.patients[first.serial], crew.patients[second.serial]
        card, theirs = cards.current(db, one), cards.current(db, other)
        if card is None or card.valid_until is None or card.problem(clock.today().isoformat()):
            continue
        cards.upgrade(db, desk, one, card.id, family)
        if theirs:
            cards.close(db, desk, other, theirs.id, SHARED.to(second.person.language))
        cards.add_person(db, desk, one, card.id, other)
        return
