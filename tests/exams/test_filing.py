"""Every value that arrives ends filed, known, in the tray or refused; nobody gets somebody else's."""

import itertools
from datetime import date

import pytest
from app.clinic import exams, observations, patients
from app.core.errors import Refusal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exams.conftest import HEAD, LINES, VALUES, adds_up, csv_of, filed_values, xlsx_of


def counts(batch: exams.Batch) -> tuple[int, ...]:
    return batch.received, batch.filed, batch.duplicate, batch.tray, batch.refused


def everybody(db) -> list[patients.Patient]:
    return list(patients.get_many(db, list(range(1, 50))).values())


def test_nameless_people_are_registered_by_the_senders_numbers(db, bring) -> None:
    batch = bring(csv_of(*LINES), create_patients=True)
    assert counts(batch) == (VALUES, VALUES, 0, 0, 0) and (batch.created, batch.matched) == (4, 0)
    first, _second, third, child = everybody(db)
    assert (first.name, first.name_is_number, first.sex, first.birth_date, first.birth_about) == ("Y-000001", 1, "male", "1976-07-01", 1)
    assert third.sex == "unknown"
    values = {r.code: r.now for r in observations.latest(db, first.id)}
    assert (values["HCT"].value, values["HCT"].reported_value, values["HCT"].reported_unit) == (47.9, "0.479", "L/L")
    assert values["GLU"].taken_at == "2017-10-12" and "FPG" not in values
    assert all(r.level is None for r in observations.latest(db, child.id))


@pytest.mark.parametrize("content", [
    csv_of(*LINES, encoding="gb18030"), xlsx_of(HEAD, *LINES), csv_of(*LINES, delimiter=";"), csv_of(*reversed(LINES)),
])  # fmt: skip
def test_the_same_results_again_are_known_however_they_are_packed(bring, content) -> None:
    bring(csv_of(*LINES), create_patients=True)
    again = bring(content, create_patients=True)
    assert counts(again) == (VALUES, 0, VALUES, 0, 0) and (again.created, again.matched) == (0, 4)


def test_a_corrected_value_sent_again_is_known(db, bring, who) -> None:
    bring(csv_of(*LINES), create_patients=True)
    person = patients.get(db, 1)
    glucose = next(r.now for r in observations.latest(db, 1) if r.code == "GLU")
    observations.correct(db, who("doctor"), person, glucose.id, observations.NewValue("FPG", glucose.value), "fasting")
    assert bring(csv_of(*LINES)).duplicate == VALUES


def test_without_leave_to_register_unknown_people_wait_in_the_tray(db, bring) -> None:
    batch = bring(csv_of(*LINES))
    assert counts(batch) == (VALUES, 0, 0, VALUES, 0) and batch.why == {"unknown_person": VALUES} and not everybody(db)
    assert bring(csv_of(*LINES)).duplicate == VALUES, "the same lines do not wait twice"


def test_slips_leave_the_tray_when_their_lines_come_again_with_known_people(db, bring) -> None:
    first = bring(csv_of(*LINES))
    bring(csv_of(*LINES), create_patients=True)
    first = exams.batch(db, first.id)
    assert counts(first) == (VALUES, 0, VALUES, 0, 0)
    adds_up(db, first)


def test_another_senders_numbers_are_other_people(bring) -> None:
    bring(csv_of(*LINES), create_patients=True)
    assert bring(csv_of(*LINES), sender="elsewhere").why == {"unknown_person": VALUES}


def test_the_same_lines_of_another_sender_are_other_slips(db, bring) -> None:
    first = bring(csv_of(*LINES))
    assert bring(csv_of(*LINES), sender="elsewhere").tray == VALUES
    bring(csv_of(*LINES), sender="elsewhere", create_patients=True)
    assert exams.batch(db, first.id).tray == VALUES


