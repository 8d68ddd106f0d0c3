"""A list taken over: each person once, nothing overwritten, nothing lost, and taken back as a whole."""

import json
from datetime import date

import pytest
from app.clinic import cards, patients, rosters
from app.clinic.patients import NewPatient
from app.core.errors import Conflict, Invalid, NotFound, Refusal

from tests.rosters.conftest import HEAD, LI, WANG, csv_of
from tests.rosters.people_list import people_list

OUTCOMES = "SELECT line, outcome, patient_id FROM roster_lines WHERE roster_id = :id ORDER BY line"


def outcomes(db, roster) -> list:
    return [outcome for _line, outcome, _id in db.all(tuple, OUTCOMES, id=roster.id)]


def people(db) -> int:
    return db.value("SELECT count(*) FROM patients WHERE withdrawn_event_id IS NULL")


def picture(db) -> dict[str, list]:
    """Who is here, and by what they are known and found."""
    live = "retired_event_id IS NULL"
    return {
        "patients": db.all(tuple, "SELECT id, name, sex, birth_date, birth_about, address, doctor_id, workplace, payment FROM patients WHERE withdrawn_event_id IS NULL ORDER BY id"),
        "phones": db.all(tuple, f"SELECT patient_id, x.number FROM patient_phones x JOIN patients p ON p.id = patient_id WHERE {live} AND withdrawn_event_id IS NULL ORDER BY 1, 2"),
        "numbers": db.all(tuple, f"SELECT patient_id, system, value FROM patient_identifiers WHERE {live} ORDER BY 1, 2"),
        "notes": db.all(tuple, f"SELECT patient_id, text FROM notes WHERE {live}"),
        "keys": db.all(tuple, "SELECT k.place, k.key, k.patient_id FROM patient_keys k JOIN patients p ON p.id = k.patient_id WHERE p.withdrawn_event_id IS NULL ORDER BY 3, 1, 2"),
    }


def test_people_are_registered_and_found_by_their_old_numbers(db, bring, who) -> None:
    roster = bring(csv_of(WANG, LI))
    assert outcomes(db, roster) == ["registered", "registered"] and roster.state == "done"
    [hit] = patients.search(db, "K002", who("desk")).hits
    assert hit.name == "李建国" and patients.document(db, hit.id, "resident_id") == LI[3]
    assert patients.scanned(db, "K0002") is None
    told = [entry.sentence for entry in patients.timeline(db, who("desk"), hit.id) if entry.kind == "roster.taken"]
    assert told == ["Taken over from old: list.csv, line 3"]


def test_the_same_list_again_changes_nothing(db, bring) -> None:
    bring(csv_of(WANG, LI))
    before = picture(db)
    again = bring(csv_of(WANG, LI))
    assert outcomes(db, again) == ["known", "known"] and picture(db) == before


def test_a_line_that_stands_twice_is_one_person(db, bring) -> None:
    roster = bring(csv_of(WANG, WANG, ["王秀英", "", "1948-03-12", "", "13700137000", "K009"]), alike="same")
    assert outcomes(db, roster) == ["registered", "known", "joined"] and people(db) == 1
    assert patients.phones(db, 1) == ["13800138000", "13700137000"]


def test_a_line_again_is_one_person_unless_it_says_but_a_name(db, bring) -> None:
    told, bare = ["王秀英", "女", "1948-03-12", "", "", ""], ["李伟", "男", "", "", "", ""]
    roster = bring(csv_of(told, told, bare, bare))
    assert outcomes(db, roster) == ["registered", "known", "registered", None]


def test_what_is_doubtful_waits_and_is_decided_in_piles(db, bring, who, files) -> None:
    known = patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    roster = bring(csv_of(WANG, LI))
    assert outcomes(db, roster) == [None, "registered"]
    [pile] = rosters.piles(db, roster.id)
    assert (pile.because, pile.here, pile.waiting) == ("name_birth", 1, 1)
    rosters.decide_pile(db, who("nurse"), roster.id, pile.key, "same")
    rosters.begin(db, who("nurse"), roster.id)
    rosters.file(db, files, *rosters.claim(db))
    assert outcomes(db, roster) == ["joined", "registered"] and patients.phones(db, known) == ["13800138000"]


