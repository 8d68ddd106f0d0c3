"""A card that ends within the month becomes work, once, and stops being it when it is renewed."""

from datetime import UTC, datetime

import pytest

from app.clinic import cards, work
from app.core import clock

BEFORE = datetime(2027, 10, 22, 1, 30, tzinfo=UTC)  # 31 days before the end
MONTH = datetime(2027, 10, 23, 1, 30, tzinfo=UTC)  # 30 days before the end


@pytest.fixture
def card(db, who, wang, yearly) -> int:
    return cards.open_card(db, who("desk"), wang, yearly)


def asked(db, wang: int) -> list[work.Item]:
    return [item for item in work.open_for(db, wang) if item.pathway_code == "renew_card"]


def test_a_month_before_the_end_reception_is_asked_once(db, who, wang, card) -> None:
    with clock.stop(BEFORE):
        work.ask_to_renew(db)
        assert not asked(db, wang)
    with clock.stop(MONTH):
        work.ask_to_renew(db)
        work.ask_to_renew(db)
        [item] = asked(db, wang)
        assert (item.show_from, item.due_on, item.role) == ("2027-10-23", "2027-11-22", "receptionist")
        assert item.title == "Card about to expire: ask about renewing it"
        mine = work.today(db, who("desk"), clock.today())
        assert [one.patient.id for one in mine.people] == [wang]
        why = dict(work.reasons(db, [item], who("desk"))[item.id])
        assert why["Card"].endswith("Valid until 2027-11-22")


def test_renewing_is_the_work_and_taking_it_back_asks_again(db, who, wang, card) -> None:
    with clock.stop(MONTH):
        work.ask_to_renew(db)
        cards.renew(db, who("desk"), wang, card)
        assert not asked(db, wang)
        done = next(one for one in work.closed_for(db, wang) if one.pathway_code == "renew_card")
        assert work.steps(db, [done.id])[done.id][-1].step == "done"
        cards.undo(db, who("desk"), wang, card, cards.last_step(db, card).id)
        assert len(asked(db, wang)) == 1


def test_closing_takes_the_work_back(db, who, wang, card) -> None:
    with clock.stop(MONTH):
        work.ask_to_renew(db)
        cards.close(db, who("desk"), wang, card, "moved")
        assert not asked(db, wang)
        closed = work.closed_for(db, wang)[0]
        assert work.steps(db, [closed.id])[closed.id][-1].step == "withdrawn"


def test_who_will_not_renew_is_not_asked_every_night(db, who, wang, card) -> None:
    with clock.stop(MONTH):
        work.ask_to_renew(db)
        [item] = asked(db, wang)
        work.complete(db, who("desk"), item.id, work.Completion("declined", item.seen, "moving away"))
        cards.replace(db, who("desk"), wang, card, "lost")
        work.ask_to_renew(db)
        assert not asked(db, wang)


def test_a_lost_card_is_still_asked_about_once(db, who, wang, card) -> None:
    with clock.stop(MONTH):
        work.ask_to_renew(db)
        cards.replace(db, who("desk"), wang, card, "lost")
        work.ask_to_renew(db)
        assert len(asked(db, wang)) == 1


def test_a_card_sold_for_less_than_a_month_asks_at_once(db, who, register) -> None:
    kind = cards.add_type(db, None, cards.NewType("月卡", "Monthly card", 100, 1))
    li = register("李四")
    cards.open_card(db, who("desk"), li, kind)
    assert len(asked(db, li)) == 1
