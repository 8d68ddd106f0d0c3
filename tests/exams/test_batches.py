"""The browser's way: settle the columns, rehearse, file in chunks, stop, crash, go on, take back."""

from collections.abc import Callable

import pytest
from app.clinic import exams, observations, patients
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound

from tests.exams.conftest import HEAD, LINES, VALUES, adds_up, csv_of, filed_values

MANY = [[str(n), "女", "50", "13/10/2017", "7.2", "1.1", "0.4", "5.5"] for n in range(1, 41)]


@pytest.fixture
def uploaded(db, files, who) -> Callable[..., exams.Batch]:
    def upload(content: bytes, sender: str = "centre") -> exams.Batch:
        return exams.batch(db, exams.upload(db, who("nurse"), files, "c.csv", content, sender))

    return upload


@pytest.fixture
def sweep(db, files) -> Callable[..., bool]:
    """Do what one batch waits for, as the task does. told may raise, as a power cut would."""

    def once(told=None) -> bool:
        claimed = exams.claim(db)
        if claimed is None:
            return False
        batch, claim = claimed
        if batch.state == "rehearsing":
            exams.rehearse(db, files, batch, claim, told)
        elif batch.state == "filing":
            exams.file(db, files, batch, claim, told=told)
        elif batch.state == "retrying":
            exams.retry(db, batch, claim, told=told)
        else:
            exams.take_back(db, batch, claim, told=told)
        return True

    return once


def facts(db) -> tuple:
    """Everything that is in force for people, without ids."""
    return tuple(db.value(f"SELECT count(*) FROM {table} WHERE {live}") for table, live in (
        ("patients", "withdrawn_event_id IS NULL"), ("observations", "retired_event_id IS NULL"),
        ("findings", "ended_event_id IS NULL"), ("work_items", "closed_event_id IS NULL"),
        ("diagnostic_reports", "withdrawn_event_id IS NULL"), ("patient_identifiers", "retired_event_id IS NULL"),
    ))


def test_from_upload_to_filed(db, files, who, uploaded, sweep) -> None:
    batch = uploaded(csv_of(*LINES))
    assert batch.state == "read" and not sweep()
    exams.settle_columns(db, who("nurse"), files, batch.id, [], create_patients=True)
    assert sweep() and exams.batch(db, batch.id).state == "ready"
    expected = exams.batch(db, batch.id).expected
    assert (expected.filed, expected.patients_created, filed_values(db)) == (VALUES, 4, 0)
    exams.begin(db, who("nurse"), batch.id)
    assert sweep() and not sweep()
    batch = exams.batch(db, batch.id)
    assert (batch.state, batch.filed, batch.created) == ("done", expected.filed, 4)
    adds_up(db, batch)


def test_columns_settled_by_a_person_are_remembered_for_the_sender(db, files, who, uploaded) -> None:
    content = csv_of(["1", "05/06/2017", "100", "x"], head=["id", "体检日期", "血糖", "神秘"])
    batch = uploaded(content)
    with pytest.raises(Invalid) as wrong:
        exams.settle_columns(db, who("nurse"), files, batch.id, [], create_patients=True)
    assert "order_1" in wrong.value.errors
    exams.settle_columns(db, who("nurse"), files, batch.id, [
        exams.Choice(1, "date", order="dmy"), exams.Choice(2, "=FPG", unit="mg/dL"), exams.Choice(3, "left_out"),
    ], create_patients=True)  # fmt: skip
    again = uploaded(content)
    assert [(c.meaning, c.code, c.unit, c.order) for c in again.all_columns] == [
        ("id", None, None, None), ("date", None, None, "dmy"), ("value", "FPG", "mg/dL", None), ("left_out", None, None, None)]
    assert uploaded(content, "elsewhere").all_columns[3].meaning == "unknown"


@pytest.mark.parametrize("choice", [
    exams.Choice(4, "=NOSUCH"), exams.Choice(4, "rubbish"), exams.Choice(4, "=TC", unit="stone"), exams.Choice(4, "=TG"), exams.Choice(3, "unknown"),
])  # fmt: skip
def test_columns_that_make_no_sense_are_refused(db, files, who, uploaded, choice) -> None:
    with pytest.raises(Invalid):
        exams.settle_columns(db, who("nurse"), files, uploaded(csv_of(*LINES)).id, [choice], create_patients=True)


