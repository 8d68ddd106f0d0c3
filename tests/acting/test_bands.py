"""Bands and alarms become rules and pathways, follow the version in force, and say why."""

import json

import pytest

from app.clinic import questionnaires, responses, tags, work
from app.core import clock, words
from app.core.errors import Refusal
from tests.acting.conftest import RARE, TOLERABLE, band, phq, tiredness, wanted

OFTEN = "q.tired.total.often"
ALARM = "alarm.phq-9.9"


def test_a_band_is_a_rule_that_says_what_it_rests_on(db, tired) -> None:
    rule = tags.rule(db, OFTEN)
    assert (rule.name_zh, rule.name_en, rule.level, rule.is_on, rule.status) == ("疲倦：常常疲倦", "Tiredness: Often tired", "amber", 1, "P")
    assert rule.sentence == "latest Tiredness: Total from 2 to 4" and not rule.own
    assert tags.rule(db, "q.tired.total.rare") is None


def test_a_score_in_the_band_sets_the_tag_with_evidence_and_work(db, tired, wang, reply, codes, to_do) -> None:
    id = reply(wang, tired, a="often", b="some")
    (tag,) = [tag for tag in tags.current(db, wang.id) if tag.code == OFTEN]
    assert json.loads(tag.evidence)["because"][0]["responses"] == [id]
    assert ("Value", "2026-11-23 Tiredness: Total 3 (Often tired)") in tags.why(tag)
    (item,) = to_do(wang.id)
    assert (item.pathway_code, item.due_on, item.title) == (OFTEN, "2026-11-30", "Ask about sleep")


def test_below_the_band_nothing_happens(tired, wang, reply, codes, to_do) -> None:
    reply(wang, tired, a="some", b="never")
    assert not codes(wang.id) & {OFTEN} and to_do(wang.id) == []


def test_a_correction_takes_tag_and_work_back_in_the_same_breath(db, who, tired, wang, reply, codes, to_do) -> None:
    id = reply(wang, tired, a="often", b="some")
    again = responses.correct(db, who("nurse"), wang.id, id, "点错了")
    responses.answer(db, again, 0, {"a": ["never"]}, "en")
    responses.complete(db, who("nurse"), again)
    assert OFTEN not in codes(wang.id) and to_do(wang.id) == []


def test_answers_taken_out_and_put_back(db, who, tired, wang, reply, codes) -> None:
    id = reply(wang, tired, a="often", b="some")
    responses.withdraw(db, who("nurse"), wang.id, id, "记错了人")
    assert OFTEN not in codes(wang.id)
    responses.put_back(db, who("nurse"), wang.id, id)
    assert OFTEN in codes(wang.id)


def test_old_paper_goes_to_the_recall_list(db, tired, wang, reply, codes, to_do) -> None:
    reply(wang, tired, at="2025-01-05T09:00", a="often", b="often")
    assert OFTEN in codes(wang.id) and [item.due_on for item in to_do(wang.id)] == [None]


def test_an_unverified_band_is_off_until_somebody_switches_it_on(db, who, publish, wang, reply, codes) -> None:
    version = publish(tiredness(band("often", "常常疲倦", "Often tired", 2, 4, status="U")))
    reply(wang, version, a="often", b="often")
    assert tags.rule(db, OFTEN).is_on == 0 and OFTEN not in codes(wang.id)
    tags.switch(db, who("doctor"), OFTEN, True)
    assert OFTEN in codes(wang.id)


def test_the_next_version_moves_the_limit_and_keeps_the_switch(db, who, publish, tired) -> None:
    tags.switch(db, who("doctor"), OFTEN, False)
    publish(tiredness(band("often", "常常疲倦", "Often tired", 3, 4, level="red")), tired.questionnaire_id)
    rule = tags.rule(db, OFTEN)
    assert (rule.version, rule.level, rule.is_on, rule.sentence) == (2, "red", 0, "latest Tiredness: Total from 3 to 4")


def test_a_version_without_the_band_takes_its_tag_and_pathway_back_and_another_brings_them_again(db, publish, tired, wang, reply, codes) -> None:
    reply(wang, tired, a="often", b="some")
    publish(tiredness(RARE), tired.questionnaire_id)
    tags.reevaluate(db)
    assert OFTEN not in codes(wang.id) and work.pathways()[OFTEN].retired
    assert [item.title for item in work.closed_for(db, wang.id)] == ["Ask about sleep"]
    publish(tiredness(TOLERABLE), tired.questionnaire_id)
    tags.reevaluate(db)
    assert OFTEN in codes(wang.id) and not work.pathways()[OFTEN].retired and work.pathways()[OFTEN].version == 2


