"""The ledger adds up, whatever is done and in whatever order; work uses it and gives it back."""

import itertools
import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clinic import cards, patients, staff, work
from app.core import clock
from app.core.access import Actor, Role
from app.core.errors import NotFound, Refusal
from app.core.sqlite import sqlite3
from app.main import open_clinic
from tests.cards.conftest import FAMILY, YEARLY
from tests.conftest import NOW

ACTS = ("use", "use", "use", "give_back", "renew", "upgrade", "suspend", "resume", "replace", "close", "undo", "undo", "open", "days", "call", "reopen")


@pytest.fixture(scope="module")
def shared(made_once, tmp_path_factory):
    """One file for many examples; each has a person of its own."""
    folder = tmp_path_factory.mktemp("ledger") / "data"
    shutil.copytree(made_once, folder)
    db = open_clinic(folder)
    kinds = [cards.add_type(db, None, new) for new in (YEARLY, FAMILY)]
    yield db, kinds
    db.close()


class Desk:
    """Somebody at a desk who does anything, and keeps a plain count of what should be left."""

    def __init__(self, db, kinds, actor) -> None:
        self.db, self.kinds, self.actor, self.days = db, kinds, actor, 0
        self.wang = patients.register(db, actor, patients.NewPatient("王秀英"))

    def act(self, name: str, n: int) -> None:
        with clock.stop(NOW + timedelta(days=self.days)):
            card = cards.current(self.db, self.wang)
            try:
                getattr(self, f"_{name}")(card, n)
            except Refusal:
                return

    def _open(self, card, n) -> None:
        cards.open_card(self.db, self.actor, self.wang, self.kinds[n % 2])

    def _days(self, card, n) -> None:
        self.days += (3, 200, 400)[n % 3]

    def _use(self, card, n) -> None:
        if card and (usable := cards.usable(self.db, card.id)):
            cards.use(self.db, self.actor, self.wang, card.id, cards.Use(usable[n % len(usable)].id))

    def _give_back(self, card, n) -> None:
        used = [line for line in cards.lines(self.db, card.id, 999) if line.what == "used"] if card else []
        if used:
            cards.give_back(self.db, self.actor, self.wang, card.id, used[n % len(used)].id)

    def _undo(self, card, n) -> None:
        held = cards.cards_of(self.db, self.wang)
        if held and (last := cards.last_step(self.db, held[0].id)):
            cards.undo(self.db, self.actor, self.wang, held[0].id, last.id)

    def _call(self, card, n) -> None:
        day = clock.today()
        work.record(self.db, self.actor, self.wang, work.NewContact("phone", "reached", next_on=day))
        for item in work.open_for(self.db, self.wang):
            if item.pathway_code == "agreed":
                work.complete(self.db, self.actor, item.id, work.Completion("reached", item.seen))

    def _reopen(self, card, n) -> None:
        for item in work.just_done(self.db, self.actor, clock.today()):
            if item.patient_id == self.wang:
                work.reopen(self.db, self.actor, item.id)

    def _on(self, card, verb, *more) -> None:
        if card:
            verb(self.db, self.actor, self.wang, card.id, *more)

    def _renew(self, card, n) -> None:
        self._on(card, cards.renew)

    def _upgrade(self, card, n) -> None:
        self._on(card, cards.upgrade, self.kinds[n % 2])

    def _suspend(self, card, n) -> None:
        self._on(card, cards.suspend, "abroad")

    def _resume(self, card, n) -> None:
        self._on(card, cards.resume, bool(n % 2))

    def _replace(self, card, n) -> None:
        self._on(card, cards.replace, "lost")

    def _close(self, card, n) -> None:
        self._on(card, cards.close, "moved")


def adds_up(db, wang: int) -> None:
    for card in cards.cards_of(db, wang):
        lines = sorted(cards.lines(db, card.id, 10_000), key=lambda line: line.id)
        assert {type(line.amount) for line in lines} <= {int}
        accounts = itertools.groupby(sorted(lines, key=lambda line: (line.period_id, line.entitlement_id or 0, line.id)),
                                     key=lambda line: (line.period_id, line.entitlement_id))
        for _account, its in accounts:
            total = 0
            for line in its:
                total += line.amount
                assert line.balance == total >= 0
        undone = [line for line in lines if line.what == "undone"]
        assert len(undone) == sum(line.undone for line in lines)
        for one in cards.accounts(db, card.id):
            used = sum(line.what == "used" and not line.undone for line in lines
                       if (line.period_id, line.entitlement_id) == (one.period_id, one.id))
            counted = -sum(line.amount for line in lines if line.what == "counted" and not line.undone
                           and (line.period_id, line.entitlement_id) == (one.period_id, one.id))
            granted = 0 if card.closed_reason == "opened by mistake" else one.units
            assert one.left == granted - used - counted
        assert cards.asked(db, card.id) == sum(line.amount for line in lines if line.kind is None) >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=30))
def test_the_ledger_adds_up_whatever_is_done(shared, acts) -> None:
    db, kinds = shared
    member = next(one for one in staff.everyone(db) if one.sign_in == "manager")
    desk = Desk(db, kinds, Actor(member.id, member.name, Role(member.role), "en"))
    desk.act("open", 0)
    for name, n in acts:
        desk.act(name, n)
    with clock.stop(NOW + timedelta(days=desk.days)):
        adds_up(db, desk.wang)