def test_the_sender_is_known_by_the_headings_where_nobody_says_it(bring) -> None:
    bring(csv_of(*LINES), create_patients=True)
    assert bring(csv_of(*LINES), name="again.csv", sender="").sender == "centre"
    assert bring(csv_of(["9", "5"], head=["id", "血糖"])[:0] + csv_of(["9", "12/13/2017", "5"], head=["id", "体检日期", "血糖"]),
                 name="other.csv", sender="").sender == "other"


@pytest.mark.parametrize(("line", "reason"), [
    (["1", "女", "41", "13/11/2017", "5", "", "", ""], "contradicts"),  # a man has this number
    (["1", "男", "25", "13/11/2017", "5", "", "", ""], "contradicts"),
    (["", "男", "41", "13/11/2017", "5", "", "", ""], "no_identifier"),
    (["1", "男", "41", "", "5", "", "", ""], "no_date"), (["1", "男", "41", "31/02/2017", "5", "", "", ""], "no_date"),
    (["1", "男", "41", "13/11/2117", "5", "", "", ""], "impossible_date"),
    (["1", "男", "41", "13/11/2017", "500", "", "", ""], "implausible"),
    (["1", "男", "41", "13/11/2017", "溶血", "", "", ""], "words"),
    (["1", "男", "41", "12/10/2017", "4.99", "", "", ""], "differs"),
])  # fmt: skip
def test_what_cannot_be_filed_waits_with_its_reason(db, bring, line, reason) -> None:
    bring(csv_of(*LINES), create_patients=True)
    batch = bring(csv_of(line, ["2", "女", "48", "13/11/2017", "5", "", "", ""]), create_patients=True)
    assert counts(batch) == (2, 1, 0, 1, 0) and batch.why == {reason: 1}
    (slip,) = exams.waiting(db, batch.id)
    assert slip.raw and len(everybody(db)) == 4


NAMED = ["身份证号", "卡号", "姓名", "性别", "出生日期", "体检日期", "血糖"]
DOCUMENT, BIRTH = "11010519491231002X", "1949-12-31"


def test_documents_and_cards_find_people_and_names_never_do(db, bring) -> None:
    known = patients.register(db, None, patients.NewPatient(
        "王秀英", "female", date(1949, 12, 31), identifiers=((patients.RESIDENT_ID, DOCUMENT),)))
    day = "2026-11-20"
    batch = bring(csv_of(
        [DOCUMENT, "", "王秀英", "女", BIRTH, day, "5.1"],
        ["", "Y-000001", "王秀英", "女", BIRTH, day, "5.2"],  # the same indicator and day, another value
        ["", "", "王秀英", "女", BIRTH, day, "5.3"], ["110105194912310021", "", "王秀英", "女", BIRTH, day, "5.4"],
        [DOCUMENT, "", "李明", "女", BIRTH, day, "5.5"], ["", "999", "赵强", "男", "1950-01-01", day, "5.6"], head=NAMED,
    ), create_patients=True)  # fmt: skip
    assert batch.why == {"differs": 1, "no_identifier": 1, "bad_document": 1, "contradicts": 1, "unknown_person": 1}
    assert filed_values(db) == 1 and [p.id for p in everybody(db)] == [known]


def test_somebody_with_the_same_name_and_birth_date_is_not_registered_twice(db, bring) -> None:
    patients.register(db, None, patients.NewPatient("王秀英", "female", date(1949, 12, 31)))
    batch = bring(csv_of([DOCUMENT, "", "王秀英", "女", BIRTH, "2026-11-20", "5.1"], head=NAMED), create_patients=True)
    assert batch.why == {"looks_like": 1} and len(everybody(db)) == 1


def test_results_in_words_and_beyond_a_limit_are_values(db, bring) -> None:
    head = ["id", "体检日期", "尿蛋白", "C反应蛋白", "乙肝表面抗原", "总胆固醇"]
    batch = bring(csv_of(["1", "2026-11-20", "阴性（－）", "＜0.5", "0.01", "未检"], head=head), create_patients=True)
    assert counts(batch) == (3, 3, 0, 0, 0)
    values = {r.code: r.now for r in observations.latest(db, 1)}
    assert (values["CRP"].comparator, values["CRP"].value) == ("<", 0.5) and values["U_PRO"].level is None
    assert values["HBSAG"].value == 0.01


