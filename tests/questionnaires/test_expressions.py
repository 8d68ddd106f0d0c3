"""Expressions in questionnaires: scores, bands, branching, variables, first values; and that leaving out what they do not name is safe."""

import json
import statistics
import time
from decimal import Decimal

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from app.clinic import questionnaires as q
from app.clinic.questionnaires.dependence import dissect
from app.core import fhirjson, fhirpath

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def by(what: str, expression: str, language: str = "text/fhirpath", **more) -> dict:
    url = f"{HL7}variable" if what == "variable" else f"{SDC}{what}"
    return {"url": url, "valueExpression": {"language": language, "expression": expression, **more}}


def scored(link_id: str) -> dict:
    options = [{"valueCoding": {"code": f"c{n}", "extension": [{"url": f"{HL7}ordinalValue", "valueDecimal": n}]}} for n in range(4)]
    return {"linkId": link_id, "type": "choice", "required": True, "answerOption": options}


def worked(link_id: str, expression: str, kind: str = "integer", **more) -> dict:
    extensions = [by("calculatedExpression", expression), *more.pop("extension", [])]
    return {"linkId": link_id, "type": kind, "readOnly": True, "extension": extensions, **more}


def form(*items: dict, **more) -> q.Definition:
    return q.read(json.dumps({"resourceType": "Questionnaire", "language": "en", "title": "Form", "item": list(items), **more}))


def said(**answers: object) -> q.Given:
    kinds = {bool: "valueBoolean", int: "valueInteger", str: "valueString", Decimal: "valueDecimal"}
    return {
        link: [{"valueCoding": {"code": value}} if isinstance(value, str) and value[:1] == "c" else {kinds[type(value)]: value}]
        for link, value in answers.items()
    }


def band(low: int, high: int, code: str, level: str) -> dict:
    return {"url": "urn:yihe:band", "extension": [
        {"url": "low", "valueDecimal": low}, {"url": "high", "valueDecimal": high}, {"url": "code", "valueCode": code},
        {"url": "level", "valueCode": level},
    ]}  # fmt: skip


ALL = "%resource.item.where(linkId = 'a' or linkId = 'b').answer"
TOTAL = worked(
    "total", f"iif({ALL}.count() = 2, {ALL}.value.ordinal().sum(), {{}})",
    extension=[{"url": "urn:yihe:score", "valueBoolean": True}, band(0, 2, "low", "none"), band(3, 6, "high", "amber")],
)  # fmt: skip
POSITIVE = worked("positive", "%resource.item.where(linkId = 'total').answer.value >= 3", "boolean")
WHY = {"linkId": "why", "type": "text", "required": True, "extension": [by("enableWhenExpression", "%resource.item.where(linkId = 'positive').answer.value = true")]}
CHAIN = form(scored("a"), scored("b"), TOTAL, POSITIVE, WHY)


def test_answers_to_score_to_band_to_branch() -> None:
    first = q.evaluate(CHAIN, {}, {})
    assert [(one.value, one.band) for one in first.scores] == [(None, None)] and first.missing == ("a", "b") and not first.problems
    half = q.evaluate(CHAIN, said(a="c2"), {}, first)
    assert half.scores[0].value is None
    whole = q.evaluate(CHAIN, said(a="c2", b="c1"), {}, half)
    assert (whole.scores[0].value, whole.scores[0].band.code, whole.scores[0].band.level) == (3, "high", "amber")
    assert whole.values["positive"] == [{"valueBoolean": True}] and whole.missing == ("why",)
    assert q.changed(half, whole) == ["b", "total", "positive", "why"]
    back = q.evaluate(CHAIN, said(a="c0", b="c1"), {}, whole)
    assert back.scores[0].band.code == "low" and "why" not in {place.path for place in back.shown}


def test_only_what_depends_on_the_change_is_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = form(scored("a"), scored("b"), worked("one", "%resource.item.where(linkId = 'a').answer.value.ordinal()"),
                      worked("two", "%resource.item.where(linkId = 'b').answer.value.ordinal()"), {"linkId": "note", "type": "string"})  # fmt: skip
    state = q.evaluate(definition, said(a="c1", b="c2"), {})
    asked: list[str] = []
    real = fhirpath.evaluate
    monkeypatch.setattr(fhirpath, "evaluate", lambda resource, asks, *more: asked.extend(ask.expression for ask in asks) or real(resource, asks, *more))
    state = q.evaluate(definition, state.given | said(note="hello"), {}, state)
    assert not asked
    state = q.evaluate(definition, state.given | said(b="c3"), {}, state)
    assert len(asked) == 1 and "'b'" in asked[0] and state.values["two"] == [{"valueInteger": 3}]
    kept = fhirjson.loads(fhirjson.dumps(state.results))
    again = q.evaluate(definition, state.given, {}, pinned=kept)
    assert len(asked) == 1 and again.values == state.values
    assert q.evaluate(definition, state.given | said(a="c3"), {}, again).values["one"] == [{"valueInteger": 3}] and len(asked) == 2