def test_a_version_that_changes_nothing_of_it_makes_no_new_rule(db, publish, tired) -> None:
    publish(tiredness(TOLERABLE, RARE, copyright="CC0"), tired.questionnaire_id)
    assert tags.rule(db, OFTEN).version == 1 and work.pathways()[OFTEN].version == 1


@pytest.mark.parametrize("days", [0, 3, 30])
def test_the_interval_is_the_clinics_own(db, who, publish, days) -> None:
    publish(tiredness(band("often", "常常", "Often", 2, 4, work=wanted("100% 要问", "Ask", "role:nurse", days))))
    pathway = work.pathways()[OFTEN]
    assert (pathway.due_days, pathway.early_days, pathway.owner, pathway.adjustable) == (days, min(7, days), "role:nurse", days > 0)
    with words.speaking("zh"):
        assert pathway.name == "100％ 要问"


def test_an_owner_nobody_knows_is_the_manager(publish) -> None:
    publish(tiredness(band("often", "常常", "Often", 2, 4, work=wanted("问", "Ask", "role:wizard"))))
    assert work.pathways()[OFTEN].owner == "manager"


def test_odd_link_ids_still_make_an_address(db, publish) -> None:
    publish(tiredness(band("a/b c", "常常", "Often", 2, 4)))
    (rule,) = [rule for rule in tags.rules(db) if rule.code.startswith("q.tired.")]
    assert rule.code.removeprefix("q.tired.").isalnum() and len(rule.code) <= 60


def test_the_clinics_file_brings_the_pathways_back_after_a_restart(db, tired) -> None:
    work.pathways.cache_clear()
    work.learn(db)
    assert work.pathways()[OFTEN].due_days == 7


# ── item 9 of the PHQ-9 ──

def test_the_ninth_question_calls_a_person_today_whatever_the_total(db, phq9, wang, reply, codes, to_do) -> None:
    reply(wang, phq9, **phq(ninth=1))
    (tag,) = tags.current(db, wang.id)
    assert (tag.code, tag.level) == (ALARM, "red")
    (item,) = to_do(wang.id)
    assert (item.pathway_code, item.due_on) == (ALARM, clock.today().isoformat()) and item.pathway.alarm


def test_a_total_of_24_without_the_ninth_calls_nobody(phq9, wang, reply, codes) -> None:
    reply(wang, phq9, **phq(ninth=0, others=3))
    assert codes(wang.id) == {"q.phq-9.score.severe"}


def test_a_better_answer_does_not_call_the_person_off(phq9, wang, reply, codes, to_do) -> None:
    reply(wang, phq9, at="2026-11-22T09:00", **phq(ninth=2))
    reply(wang, phq9, **phq(ninth=0))
    assert ALARM not in codes(wang.id) and [item.pathway_code for item in to_do(wang.id)] == [ALARM]


def test_the_same_day_again_asks_again(db, who, phq9, wang, reply, to_do) -> None:
    reply(wang, phq9, at="2026-11-23T08:00", **phq(ninth=1))
    (item,) = to_do(wang.id)
    work.complete(db, who("doctor"), item.id, work.Completion("reached", note="谈了半小时", seen=item.seen))
    assert to_do(wang.id) == []
    reply(wang, phq9, at="2026-11-23T09:00", **phq(ninth=3))
    assert [item.pathway_code for item in to_do(wang.id)] == [ALARM]


def test_answers_of_somebody_else_take_the_call_along(db, who, phq9, wang, reply, to_do) -> None:
    id = reply(wang, phq9, **phq(ninth=1))
    responses.withdraw(db, who("nurse"), wang.id, id, "另一个人的")
    assert to_do(wang.id) == []
    responses.put_back(db, who("nurse"), wang.id, id)
    assert [item.pathway_code for item in to_do(wang.id)] == [ALARM]


def test_nobody_keeps_the_alarm_from_a_person(db, who, phq9, wang, reply) -> None:
    reply(wang, phq9, **phq(ninth=1))
    (tag,) = tags.current(db, wang.id)
    with pytest.raises(Refusal):
        tags.take_off(db, who("doctor"), wang.id, tag.id, "看着不舒服")
    assert tags.current(db, wang.id)


def test_a_copy_of_the_clinics_own_calls_too(db, who, phq9, wang, reply, codes) -> None:
    own = questionnaires.begin(db, who("nurse"), phq9.fhir)
    version = questionnaires.version(db, questionnaires.publish(db, who("nurse"), own, 1))
    reply(wang, version, **phq(ninth=1))
    assert codes(wang.id) == {f"alarm.{version.code}.9"}


def test_what_is_simply_so_needs_no_yes_after_it(db, who) -> None:
    questionnaires.seed(db)
    names = {one.name_zh: one.name_en for one in tags.rules(db) if one.code.startswith("q.tcm-33.")}
    assert names["气虚质"] == "Qi deficiency" and not [name for name in names if name.endswith("是")]
