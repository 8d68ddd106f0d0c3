"""The shipped questionnaires: sound, marked in every language, scored as their sources say, taken over once."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.clinic import questionnaires as q
from app.clinic.records import SECTIONS
from app.core import fhirjson
from app.core.db import Database

LIBRARY = q.library()
CODES = sorted(LIBRARY)
FILES = Path(q.__file__).parent / "library"
CHINESE_ONLY = {"elderly-self-care", "tcm-33", "tcm-60"}
WITHOUT_TEXT = {"audit", "audit-c", "barthel", "stop-bang"}
WAITING = WITHOUT_TEXT | {"who-5", "tcm-60"}


def definition(code: str) -> q.Definition:
    return q.read(LIBRARY[code].fhir)


def given(answers: dict) -> q.Given:
    return {link: [value] for link, value in answers.items()}


def chosen(form: q.Definition, link: str, points: int) -> dict:
    return next(option.value for option in form.by_id[link].options if option.ordinal == points)


def phq9(*points: int) -> q.State:
    form = definition("phq-9")
    return q.evaluate(form, given({str(n): chosen(form, str(n), each) for n, each in enumerate(points, 1)}), {})


@pytest.mark.parametrize("code", CODES)
def test_every_file_is_sound_and_lacks_no_words_it_should_have(code: str) -> None:
    found = q.check(LIBRARY[code].fhir)
    assert not found.errors and not found.unsupported
    assert {one.code for one in found.warnings} <= ({"translation-missing"} if code in CHINESE_ONLY else set())


@pytest.mark.parametrize("code", CODES)
def test_every_file_says_how_free_and_how_sure_it_is(code: str) -> None:
    form = definition(code)
    stands = q.standing(form)
    assert stands.licence in q.LICENCES and form.use in ("patient", "staff", "consultation")
    assert set(stands.texts) == (set() if code in WITHOUT_TEXT else {"zh"} if code in CHINESE_ONLY else {"zh", "en"})
    assert set(stands.texts.values()) <= q.STATUSES.keys()
    assert stands.licence == "own" or (form.copyright and (stands.source or stands.held_back))
    assert not form.scores or stands.scoring == "V"


@pytest.mark.parametrize("code", CODES)
def test_chinese_is_whole_and_what_has_no_english_says_so(code: str) -> None:
    form = definition(code)
    assert "zh" in form.languages and ("en" in form.languages) is (code not in CHINESE_ONLY)
    if code in CHINESE_ONLY:
        first = next(item for item in form.by_id.values() if item.asked)
        assert first.text.said("en")[1] == "zh"


@pytest.mark.parametrize("code", CODES)
def test_the_bands_of_a_score_leave_no_gap_and_name_their_source(code: str) -> None:
    for item in definition(code).scores:
        assert all(band.source and band.status in "VC" and band.meaning.has("zh") and band.meaning.has("en") for band in item.bands)
        edges = sorted((band.low, band.high) for band in item.bands if band.low is not None)
        assert all(after[0] == before[1] + 1 for before, after in zip(edges, edges[1:], strict=False))


@pytest.mark.parametrize("code", CODES)
def test_what_goes_to_the_record_goes_to_a_field_it_has(code: str) -> None:
    for item in definition(code).by_id.values():
        if item.record:
            section, _dot, field = item.record.partition(".")
            new = SECTIONS[section].new
            assert field in new.__struct_fields__
            allowed = new.choices.get(field)
            assert not allowed or {option.code for option in item.options} <= allowed.keys()


@pytest.mark.parametrize("code", CODES)
def test_a_file_comes_out_as_it_went_in(code: str) -> None:
    text = LIBRARY[code].fhir
    assert fhirjson.dumps(fhirjson.loads(text)) == fhirjson.dumps(definition(code).raw)
    assert (FILES / f"{code}.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("code", sorted(WITHOUT_TEXT))
def test_protected_words_are_not_in_the_house(code: str) -> None:
    """A number, or an ordinary fact such as age; and the points alone as answers."""
    for item in definition(code).by_id.values():
        if item.asked:
            assert item.text.original.startswith("Question ") or item.link_id in ("age", "bmi")
            assert all("point" in option.text.original for option in item.options)


def test_what_must_be_asked_or_bought_first_waits_until_it_is_switched_on(db: Database) -> None:
    listed = {one.code: one for one in q.everything(db)}
    assert listed.keys() >= LIBRARY.keys()
    assert {code for code in CODES if not listed[code].is_on} == WAITING
    assert not WAITING & {version.code for version in q.current(db)}


def test_opening_again_ships_nothing_twice_and_a_changed_file_is_a_new_version(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    q.seed(db)
    before = q.by_code(db, "phq-2")
    assert before.number == 1
    changed = {"phq-2": q.Shipped("phq-2", LIBRARY["phq-2"].fhir.replace('"version": "1"', '"version": "2"'), "f" * 64)}
    monkeypatch.setattr("app.clinic.questionnaires.shipping.library", lambda: changed)
    q.seed(db)
    q.seed(db)
    assert q.by_code(db, "phq-2").number == 2 and q.version(db, before.id).fhir == LIBRARY["phq-2"].fhir


def test_the_clinics_switch_outlives_a_new_version(db: Database, who, monkeypatch: pytest.MonkeyPatch) -> None:
    who5 = q.by_code(db, "who-5")
    q.switch(db, who("owner"), who5.questionnaire_id, on=True)
    changed = {"who-5": q.Shipped("who-5", LIBRARY["who-5"].fhir.replace('"version": "1"', '"version": "2"'), "e" * 64)}
    monkeypatch.setattr("app.clinic.questionnaires.shipping.library", lambda: changed)
    q.seed(db)
    assert {version.code: version.number for version in q.current(db)}["who-5"] == 2


def test_the_clinics_own_copy_is_left_alone(db: Database, who, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = q.begin(db, who("nurse"), q.by_code(db, "audit-c").fhir)
    kept = q.draft(db, mine)
    changed = {kept.code: q.Shipped(kept.code, LIBRARY["audit-c"].fhir, "d" * 64), "audit-c": q.Shipped("audit-c", LIBRARY["audit-c"].fhir, "c" * 64)}
    monkeypatch.setattr("app.clinic.questionnaires.shipping.library", lambda: changed)
    q.seed(db)
    assert q.draft(db, mine) == kept and not q.versions(db, mine) and q.by_code(db, "audit-c").number == 2


def test_unverified_words_would_wait_too() -> None:
    unsure = LIBRARY["phq-2"].fhir.replace('"urn:yihe:text-status", "valueCode": "C"', '"urn:yihe:text-status", "valueCode": "U"')
    assert LIBRARY["phq-2"].is_on and not q.Shipped("phq-2", unsure, "").is_on


def test_nothing_is_scored_while_an_answer_is_missing() -> None:
    assert phq9(*[3] * 8).scores[0].value is None and phq9(*[3] * 8).missing == ("9",)
    assert phq9(*[3] * 9).scores[0].value == 27 and phq9(*[3] * 9).scores[0].band.code == "severe"


def test_phq9_calls_a_person_for_its_ninth_question_whatever_the_total() -> None:
    alarm = definition("phq-9").by_id["9"].alarm
    assert alarm.above == 0 and alarm.work.owner == "doctor" and alarm.work.days == 0 and alarm.tag
    assert phq9(*[0] * 8, 1).scores[0].band.code == "minimal"


@pytest.mark.parametrize(("sex", "band"), [("male", "negative"), ("female", "positive"), (None, None)])
def test_audit_c_is_judged_by_sex_and_not_without(sex: str | None, band: str | None) -> None:
    form = definition("audit-c")
    answers = given({str(n): chosen(form, str(n), 1) for n in (1, 2, 3)})
    state = q.evaluate(form, answers, {"patient": {"resourceType": "Patient"} | ({"gender": sex} if sex else {})})
    screen = next(one for one in state.scores if one.link_id == "screen")
    assert (screen.band and screen.band.code) == band


def test_constitution_asks_each_sex_its_own_question() -> None:
    form = definition("tcm-60")
    asked = {
        sex: {place.item.text.original for place in q.evaluate(form, {}, {"patient": {"resourceType": "Patient", "gender": sex}}).shown if place.item.asked}
        for sex in ("male", "female")
    }
    assert len(asked["male"]) == len(asked["female"]) == 60
    assert any("限男性" in text for text in asked["male"] - asked["female"]) and any("限女性" in text for text in asked["female"] - asked["male"])


def test_constitution_is_worked_out_from_sixty_answers() -> None:
    """All answers 1, the two good ones 5: balanced, and nothing else."""
    form = definition("tcm-60")
    context = {"patient": {"resourceType": "Patient", "gender": "female"}}
    good = ("您精力充沛吗", "您能适应外界")
    places = [place.item for place in q.evaluate(form, {}, context).shown if place.item.asked]
    answers = given({item.link_id: chosen(form, item.link_id, 5 if item.text.original.startswith(good) else 1) for item in places})
    told = {one.link_id: one.value for one in q.evaluate(form, answers, context).scores}
    assert told["pinghe-type"] == "yes" and told["pinghe"] == 100
    assert {told[f"{kind}-type"] for kind in ("qixu", "yangxu", "yinxu", "tanshi", "shire", "xueyu", "qiyu", "tebing")} == {"no"}


def test_minutes_are_asked_only_of_who_was_active_and_may_be_unknown() -> None:
    form = definition("ipaq-short")
    days = {name: [{"valueInteger": number}] for name, number in (("vig_days", 0), ("mod_days", 3), ("walk_days", 0))}
    state = q.evaluate(form, days, {})
    shown = {place.path for place in state.shown}
    assert "mod_min" in shown and not {"vig_min", "walk_min"} & shown and not state.missing
    assert all(one.value is None for one in state.scores if one.link_id == "category")
    known = q.evaluate(form, days | {"mod_min": [{"valueInteger": 30}]}, {})
    assert {one.link_id: one.value for one in known.scores}["total_met_min"] == Decimal(360)


def test_age_is_offered_from_the_birth_date() -> None:
    context = {"patient": {"resourceType": "Patient", "gender": "male", "birthDate": "1960-11-24"}, "today": "2026-11-23"}
    assert q.evaluate(definition("findrisc"), {}, context).values["age"] == [{"valueInteger": 65}]


def test_an_illness_is_asked_about_only_where_there_is_one() -> None:
    form = definition("health-intake")
    assert "condition" not in {place.path for place in q.evaluate(form, {}, {}).shown}
    told, errors, _typed = q.take(form, {}, {"has-condition": ["yes"], "condition": ["hypertension", "other:痛风"]}, "zh")
    assert not errors and "condition" in q.evaluate(form, told, {}).values and len(told["condition"]) == 2


def test_a_clinic_with_the_other_print_of_the_33_changes_its_own_copy() -> None:
    """Some copies of the form print <8 and <10 where the shipped one says ≤8 and ≤10."""
    shipped = q.library()["tcm-33"]
    copied = q.building.own_copy(fhirjson.loads(shipped.fhir))
    formula = q.building.opened(copied, "pinghe-type")["expression"]
    typed = {"way": "own", "expression": formula.replace("$this <= 8", "$this < 8").replace("$this <= 10", "$this < 10")}
    edited = q.building.edit(copied, "pinghe-type", typed).resource
    asked = {str(n): "1" for n in range(1, 34)} | {"1": "5", "3": "5"}  # 气虚质 is 8, everything else below
    found = []
    for fhir in (copied, edited):
        definition = q.read(fhirjson.dumps(fhir))
        assert q.check(fhirjson.dumps(fhir)).ok
        given, errors, _raw = q.take(definition, {}, {link_id: [value] for link_id, value in asked.items()}, "zh")
        assert not errors
        state = q.evaluate(definition, given, {"patient": {"resourceType": "Patient"}, "today": "2026-11-22"})
        found.append(next(one.value for one in state.scores if one.link_id == "pinghe-type"))
    assert found == ["yes", "basically"]