def test_what_was_never_worked_out_is_even_where_results_are_handed_in() -> None:
    definition = form(worked("one", "1"), {"linkId": "seen", "type": "string", "extension": [by("enableWhenExpression", "1 = 1")]})
    assert q.evaluate(definition, {}, {}, pinned={}).values["one"] == [{"valueInteger": 1}]
    assert len(q.evaluate(definition, {}, {}, pinned={}).shown) == 2
    slow = {"calc one": {"problem": "slow"}}  # of a machine that was busy
    assert q.evaluate(definition, {}, {}, pinned=slow).values["one"] == [{"valueInteger": 1}]


def test_a_person_may_say_otherwise_unless_it_is_read_only() -> None:
    free = worked("bmi", "22.5", "decimal") | {"readOnly": False}
    assert q.evaluate(form(free), said(bmi=Decimal("23.0")), {}).values["bmi"] == [{"valueDecimal": Decimal("23.0")}]
    assert q.evaluate(form(free), {"bmi": []}, {}).values["bmi"] == [{"valueDecimal": Decimal("22.5")}]
    fixed = form(worked("bmi", "22.5", "decimal"))
    assert q.take(fixed, {}, {"bmi": ["99"]}, "en")[0] == {}
    assert q.evaluate(fixed, said(bmi=Decimal("99")), {}).values["bmi"] == [{"valueDecimal": Decimal("22.5")}]


def test_variables_of_the_form_and_of_a_group_in_each_repetition() -> None:
    inner = worked("twice", "%dose * %factor", "decimal")
    group = {"linkId": "g", "type": "group", "repeats": True, "extension": [by("variable", "%context.item.where(linkId = 'dose').answer.value", name="dose")],
             "item": [{"linkId": "dose", "type": "decimal"}, inner]}  # fmt: skip
    definition = form(group, extension=[by("variable", "2", name="factor")])
    state = q.evaluate(definition, {"g[0]/dose": [{"valueDecimal": Decimal("1.5")}], "g[1]/dose": [{"valueDecimal": Decimal(4)}]}, {})
    assert not state.problems
    assert [state.values[f"g[{n}]/twice"] for n in (0, 1)] == [[{"valueDecimal": Decimal(3)}], [{"valueDecimal": Decimal(8)}]]


def test_a_named_expression_is_a_variable_for_what_is_inside() -> None:
    outer = worked("b", "%resource.item.where(linkId = 'a').answer.value + 1") | {"item": [worked("c", "%more + 1")]}
    outer["extension"][0]["valueExpression"]["name"] = "more"
    definition = form({"linkId": "a", "type": "integer"}, outer, worked("d", "%twice + 1"), extension=[
        by("calculatedExpression", "%resource.item.where(linkId = 'b').answer.value * 2", name="twice"),
    ])  # fmt: skip
    state = q.evaluate(definition, said(a=1), {})
    assert not state.problems and {link: state.values[link][0]["valueInteger"] for link in "bcd"} == {"b": 2, "c": 3, "d": 5}


def test_names_with_hyphens_as_other_houses_write_them() -> None:
    definition = form(worked("x", "(%last-dose - 1).toString() & ' %last-dose'", "string"), extension=[by("variable", "5", name="last-dose")])
    assert q.evaluate(definition, {}, {}).values["x"] == [{"valueString": "4 %last-dose"}]


def test_what_rests_on_another_language_is_unsupported_not_broken() -> None:
    definition = form(worked("x", "%found.value"), extension=[by("variable", "Observation?code=1", "application/x-fhir-query", name="found")])
    assert [(one.path, one.what, one.why) for one in q.evaluate(definition, {}, {}).problems] == [("x", "unsupported", "application/x-fhir-query")]


def test_a_groups_expression_begins_where_what_it_names_is() -> None:
    inside = {"linkId": "x", "type": "boolean"}
    outside = {"linkId": "a", "type": "boolean"}
    for named, opened in (("a", True), ("x", False)):
        group = {"linkId": "g", "type": "group", "item": [inside], "extension": [by("enableWhenExpression", f"item.where(linkId = '{named}').answer.value = true")]}
        assert ("g" in {place.path for place in q.evaluate(form(outside, group), said(a=True, x=True), {}).shown}) is opened


