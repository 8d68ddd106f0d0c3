"""run.py verify: every published case passes, a wrong one fails, and nothing is passed over in silence."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from app.clinic.questionnaires.verifying import verify
from app.commands import verify as command
from app.commands.environment import Unready

VECTORS = Path(__file__).parent / "vectors"
MODELS = sorted(path.stem for path in VECTORS.glob("*.json"))


def write(folder: Path, model: str, inputs: dict, expected: dict, **more) -> Path:
    (folder / f"{model}.json").write_text(json.dumps({"model": model, "vectors": [{"id": "one", "inputs": inputs, "expected": expected, **more}]}))
    return folder


def failures(folder: Path) -> set[str]:
    return {one.key for tally in verify(folder).models for one in tally.failures}


@pytest.mark.parametrize("model", MODELS)
def test_every_published_case_passes(model: str) -> None:
    report = verify(VECTORS / f"{model}.json")
    (tally,) = report.models
    assert report.ok and not tally.failures and not tally.notes
    assert tally.passed == tally.cases == len(json.loads((VECTORS / f"{model}.json").read_text())["vectors"])
    assert tally.worst_error is None or tally.worst_error <= 0.005
    assert {one.key for one in tally.not_compared} <= {"note"}


def test_all_models_of_questionnaires_are_here() -> None:
    assert len(MODELS) == 13


@pytest.mark.parametrize(("model", "inputs", "expected", "key"), [
    ("phq9", {"responses": [1] * 9}, {"score": 10}, "score"),
    ("phq9", {"responses": [1] * 9}, {"interpretation": "Total score 9/27 indicates moderate depressive symptoms. Item 9 is positive"}, "interpretation: score"),
    ("phq9", {"responses": [0] * 8 + [1]}, {"interpretation": "Total score 1/27 indicates minimal depressive symptoms."}, "interpretation: alarm"),
    ("phq2", {"responses": [0, 3]}, {"positive_ge3": False}, "positive_ge3"),
    ("audit_c", {"responses": [1, 1, 1], "sex": "female"}, {"interpretation": "3/12: the screen is negative"}, "interpretation: screen"),
    ("elderly_self_care", {"meal": 0, "grooming": 0, "dressing": 0, "toileting": 0, "activity": 0}, {"category": "轻度依赖"}, "category"),
    ("stop_bang", {"snoring": 1, "tired": 1, "observed_apnoea": 0, "pressure": 0, "bmi": 36, "age": 40, "neck_large": 0, "male": 0}, {"risk": "intermediate"}, "risk"),
    ("tcm_constitution_33_elderly", {"answers": [3] * 33}, {"decision": {"平和质": "是"}}, "decision.平和质"),
    ("who5", {"responses": [1] * 5}, {"percent": 21}, "percent"),
], ids=str)  # fmt: skip
def test_what_is_wrong_fails(tmp_path: Path, model: str, inputs: dict, expected: dict, key: str) -> None:
    folder = write(tmp_path, model, inputs, expected)
    assert key in failures(folder)
    assert command.run(Namespace(place=folder, json=False)) == 1


@pytest.mark.parametrize(("model", "inputs", "expected"), [
    ("PHQ-2", {"responses": ["1", "3"]}, {"score": 4, "category": "positive"}),
    ("phq2", {"responses": ["Several days", "几乎每天"]}, {"total": 4.0}),
    ("phq2", {"responses": [1]}, {"score": None, "valid": False}),
    ("phq2", {"responses": [1, None]}, {"score": None, "positive_ge3": None}),
    ("phq2", {"responses": [1, 4]}, {"error": "out of range"}),
    ("phq2", {"1": 2, "2": 2}, {"score": 4, "valid": True}),
    ("ipaq_short", {"vig_days": 8, "vig_min": 10, "mod_days": 0, "mod_min": 0, "walk_days": 0, "walk_min": 0}, {"valid": False, "category": None}),
    ("ipaq_short", {"vig_days": 3, "vig_min": None, "mod_days": 0, "mod_min": 0, "walk_days": 0, "walk_min": 0}, {"valid": False}),
    ("ipaq_short", {"vig_days": 7, "vig_min": 400, "mod_days": 7, "mod_min": 400, "walk_days": 7, "walk_min": 200}, {"valid": False, "total_met_min": None}),
    ("findrisc", {"age": 60, "sex": "女", "bmi": 27, "waist_cm": 85, "physically_active": "yes", "daily_vegetables_fruit": 1,
                  "antihypertensive_medication": "no", "high_blood_glucose_history": 0, "family_history": "None"}, {"score": 7, "severity": "slightly elevated"}),
    ("barthel", {"feeding": 10, "bathing": 5, "grooming": 5, "dressing": 10, "bowels": 10, "bladder": 10, "toilet_use": 10, "transfers": 15, "mobility": 15,
                 "stairs": 10}, {"score": 100, "interpretation": "Barthel Index 100/100: independent in measured ADLs."}),
], ids=str)  # fmt: skip
def test_other_ways_to_say_the_same_are_understood(tmp_path: Path, model: str, inputs: dict, expected: dict) -> None:
    report = verify(write(tmp_path, model, inputs, expected))
    assert report.ok and report.models[0].passed == 1


def test_a_tolerance_counts_and_without_one_the_printed_digits_do(tmp_path: Path) -> None:
    answers = {"responses": [2, 2, 3, 2, 3]}
    assert failures(write(tmp_path, "who5", answers, {"raw": 12.3})) == {"raw"}
    assert not failures(write(tmp_path, "who5", answers, {"raw": 12.3}, tolerance_abs=0.5))
    assert verify(tmp_path).models[0].worst_error == pytest.approx(0.3)


def test_another_programs_known_slip_is_told_and_is_no_failure(tmp_path: Path) -> None:
    seven = {"age": 50, "sex": "male", "bmi": 20, "waist_cm": 80, "physically_active": True, "daily_vegetables_fruit": True,
             "antihypertensive_medication": False, "high_blood_glucose_history": True, "family_history": "none"}  # fmt: skip
    report = verify(write(tmp_path, "findrisc", seven, {"score": 7, "interpretation": "FINDRISC score 7/26 - Low risk"}))
    assert report.ok and "published table" in report.models[0].not_compared[0].why
    assert not verify(write(tmp_path, "findrisc", seven | {"age": 60}, {"interpretation": "FINDRISC score 8/26 - Low risk"})).ok


def test_what_is_not_understood_is_told(tmp_path: Path) -> None:
    report = verify(write(tmp_path, "phq2", {"responses": [0, 0], "moon": "full"}, {"score": 0, "stars": 5}))
    (tally,) = report.models
    assert report.ok and [one.key for one in tally.not_compared] == ["stars"] and "moon" in tally.notes[0].why


def test_the_object_names_what_is_not_built_and_what_is_no_vector_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "phq2", {"responses": [3, 3]}, {"score": 6})
    write(tmp_path, "china_par", {"age": 50}, {"risk": 4.7})
    assert command.run(Namespace(place=tmp_path, json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] and told["not_built"] == {"china_par": 1} and (told["cases"], told["passed"]) == (1, 1)
    assert {"model", "cases", "passed", "worst_error", "failures"} <= told["models"][0].keys()
    (tmp_path / "broken.json").write_text('{"model": "phq2", "vectors": [')
    assert command.run(Namespace(place=tmp_path, json=True)) == 1
    assert "broken.json" in json.loads(capsys.readouterr().out)["unread"]


@pytest.mark.parametrize("text", ["[]", "null", "3", '{"vectors": {}}', '{"vectors": [1]}', '{"model": "phq2", "vectors": [{"inputs": []}]}', "\x00", "NaN"], ids=repr)
def test_a_hostile_file_is_never_a_traceback(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    assert command.run(Namespace(place=tmp_path, json=False)) in (0, 1)


@pytest.mark.parametrize("inputs", [{"responses": {"1": [[1]]}}, {"responses": "x"}, {"responses": [{}, []]}, {"sex": {}}, {"age": -1}, {}], ids=str)
def test_strange_inputs_score_nothing(tmp_path: Path, inputs: dict) -> None:
    assert verify(write(tmp_path, "phq2", inputs, {"score": None})).ok


def test_other_json_beside_the_vectors_is_told_and_harms_nothing(tmp_path: Path) -> None:
    write(tmp_path, "phq2", {"responses": [3, 3]}, {"score": 6})
    (tmp_path / "index.json").write_text('{"files": ["phq2.json"]}')
    report = verify(tmp_path)
    assert report.ok and report.ignored == ["index.json"]


def test_a_file_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "phq2", {"responses": [3, 3]}, {"score": 6}) / "phq2.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert verify(path).models[0].passed == 1


def test_nothing_to_verify_is_no_success(tmp_path: Path) -> None:
    assert command.run(Namespace(place=tmp_path, json=False)) == 1


def test_a_number_for_a_band_is_not_taken_for_the_score(tmp_path: Path) -> None:
    report = verify(write(tmp_path, "audit", {"responses": [0] * 10}, {"score": 0, "zone": 1}))
    assert report.ok and [one.key for one in report.models[0].not_compared] == ["zone"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unready, match="does not exist"):
        command.run(Namespace(place=tmp_path / "none", json=False))
