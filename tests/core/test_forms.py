from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest

from app.core.errors import Invalid
from app.core.forms import Field, bind, blank


class Sample(msgspec.Struct, frozen=True):
    name: Annotated[str, Field(most=5)]
    count: Annotated[int | None, Field(lowest=0, highest=9)] = None
    size: float | None = None
    on: date | None = None
    sex: Literal["male", "female"] = "male"
    codes: list[str] = []
    agreed: bool = False


@pytest.mark.parametrize(("field", "typed", "value"), [
    ("name", " 张三 ", "张三"), ("count", "0", 0), ("count", "９", 9), ("count", "", None),
    ("size", "−1.5", -1.5), ("on", "2026年2月3日", date(2026, 2, 3)), ("on", "20260203", date(2026, 2, 3)),
    ("on", "2026/2/3", date(2026, 2, 3)), ("sex", "female", "female"), ("codes", ["a", "", "b"], ["a", "b"]),
    ("codes", "a", ["a"]), ("agreed", "on", True), ("agreed", "", False), ("name", ["x", "y"], "y"),
])
def test_what_is_typed_is_read(field: str, typed: object, value: object) -> None:
    form = bind(Sample, {"name": "n", field: typed})
    assert form.ok and getattr(form.value, field) == value


@pytest.mark.parametrize(("field", "typed", "error"), [
    ("name", "", "fill this in"), ("name", "   ", "fill this in"), ("name", "abcdef", "At most 5"),
    ("count", "9" * 400, "a number"), ("count", "-1", "Not below 0"), ("count", "10", "Not above 9"), ("count", "1.5", "whole number"),
    ("size", "nan", "number"), ("size", "1e99", "number"), ("size", "x", "number"), ("on", "2026-02-30", "date like"),
    ("sex", "other", "choose"),
])
def test_what_cannot_be_read_says_so_beside_the_field_and_is_kept(field: str, typed: str, error: str) -> None:
    form = bind(Sample, {"name": "n", field: typed})
    assert error in form.errors[field] and form.value is None
    assert form.raw[field] == typed.strip()


def test_every_field_says_its_own_error() -> None:
    assert set(bind(Sample, {"name": "", "count": "x", "on": "x"}).errors) == {"name", "count", "on"}


def test_control_characters_are_dropped_but_lines_kept() -> None:
    assert bind(Sample, {"name": "a\x00\nb"}).value.name == "a\nb"


def test_a_refusal_of_the_clinic_becomes_the_fields_error() -> None:
    form = bind(Sample, {"name": "n"})

    def refuse(value: Sample) -> None:
        raise Invalid({"name": ("At most %(most)s characters.", {"most": 3})})

    assert form.attempt(refuse) is None
    assert form.errors == {"name": "At most 3 characters."} and not form.ok


def test_a_blank_form_has_every_field() -> None:
    assert blank(Sample, count=0).raw == {
        "name": "", "count": "0", "size": "", "on": "", "sex": "", "codes": [], "agreed": "",
    }