def test_first_values_from_the_launch_context_and_never_over_an_answer() -> None:
    launch = {"url": f"{SDC}launchContext", "extension": [{"url": "name", "valueCoding": {"code": "patient"}}]}
    born = {"linkId": "born", "type": "date", "extension": [by("initialExpression", "%patient.birthDate")]}
    definition = form(born, extension=[launch])
    assert q.evaluate(definition, {}, {"patient": {"birthDate": "1960-01-02"}}).values["born"] == [{"valueDate": "1960-01-02"}]
    assert not q.evaluate(definition, {"born": []}, {"patient": {"birthDate": "1960-01-02"}}).values
    assert not q.evaluate(definition, {}, {}).problems


def test_age_by_the_clinics_day() -> None:
    definition = form({"linkId": "old", "type": "string", "extension": [by("enableWhenExpression", "%patient.birthDate <= today() - 65 years")]})
    for today, seen in (("2026-11-23", 1), ("2026-11-22", 0)):
        assert len(q.evaluate(definition, {}, {"patient": {"birthDate": "1961-11-23"}, "today": today}).shown) == seen


def test_what_fails_is_named_and_hides_nothing() -> None:
    definition = form(
        worked("slow", "(1).repeat($this + 1)"), worked("broken", "1 +"), worked("cql", "1") | {"extension": [by("calculatedExpression", "1", "text/cql")]},
        worked("stranger", "%nobody"), {"linkId": "seen", "type": "string", "extension": [by("enableWhenExpression", "nonsense()")]}, worked("fine", "2"),
    )  # fmt: skip
    fhirpath.forget()
    state = q.evaluate(definition, {}, {})
    assert {(problem.path, problem.what) for problem in state.problems} == {
        ("slow", "slow"), ("broken", "broken"), ("cql", "unsupported"), ("stranger", "broken"), ("seen", "broken"),
    }  # fmt: skip
    assert "seen" in {place.path for place in state.shown} and state.values == {"fine": [{"valueInteger": 2}]}
    before = time.process_time()
    again = q.evaluate(definition, {}, {})
    assert again.problems == state.problems and time.process_time() - before < 0.2


def test_a_circle_of_calculations_ends_and_is_named() -> None:
    other = "%resource.item.where(linkId = '{}').answer.value"
    definition = form(worked("a", f"iif({other.format('b')}.exists(), {other.format('b')} + 1, 1)"),
                      worked("b", f"iif({other.format('a')}.exists(), {other.format('a')} + 1, 1)"), worked("fine", "2"))  # fmt: skip
    state = q.evaluate(definition, {}, {})
    assert {problem.what for problem in state.problems} == {"loop"} and state.values["fine"] == [{"valueInteger": 2}]


def test_a_long_chain_of_calculations_is_no_circle() -> None:
    chain = [worked(f"t{n}", f"%resource.item.where(linkId = 't{n - 1}').answer.value + 1" if n else "0") for n in range(40)]
    state = q.evaluate(form(*reversed(chain)), {}, {})
    assert not state.problems and state.values["t39"] == [{"valueInteger": 39}]


BECOMES = [
    ("integer", "7.0", {"valueInteger": 7}), ("integer", "7.5", None), ("decimal", "1/3", {"valueDecimal": Decimal("0.3333333333333333")}),
    ("decimal", "10.0 * 10", {"valueDecimal": Decimal(100)}), ("boolean", "1 = 1", {"valueBoolean": True}), ("boolean", "1", None),
    ("string", "'a' & 'b'", {"valueString": "ab"}), ("string", "1.50", {"valueString": "1.5"}), ("date", "@2026-01-31 + 1 month", {"valueDate": "2026-02-28"}),
    ("quantity", "70", {"valueQuantity": {"value": Decimal(70)}}), ("string", "{}", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "expression", "value"), BECOMES, ids=[f"{kind} {expression}" for kind, expression, _value in BECOMES])
def test_results_as_values_of_the_question(kind: str, expression: str, value: dict | None) -> None:
    state = q.evaluate(form(worked("x", expression, kind)), {}, {})
    assert state.values.get("x", [None])[0] == value and not state.problems


def test_a_choice_by_its_code() -> None:
    item = scored("a") | {"readOnly": True, "required": False, "extension": [by("calculatedExpression", "'c2'")]}
    assert q.evaluate(form(item), {}, {}).values["a"] == [{"valueCoding": {"code": "c2"}}]


def test_decisions_have_bands_by_word() -> None:
    bands = [{"url": "urn:yihe:band", "extension": [{"url": "is", "valueString": word}, {"url": "code", "valueCode": word}]} for word in ("yes", "no")]
    item = worked("x", "iif(1 = 1, 'yes', 'no')", "string", extension=[{"url": "urn:yihe:score", "valueBoolean": True}, *bands])
    score = q.evaluate(form(item), {}, {}).scores[0]
    assert (score.value, score.band.code) == ("yes", "yes")


# ── leaving out what is not named ──