@pytest.fixture
def card(db, who, wang, yearly) -> int:
    return cards.open_card(db, who("desk"), wang, yearly)


@pytest.mark.parametrize("broken", ["balance + 1", "balance - 1", "-1"])
def test_the_file_itself_refuses_what_does_not_add_up(db, card, broken) -> None:
    copied = ("INSERT INTO card_entries (card_id, period_id, entitlement_id, what, amount, balance, day, event_id) "
              f"SELECT card_id, period_id, entitlement_id, 'used', -1, {broken} - 1, day, event_id FROM card_entries "
              "WHERE what = 'granted' LIMIT 1")
    with pytest.raises(sqlite3.IntegrityError), db.aside():
        db.execute(copied)


@pytest.mark.parametrize("sql", ["UPDATE card_entries SET amount = 9", "UPDATE card_entries SET balance = 9", "DELETE FROM card_entries"])
def test_nothing_in_the_ledger_is_changed(db, card, sql) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), db.aside():
        db.execute(sql)


def test_used_by_hand_given_back_and_never_overdrawn(db, who, wang, card, left) -> None:
    exam = cards.usable(db, card)[2]
    cards.use(db, who("desk"), wang, card, cards.Use(exam.id, "spring check-up", "once"))
    cards.use(db, who("desk"), wang, card, cards.Use(exam.id, "spring check-up", "once"))  # a second tap
    assert left(card)["Exam packages"] == 0
    with pytest.raises(Refusal, match="Nothing is left"):
        cards.use(db, who("desk"), wang, card, cards.Use(exam.id))
    entry = cards.lines(db, card, 1)[0]
    cards.give_back(db, who("desk"), wang, card, entry.id)
    cards.give_back(db, who("desk"), wang, card, entry.id)
    assert left(card)["Exam packages"] == 1
    told = [entry.sentence for entry in patients.timeline(db, who("desk"), wang)][:2]
    number = cards.current(db, wang).shown
    assert told == [f"Given back: Exam packages, 1 left (card {number})", f"Used: Exam packages, 0 left (card {number})"]


def test_nothing_is_used_on_a_card_that_is_not_valid(db, who, wang, card) -> None:
    account = cards.usable(db, card)[0]
    cards.suspend(db, who("desk"), wang, card, "abroad")
    with pytest.raises(Refusal, match="suspended"):
        cards.use(db, who("desk"), wang, card, cards.Use(account.id))


def test_nobody_uses_somebody_elses_card(db, who, wang, card, register) -> None:
    with pytest.raises(NotFound):
        cards.use(db, who("desk"), register("李四"), card, cards.Use(cards.usable(db, card)[0].id))


# ── work ──

@pytest.fixture
def agreed(db, who):
    """agreed(patient): an item of follow-up work, due today."""

    def make(patient: int) -> work.Item:
        work.record(db, who("manager"), patient, work.NewContact("phone", "reached", next_on=clock.today()))
        return work.open_for(db, patient)[-1]

    return make


def of_agreed(db, patient: int) -> work.Item:
    return next(one for one in [*work.open_for(db, patient), *work.closed_for(db, patient)] if one.pathway_code == "agreed")


def test_work_that_serves_uses_one_and_gives_it_back(db, who, wang, card, agreed, left) -> None:
    agreed(wang)
    item = of_agreed(db, wang)
    work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen))
    assert left(card) == {"Follow-up calls": 3, "Consultations": 2, "Exam packages": 1}
    work.reopen(db, who("manager"), item.id)
    assert left(card)["Follow-up calls"] == 4
    item = of_agreed(db, wang)
    work.complete(db, who("manager"), item.id, work.Completion("declined", item.seen, "no time"))
    assert left(card)["Follow-up calls"] == 4, "declined is no service"


def test_the_unit_and_the_work_are_one_transaction(db, who, wang, card, agreed, left, monkeypatch) -> None:
    agreed(wang)
    item = of_agreed(db, wang)
    monkeypatch.setattr("app.clinic.cards.ledger.write", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen))
    assert not of_agreed(db, wang).closed and left(card)["Follow-up calls"] == 4


def test_a_doctors_talk_is_a_consultation(db, who, wang, card, agreed, left) -> None:
    agreed(wang)
    item = of_agreed(db, wang)
    work.complete(db, who("manager"), item.id, work.Completion("unwell", item.seen))
    talk = next(one for one in work.open_for(db, wang) if one.pathway_code == "see_doctor")
    work.complete(db, who("doctor"), talk.id, work.Completion("seen", talk.seen))
    assert left(card) == {"Follow-up calls": 3, "Consultations": 1, "Exam packages": 1}


def test_work_beyond_what_is_left_is_done_all_the_same(db, who, wang, card, agreed, left) -> None:
    for _n in range(5):
        agreed(wang)
        item = next(one for one in work.open_for(db, wang) if one.pathway_code == "agreed")
        work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen))
    assert left(card)["Follow-up calls"] == 0


def test_what_work_serves_is_something_cards_include() -> None:
    assert {pathway.serves for pathway in work.pathways().values()} - {""} <= set(cards.KINDS)