def start(db, files, who, uploaded, sweep, lines=MANY) -> exams.Batch:
    batch = uploaded(csv_of(*lines))
    exams.settle_columns(db, who("nurse"), files, batch.id, [], create_patients=True)
    sweep()
    exams.begin(db, who("nurse"), batch.id)
    return exams.batch(db, batch.id)


class PowerCut(Exception):
    pass


def cut_after(chunks: int) -> Callable[[int, int], None]:
    seen = []

    def told(done: int, _of: int) -> None:
        seen.append(done)
        if len(seen) == chunks:
            raise PowerCut

    return told


@pytest.mark.parametrize("chunks", [1, 2])
def test_a_crash_between_chunks_loses_and_doubles_nothing(db, files, who, uploaded, sweep, chunks) -> None:
    batch = start(db, files, who, uploaded, sweep)
    with pytest.raises(PowerCut):
        sweep(cut_after(chunks))
    stands = exams.batch(db, batch.id)
    assert stands.state == "filing" and 0 < stands.next_line < 40
    adds_up(db, stands)
    assert not sweep(), "the claim is held until its lease is over"
    with clock.stop(clock.now().replace(hour=3)):
        assert sweep()
    done = exams.batch(db, batch.id)
    assert (done.state, done.next_line, done.filed, done.created) == ("done", 40, 160, 40)
    assert filed_values(db) == 160
    adds_up(db, done)


def test_stopping_keeps_what_is_filed_and_can_go_on(db, files, who, uploaded, sweep) -> None:
    batch = start(db, files, who, uploaded, sweep)
    stop = lambda done, of: exams.batch(db, batch.id).state == "filing" and exams.stop(db, who("nurse"), batch.id)  # noqa: E731
    assert sweep(stop)
    stopped = exams.batch(db, batch.id)
    assert stopped.state == "stopped" and 0 < stopped.filed < 160
    adds_up(db, stopped)
    exams.begin(db, who("nurse"), batch.id)
    assert sweep() and exams.batch(db, batch.id).filed == 160


def test_taking_back_leaves_the_clinic_as_it_was(db, files, who, uploaded, sweep) -> None:
    before = facts(db)
    batch = start(db, files, who, uploaded, sweep, [*LINES, ["9", "男", "41", "", "5", "", "", ""]])
    sweep()
    assert facts(db) != before and exams.batch(db, batch.id).tray == 1
    exams.undo(db, who("doctor"), batch.id)
    assert sweep() and exams.batch(db, batch.id).state == "undone"
    assert facts(db) == before and not exams.waiting(db, batch.id)
    again = start(db, files, who, uploaded, sweep, LINES)
    assert sweep() and exams.batch(db, again.id).filed == VALUES, "what was taken back can be brought in again"


def test_taking_back_survives_a_crash(db, files, who, uploaded, sweep) -> None:
    before = facts(db)
    batch = start(db, files, who, uploaded, sweep)
    sweep()
    exams.undo(db, who("doctor"), batch.id)
    with pytest.raises(PowerCut):
        sweep(cut_after(2))
    with clock.stop(clock.now().replace(hour=3)):
        assert sweep()
    assert facts(db) == before


def test_people_somebody_has_touched_stay_when_their_file_is_taken_back(db, files, who, uploaded, sweep) -> None:
    batch = start(db, files, who, uploaded, sweep, LINES)
    sweep()
    observations.record(db, who("nurse"), patients.get(db, 2), "2026-11-23T09:00", [observations.NewValue("SBP", 130)])
    exams.undo(db, who("doctor"), batch.id)
    sweep()
    assert patients.get(db, 1) is None and [r.code for r in observations.latest(db, 2)] == ["SBP"]


def test_states_are_moved_once(db, files, who, uploaded, sweep) -> None:
    batch = uploaded(csv_of(*LINES))
    for verb in (exams.begin, exams.stop, exams.undo):
        with pytest.raises(Conflict):
            verb(db, who("nurse"), batch.id)
    exams.drop(db, who("nurse"), batch.id)
    with pytest.raises(Conflict):
        exams.drop(db, who("nurse"), batch.id)
    with pytest.raises(NotFound):
        exams.begin(db, who("nurse"), 999)


# ── the tray ──

@pytest.fixture
def trayed(db, files, bring) -> exams.Batch:
    return bring(csv_of(*LINES))