BOUNDED = [
    "%resource.item.where(linkId = 'a').answer.value", "item.where(linkId='g').item.where(linkId='x').answer.value.ordinal().sum()",
    "%resource.descendants().where(linkId = 'a').answer.value", "%resource.repeat(item).where(linkId='a' or linkId='b').answer.value",
    "item.item.where(linkId='x').answer.value", "item.where(linkId = 'g').item.answer.value.ordinal().sum()", "item.where(linkId in ('a' | 'b')).answer.value",
    "%resource.item.where(linkId='g').answers().ordinal().sum()", "iif(item.where(linkId='a').exists(), 1, 2)", "item.where(linkId='a').exists().not()",
]  # fmt: skip
WHOLE = [
    "%resource.item.answer.value.ordinal().sum()", "item.count()", "item.where(linkId != 'a').count()", "item.where(linkId.startsWith('a')).answer.value",
    "item.where((linkId = 'a').not()).count()", "%resource.descendants().answer.value.count()", "item.where(linkId = %name).answer.value", "repeat(item).answer.count()",
    "item.where(linkId = 'a' or answer.value.exists()).count()", "item.answers().count()", "item.first().answer.value", "item[0].answer.value", "children().count()",
    "item.where(linkId = 'a' & 'b').count()", "item.where(linkId = 'a' xor linkId = 'b').count()", "item.where(linkId in ('a' | 'b').first() ).count()",
]  # fmt: skip


@pytest.mark.parametrize("expression", BOUNDED)
def test_bounded_by_what_it_names(expression: str) -> None:
    assert not dissect(expression).whole


@pytest.mark.parametrize("expression", [one for one in WHOLE if "first() )" not in one])
def test_looks_at_everything(expression: str) -> None:
    assert dissect(expression).whole


SAMPLE = [one for one in BOUNDED + WHOLE if "%name" not in one]
CODES = st.sampled_from(["c0", "c1", "c2", "c3", None])


@settings(max_examples=40, deadline=None)
@drawn(st.sampled_from(SAMPLE), CODES, CODES, CODES, CODES)
def test_pruned_and_whole_come_to_the_same(expression: str, a: str | None, b: str | None, x: str | None, y: str | None) -> None:
    answers = said(**{link: code for link, code in (("a", a), ("b", b), ("x", x), ("y", y)) if code})
    group = {"linkId": "g", "type": "group", "item": [scored("x"), scored("y")]}
    definition = form(scored("a"), group, scored("b"), worked("result", expression, "string", repeats=True))
    state = q.evaluate(definition, answers, {})
    plain = q.evaluate(form(scored("a"), group, scored("b")), answers, {})
    whole = q.response(definition, plain, status="in-progress", subject=None, author=None, authored="")
    _with_scores(whole)
    result = fhirpath.evaluate({"item": [], **whole}, [fhirpath.Ask(expression)])[0]
    assert [one.what for one in state.problems] == ([result.problem] if result.problem else [])
    assert state.results["calc result"] == (result.values if not result.problem else state.results["calc result"])


def _with_scores(node: dict) -> None:
    for answer in node.get("answer", ()):
        code = answer["valueCoding"]["code"]
        answer["valueCoding"] = {"code": code, "extension": [{"url": f"{HL7}ordinalValue", "valueDecimal": int(code[1])}]}
    for inner in node.get("item", ()):
        inner.pop("text", None)
        _with_scores(inner)


# ── speed ──


def test_three_hundred_items_stay_usable() -> None:
    """By the clock, less what the machine gives to others just now."""
    def ten(n: int) -> str:
        return " + ".join(f"%resource.item.where(linkId = 'q{m}').answer.value.ordinal()" for m in range(n, n + 10))
    tens = [worked(f"t{n}", ten(n)) for n in range(0, 300, 10)]
    total = worked("all", "%resource.item.where(" + " or ".join(f"linkId = 't{n}'" for n in range(0, 300, 10)) + ").answer.value.sum()")
    definition = form(*[scored(f"q{n}") for n in range(300)], *tens, total)
    state = q.evaluate(definition, said(**{f"q{n}": "c1" for n in range(300)}), {})
    took = []
    for n in range(0, 300, 30):
        before = time.perf_counter()
        given, _errors, _raw = q.take(definition, state.given, {f"q{n}": ["c3"]}, "en")
        old, state = state, q.evaluate(definition, given, {}, q.evaluate(definition, state.given, {}, pinned=state.results))
        assert q.changed(old, state) == [f"q{n}", f"t{n}", "all"]
        took.append(time.perf_counter() - before)
    assert state.values["all"] == [{"valueInteger": 320}] and statistics.median(took) < 0.1 * _others()


def _others() -> float:
    before, cpu = time.monotonic(), time.process_time()
    sum(range(3_000_000))
    return max(1.0, 2 * (time.monotonic() - before) / max(time.process_time() - cpu, 1e-6))