@pytest.mark.parametrize(("decision", "outcome", "n"), [("new", "registered", 2), ("skip", "skipped", 1), ("same", "joined", 1)])
def test_each_decision(db, bring, who, decision, outcome, n) -> None:
    patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    roster = bring(csv_of(WANG), alike=decision)
    assert outcomes(db, roster) == [outcome] and people(db) == n


def test_an_earlier_line_that_waits_holds_those_that_follow_it(db, bring, who, files) -> None:
    patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    roster = bring(csv_of(WANG, WANG))
    assert outcomes(db, roster) == [None, None]
    counts = rosters.counts(db, roster.id)
    assert counts.waiting == 2 and counts.decided == 0
    [waiting] = [pile for pile in rosters.piles(db, roster.id) if pile.waiting]
    rosters.decide_pile(db, who("nurse"), roster.id, waiting.key, "skip")
    rosters.begin(db, who("nurse"), roster.id)
    rosters.file(db, files, *rosters.claim(db))
    assert outcomes(db, roster) == ["skipped", "skipped"] and people(db) == 1


def test_nothing_that_stands_here_is_overwritten(db, bring, who) -> None:
    here = patients.register(db, None, NewPatient(
        "李建国", "male", birth_date=date(1950, 1, 2), identifiers=(("resident_id", LI[3]),), address="旧址", phones=("13700137000",),
    ))
    roster = bring(csv_of([*LI, "新址", "城镇职工医保"], head=[*HEAD, "住址", "医保类型"]))
    one = patients.get(db, here)
    assert outcomes(db, roster) == ["joined"] and one.address == "旧址" and one.payment == "employee"
    assert patients.phones(db, here) == ["13700137000", "13900139000"]
    [line] = rosters.left(db, roster.id)
    assert line.left == [(6, "differs")]


def test_a_number_of_somebody_elses_is_left_with_its_reason(db, bring) -> None:
    bring(csv_of(WANG))
    roster = bring(csv_of(["张三", "男", "1990-01-01", "", "13600136000", "K001"]), alike="new")
    [line] = rosters.left(db, roster.id)
    assert outcomes(db, roster) == ["registered"] and line.left == [(5, "holder")]


def test_doctors_by_name_and_those_nobody_is_called(db, bring, who, files) -> None:
    head = [*HEAD, "责任医生"]
    roster = bring(csv_of([*WANG, "林文清主任"], [*LI, "赵大夫"], head=head))
    assert patients.get(db, 1).doctor_id == who("doctor").id and patients.get(db, 2).doctor_id is None
    assert rosters.left(db, roster.id)[0].left == [(6, "staff")]
    columns = rosters.roster(db, roster.id).all_columns
    assert [(one.written, one.known) for one in rosters.written(db, files, roster, columns)] == [("赵", False), ("林文清", True)]
    id = rosters.upload(db, who("nurse"), files, "b.csv", csv_of([*LI, "赵大夫"], head=head), "old")
    rosters.settle_columns(db, who("nurse"), files, id, [], {("doctor", "赵"): who("doctor").id})
    again = rosters.upload(db, who("nurse"), files, "c.csv", csv_of([*LI, "赵大夫"], head=head), "old")
    assert rosters.written(db, files, rosters.roster(db, again), columns)[0].staff_id == who("doctor").id


