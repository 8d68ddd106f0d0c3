"""A level is given only where it is certain: whatever the truth turns out to be, it has that level."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinic import catalogue
from app.clinic.catalogue import judge

WITH_NUMBERS = [i for i in catalogue.indicators().values() if any(r.on and r.kind != "qualitative" for r in i.ranges)]
SIDE = {"critical_low": "low", "critical_high": "high"}
ALLOWS = {"<": lambda x, v: x < v, "<=": lambda x, v: x <= v, ">": lambda x, v: x > v, ">=": lambda x, v: x >= v}


def side(level):
    return SIDE.get(level, level)


@st.composite
def cases(draw):
    """An indicator, and numbers that like to lie at its limits."""
    indicator = draw(st.sampled_from(WITH_NUMBERS))
    limits = {0.0} | {end for r in indicator.ranges for end in (r.low, r.high, r.limit) if end is not None}
    near = st.sampled_from(sorted(limits)).flatmap(lambda end: st.sampled_from([end, end + 1e-6, max(end - 1e-6, 0)]))
    number = near | st.floats(0, 2 * max(limits) + 1)
    return indicator, draw(number), draw(number)


@given(cases(), st.sampled_from(sorted(ALLOWS)), st.sampled_from(["male", "female"]), st.integers(18, 99))
@settings(max_examples=400, deadline=None)
def test_a_comparator(case, comparator, sex, age):
    indicator, written, truth = case
    level = judge(indicator, written, comparator=comparator, sex=sex, age=age)
    if level is not None and ALLOWS[comparator](truth, written):
        assert side(judge(indicator, truth, sex=sex, age=age)) == side(level)


@given(cases(), st.integers(18, 99))
@settings(max_examples=400, deadline=None)
def test_an_unknown_sex(case, age):
    indicator, value, _other = case
    level = judge(indicator, value, sex="unknown", age=age)
    if level is not None:
        assert {judge(indicator, value, sex=sex, age=age) for sex in ("male", "female")} == {level}


@given(cases(), st.sampled_from(["male", "female"]), st.integers(18, 99))
@settings(max_examples=300, deadline=None)
def test_higher_is_never_lower(case, sex, age):
    order = {"low": 0, "normal": 1, "high": 2}
    indicator, *values = case
    levels = [side(judge(indicator, value, sex=sex, age=age)) for value in sorted(values)]
    if None not in levels:
        assert order[levels[0]] <= order[levels[1]]


@given(cases(), st.sampled_from(["male", "female", "unknown"]), st.integers(0, 17))
def test_a_minor_has_no_level(case, sex, age):
    indicator, value, _other = case
    assert judge(indicator, value, sex=sex, age=age) is None