def test_a_slip_given_to_a_person_is_filed_and_the_number_learnt(db, who, bring, trayed) -> None:
    person = patients.register(db, None, patients.NewPatient("何大海", "male"))
    slip = exams.waiting(db, trayed.id)[0]
    exams.give(db, who("nurse"), slip.id, person)
    batch = exams.batch(db, trayed.id)
    assert (batch.filed, batch.tray) == (4, VALUES - 4)
    adds_up(db, batch)
    with pytest.raises(NotFound):
        exams.give(db, who("nurse"), slip.id, person)
    later = bring(csv_of(["1", "男", "42", "13/10/2018", "5.0", "", "", ""]))
    assert later.filed == 1 and filed_values(db) == 5


def test_a_slip_becomes_a_new_person(db, who, trayed) -> None:
    person = exams.create(db, who("nurse"), exams.waiting(db, trayed.id)[1].id)
    assert patients.get(db, person).sex == "female" and len(observations.latest(db, person)) >= 4
    adds_up(db, trayed)


def test_a_number_given_out_twice_can_become_two_people(db, who, bring) -> None:
    bring(csv_of(*LINES), create_patients=True)
    batch = bring(csv_of(["1", "女", "41", "13/11/2017", "5", "", "", ""]))
    other = exams.create(db, who("nurse"), exams.waiting(db, batch.id)[0].id)
    assert other == 5 and observations.latest(db, 5)[0].code == "TC"
    adds_up(db, batch)


def test_putting_away_needs_a_reason_and_counts_as_refused(db, who, trayed) -> None:
    slip = exams.waiting(db, trayed.id)[0]
    with pytest.raises(Invalid):
        exams.dismiss(db, who("nurse"), slip.id, " ")
    exams.dismiss(db, who("nurse"), slip.id, "not ours")
    assert exams.batch(db, trayed.id).refused == 4
    exams.dismiss_pile(db, who("nurse"), trayed.id, "unknown_person", None, "none of ours")
    batch = exams.batch(db, trayed.id)
    assert (batch.tray, batch.refused, batch.why) == (0, VALUES, {"dismissed": VALUES})
    adds_up(db, batch)


def test_registering_all_files_what_waited(db, who, trayed, sweep) -> None:
    exams.create_all(db, who("nurse"), trayed.id)
    assert sweep()
    batch = exams.batch(db, trayed.id)
    assert (batch.state, batch.filed, batch.tray, batch.created) == ("done", VALUES, 0, 4)
    adds_up(db, batch)


def test_an_unknown_column_waits_and_is_filed_once_somebody_says_what_it_is(db, files, who, bring, sweep) -> None:
    head = [*HEAD, "血里的糖化"]
    batch = bring(csv_of(*[[*line, cell] for line, cell in zip(LINES, ["5.6", "未做", "", "6.1"], strict=True)], head=head), create_patients=True)
    assert (batch.filed, batch.why) == (VALUES, {"unknown_column": 3})
    (pile,) = exams.piles(db)
    assert (pile.place, pile.slips, pile.column.header) == (8, 3, "血里的糖化")
    exams.map_column(db, who("nurse"), files, batch.id, exams.Choice(8, "=HBA1C"))
    assert sweep()
    batch = exams.batch(db, batch.id)
    assert (batch.filed, batch.tray, batch.refused) == (VALUES + 2, 0, 1), "what was not done is no result"
    adds_up(db, batch)
    assert bring(csv_of([*LINES[0], "5.6"], head=head)).duplicate == 5, "the column is remembered"


def test_a_differing_value_is_filed_when_a_person_says_so(db, who, bring) -> None:
    bring(csv_of(*LINES), create_patients=True)
    batch = bring(csv_of(["1", "男", "41", "12/10/2017", "4.99", "", "", ""]))
    exams.give(db, who("doctor"), exams.waiting(db, batch.id)[0].id, 1)
    assert exams.batch(db, batch.id).filed == 1
    adds_up(db, batch)


@pytest.mark.parametrize("cells", [["1", "男", "41", "", "5", "", "", ""], ["1", "男", "41", "13/11/2017", "500", "", "", ""]])
def test_what_cannot_be_filed_by_anybody_says_so(db, who, bring, cells) -> None:
    bring(csv_of(*LINES), create_patients=True)
    batch = bring(csv_of(cells, ["2", "女", "48", "13/11/2017", "5", "", "", ""]))
    with pytest.raises(Conflict):
        exams.give(db, who("doctor"), exams.waiting(db, batch.id)[0].id, 1)
    assert exams.batch(db, batch.id).tray == 1
    adds_up(db, batch)