def test_what_a_column_means_is_remembered_for_its_source(db, files, who) -> None:
    head = ["姓名", "暗号", "生于"]
    id = rosters.upload(db, who("nurse"), files, "a.csv", csv_of(["王秀英", "X1", "1/2/1948"], head=head), "old")
    with pytest.raises(Invalid) as wrong:
        rosters.settle_columns(db, who("nurse"), files, id, [rosters.Choice(1, "number"), rosters.Choice(2, "birth")], {})
    assert list(wrong.value.errors) == ["order_2"]
    rosters.settle_columns(db, who("nurse"), files, id, [rosters.Choice(1, "number"), rosters.Choice(2, "birth", "dmy")], {})
    for source, meaning in (("", "number"), ("elsewhere", "unknown")):
        again = rosters.upload(db, who("nurse"), files, "b.csv", csv_of(["李四", "X2", "1/2/1950"], head=head), source)
        assert rosters.roster(db, again).all_columns[1].meaning == meaning
    assert rosters.roster(db, again - 1).all_columns[2].order == "dmy" and rosters.roster(db, again - 1).source == "old"


def test_a_list_needs_a_name_or_an_id_number(db, files, who) -> None:
    id = rosters.upload(db, who("nurse"), files, "a.csv", csv_of(["1", "13800138000"], head=["编号", "电话"]))
    with pytest.raises(Invalid):
        rosters.settle_columns(db, who("nurse"), files, id, [], {})
    with pytest.raises(Refusal):
        rosters.upload(db, who("nurse"), files, "a.csv", csv_of())


def test_a_list_is_taken_back_as_if_it_had_never_been(db, bring, take_back, who) -> None:
    patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    before = picture(db)
    roster = bring(csv_of([*WANG, "怕打针", "新址"], [*LI, "", ""], head=[*HEAD, "备注", "住址"]), alike="same")
    assert picture(db) != before and outcomes(db, roster) == ["joined", "registered"]
    take_back(roster.id)
    assert picture(db) == before and outcomes(db, roster) == ["undone", "undone"]
    assert rosters.roster(db, roster.id).state == "undone"
    assert outcomes(db, bring(csv_of(WANG, LI), alike="same")) == ["joined", "registered"]


def test_whom_somebody_has_done_something_with_stays(db, bring, take_back, who) -> None:
    roster = bring(csv_of(WANG, LI))
    cards.open_card(db, who("desk"), 1, cards.types(db)[0].id)
    take_back(roster.id)
    assert patients.get(db, 1) and patients.get(db, 2) is None
    assert rosters.kept(db, roster.id) == [1]


def test_what_was_changed_since_is_not_taken_back(db, bring, take_back, who) -> None:
    patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    roster = bring(csv_of([*WANG, "新址"], head=[*HEAD, "住址"]), alike="same")
    one = patients.get(db, 1)
    new = patients.as_new(db, one)
    from msgspec.structs import replace
    patients.edit(db, who("desk"), 1, one.version, replace(new, address="更新的地址"))
    take_back(roster.id)
    assert patients.get(db, 1).address == "更新的地址" and patients.phones(db, 1) == []


def test_a_run_that_dies_goes_on_where_it_stood(db, files, who, monkeypatch) -> None:
    content = people_list(120, seed=3).xlsx()
    id = rosters.upload(db, who("nurse"), files, "a.xlsx", content, "old")
    rosters.settle_columns(db, who("nurse"), files, id, [], {})

    def dies(done: int, _of: int) -> None:
        raise KeyboardInterrupt

    for verb in (rosters.compare, rosters.file):
        roster, claim = rosters.claim(db)
        with pytest.raises(KeyboardInterrupt):
            verb(db, files, roster, claim, told=dies)
        rosters.release(db, claim)
        stands = rosters.counts(db, id)
        assert 0 < (stands.lines if verb is rosters.compare else stands.registered) < 100
        verb(db, files, *rosters.claim(db))
        if verb is rosters.compare:
            assert rosters.counts(db, id).lines == 120
            rosters.begin(db, who("nurse"), id)
    counts = rosters.counts(db, id)
    assert counts.lines == 120 and counts.decided == 0 and rosters.roster(db, id).state == "done"
    assert counts.registered == db.value("SELECT count(*) FROM patients")