def test_an_undecided_day_order_is_asked_and_never_guessed(db, bring) -> None:
    content = csv_of(["1", "05/06/2017", "5.1"], head=["id", "体检日期", "血糖"])
    with pytest.raises(Refusal, match="dmy"):
        bring(content)
    bring(content, create_patients=True, day_order="mdy")
    assert observations.latest(db, 1)[0].taken_at == "2017-05-06"
    assert bring(content).duplicate == 1, "the answer is remembered for this sender"


def test_a_dry_run_counts_everything_and_changes_nothing(db, files) -> None:
    _batch, rehearsal = exams.import_file(
        db, None, files, "c.csv", csv_of(*LINES), sender="centre", create_patients=True, dry_run=True)
    assert (rehearsal.filed, rehearsal.patients_created, rehearsal.work) == (VALUES, 4, 0)
    assert rehearsal.findings and rehearsal.tags and rehearsal.recall
    assert not everybody(db) and not filed_values(db) and not list(db.path.parent.glob("rehearsal-*"))
    batch, _ = exams.import_file(db, None, files, "c.csv", csv_of(*LINES), sender="centre", create_patients=True)
    assert batch.filed == rehearsal.filed
    assert exams.findings_of(db, batch.id)[0] == rehearsal.findings
    assert db.value("SELECT count(*) FROM tags WHERE removed_event_id IS NULL") == rehearsal.tags


def test_old_results_make_one_recall_list_and_dated_work_only_where_chosen(db, bring) -> None:
    bring(csv_of(*LINES), create_patients=True)
    assert db.one(tuple, "SELECT count(*), count(due_on), count(DISTINCT list_id) FROM work_items")[1:] == (0, 1)
    bring(csv_of(*LINES), sender="other", create_patients=True, work_from=date(2017, 1, 1))
    assert db.value("SELECT count(due_on) FROM work_items") > 0


CELL = st.sampled_from(["", "5.1", "9.9", "0", "<2", "阴性", "溶血", "=A1", "1e400", "9" * 30, "<script>", "/", "５．２"])
LINE = st.tuples(
    st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["男", "女", "??", ""]), st.sampled_from(["", "41", "x"]),
    st.sampled_from(["2017-10-12", "2017-10-13", "", "x", "2999-01-01"]), CELL, CELL, CELL, CELL,
).map(list)  # fmt: skip
BATCH_NUMBERS = itertools.count()


@given(lines=st.lists(LINE, min_size=1, max_size=12).filter(lambda lines: any(any(line) for line in lines)), create=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_arrives_adds_up_and_the_same_again_is_nothing_new(db, bring, lines, create) -> None:
    sender, head = f"s{next(BATCH_NUMBERS)}", [*HEAD[:7], "没见过的列"]
    first = bring(csv_of(*lines, head=head), sender=sender, create_patients=create)
    assert filed_values(db, first.id) == first.filed
    again = bring(csv_of(*lines, head=head), sender=sender, create_patients=create)
    assert again.received == first.received
    assert (again.filed, again.tray) == (0, 0)


def test_results_of_somebody_whose_data_may_not_be_used_wait_in_the_tray(db, bring, who) -> None:
    head, line = ["身份证号", "体检日期", "总胆固醇"], ["110105194803120024", "26/10/2017", "4.43"]
    desk = who("desk")
    id = patients.register(db, desk, patients.NewPatient("王秀英", "female", identifiers=(("resident_id", line[0]),)))
    patients.restrict(db, who("owner"), id, patients.NewRestriction("asked in writing"))
    batch = bring(csv_of(line, head=head))
    assert counts(batch) == (1, 0, 0, 1, 0) and batch.why == {"restricted": 1}
    assert filed_values(db) == 0