def test_a_claim_that_is_lost_ends_the_run(db, files, who) -> None:
    id = rosters.upload(db, who("nurse"), files, "a.csv", csv_of(WANG), "old")
    rosters.settle_columns(db, who("nurse"), files, id, [], {})
    roster, claim = rosters.claim(db)
    rosters.drop(db, who("nurse"), id)
    rosters.compare(db, files, roster, claim)
    assert rosters.roster(db, id).state == "dropped" and rosters.claim(db) is None
    with pytest.raises(Conflict):
        rosters.begin(db, who("nurse"), id)


def test_a_person_chosen_by_hand_is_the_one(db, bring, who, files) -> None:
    first, second = (patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12))) for _ in range(2))
    roster = bring(csv_of(WANG))
    line = rosters.line_at(db, roster.id, 2)
    assert line.alike_id == first
    rosters.decide(db, who("nurse"), line.id, "same", second)
    rosters.begin(db, who("nurse"), roster.id)
    rosters.file(db, files, *rosters.claim(db))
    assert patients.phones(db, second) and not patients.phones(db, first)
    with pytest.raises(Conflict):
        rosters.decide(db, who("nurse"), line.id, "new")
    with pytest.raises(NotFound):
        rosters.decide(db, who("nurse"), 4711, "new")


def test_cells_left_are_seen_one_by_one_or_all_of_a_kind(db, bring, who) -> None:
    lines = [[f"人{n}", "？", "三月", "", "1", f"K{n}"] for n in "甲乙丙"]
    roster = bring(csv_of(*lines))
    assert dict(rosters.cell_piles(db, roster.id)) == {"sex": 3, "birth": 3, "phone": 3}
    rosters.settle(db, who("nurse"), rosters.left(db, roster.id)[0].id)
    rosters.settle_cells(db, who("nurse"), roster.id, "sex")
    assert dict(rosters.cell_piles(db, roster.id)) == {"birth": 2, "phone": 2}
    assert all(json.loads(cells)[1] == "？" for cells in db.all(str, "SELECT cells FROM roster_lines"))


def test_two_thousand_people_with_duplicates(db, bring, take_back) -> None:
    made = people_list(600)
    roster = bring(made.xlsx(), name="老会员.xlsx")
    counts = rosters.counts(db, roster.id)
    hard = sum(one.hard for one in made.people)
    assert counts.registered == made.distinct and counts.waiting == hard and counts.unreadable == 0
    by_line = {line: id for line, _outcome, id in db.all(tuple, OUTCOMES, id=roster.id)}
    for one in made.people:
        if one.twin is not None and not one.hard:
            assert by_line[one.serial + 3] == by_line[one.twin + 3]
    assert all(pile.score >= rosters.LIKELY for pile in rosters.piles(db, roster.id))
    take_back(roster.id)
    assert people(db) == 0


def test_who_asked_that_their_data_not_be_used_waits_and_holds_up_nobody(db, bring, who) -> None:
    wang = patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12), phones=("13800138000",)))
    patients.restrict(db, who("owner"), wang, patients.NewRestriction("asked"))
    roster = bring(csv_of(WANG, LI), alike="same")
    assert outcomes(db, roster) == [None, "registered"] and roster.state == "done"
    assert db.all(str, "SELECT reason FROM roster_lines WHERE outcome IS NULL") == ["restricted"]
    assert patients.phones(db, wang) == ["13800138000"]


def test_a_list_is_taken_back_around_who_asked_meanwhile(db, bring, who, take_back) -> None:
    known = patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    roster = bring(csv_of(WANG, LI), alike="same")
    patients.restrict(db, who("owner"), known, patients.NewRestriction("asked"))
    take_back(roster.id)
    assert outcomes(db, roster) == ["joined", "undone"] and patients.phones(db, known) == ["13800138000"]
