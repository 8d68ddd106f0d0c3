"""Every drawing is whole XML, complete without a stylesheet, and can be drawn on paper."""

import io
import re
from datetime import date
from xml.etree import ElementTree

import pytest

from app.core import charts, words
from app.core.charts import Happening, Line, Point, Span, plot

HOSTILE = "<script>alert('1')</script>&\"]]>"
TODAY = date(2026, 11, 23)


def points(values: list, level: str | None = "normal", **more) -> list[Point]:
    return [Point(f"{2010 + i % 16}-{i % 12 + 1:02d}-{i % 28 + 1:02d}", v, level=level, **more) for i, v in enumerate(values)]


def drawings() -> dict[str, str]:
    one, same = points([5.0], low=3.9, high=6.1), points([5.0, 5.0, 5.0], low=5.0, high=5.0)
    many = points([i % 37 / 3 for i in range(1000)], low=3.9, high=6.1)
    holes = [Point("2020-01-01", None, "阴性", "normal"), Point("2021-01-01", None, HOSTILE, "abnormal"), Point("2021-01-01", 0.0)]
    told = [Happening("2020-01-01", HOSTILE), Happening("1990-01-01", "before"), Happening("2020-02-01", "second")]
    taken = [Span("2020-01-01", None, HOSTILE), Span("1990-01-01", "2021-01-01", "x")]
    return {
        "spark one": charts.sparkline(one, HOSTILE), "spark same": charts.sparkline(same), "spark many": charts.sparkline(many),
        "spark holes": charts.sparkline(holes),
        "trend one": charts.trend([Line(HOSTILE, one)], HOSTILE), "trend same": charts.trend([Line("a", same)]),
        "trend many": charts.trend([Line("a", many), Line("b", same)], "mmHg", told, taken, until="2026-11-23"),
        "trend holes": charts.trend([Line("a", holes)]), "trend words": charts.trend([Line("a", holes[:2])]),
        "trend zero": charts.trend([Line("a", points([0.0]))]), "trend huge": charts.trend([Line("a", points([1e9, -1e9, 1e-9]))]),
        "scale": charts.scale(one[0], HOSTILE, HOSTILE, previous=same[0]), "scale far": charts.scale(Point("2026-01-01", 800, high=40.0), "a"),
        "scale low": charts.scale(Point("2026-01-01", 0, low=60.0), "a"), "scale zero": charts.scale(Point("2026-01-01", 0, high=0.0), "a"),
        "window": charts.due_window("2026-11-12", "2026-11-19", "2026-12-03", TODAY), "window none": charts.due_window(None, None, None, TODAY),
        "ring": charts.ring(3, 7, HOSTILE), "ring none": charts.ring(0, 0), "ring over": charts.ring(9, 7),
        "barcode": charts.barcode("8600 2117 <&>"), "qr": charts.qr("http://192.168.1.20:8000", HOSTILE),
        **{kind: charts.light(kind) for kind in ("act", "watch", "fine", "off")},
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", drawings())
def test_a_drawing_is_whole(name: str, language: str) -> None:
    with words.speaking(language):
        drawing = drawings()[name]
    root = ElementTree.fromstring(drawing)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in drawing and "NaN" not in drawing and "inf" not in re.sub(r"<title>.*?</title>", "", drawing)
    for element in root.iter():
        assert not {"style", "onclick", "href"} & set(element.attrib), "a page's content policy forbids it"
    assert root.get("role") == "img" and root.get("aria-label") or root.get("aria-hidden") == "true"


@pytest.mark.parametrize("name", drawings())
def test_paper_can_draw_it(name: str) -> None:
    from svglib.svglib import svg2rlg

    drawing = drawings()[name].replace("Yihe Sans, PingFang SC, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, ", "")
    drawn = svg2rlg(io.BytesIO(drawing.encode()))
    assert drawn is not None and drawn.width > 0 and drawn.contents


def test_nothing_to_draw_draws_nothing() -> None:
    assert charts.trend([]) == charts.trend([Line("a", [])]) == charts.sparkline([]) == ""
    assert charts.sparkline([Point("2026-01-01", None, "阴性")]) == ""
    assert charts.scale(Point("2026-01-01", 5.0), "no range") == charts.scale(Point("2026-01-01", None, "阴性", high=5.0), "words") == ""


def marks(drawing: str) -> list[tuple[str, str]]:
    """(shape, what it is called) of every mark."""
    root = ElementTree.fromstring(drawing)
    named = ((element.tag.split("}")[1], element.find("{*}title")) for element in root.iter())
    return [(shape, title.text) for shape, title in named if title is not None]


def test_shape_comes_before_colour() -> None:
    line = Line("LDL", [Point("2020-01-01", 2.5, level="normal"), Point("2021-01-01", 4.2, level="high"), Point("2022-01-01", 2.0, "<2")])
    shapes = {title.split()[1].rstrip(","): shape for shape, title in marks(charts.trend([line], "mmol/L"))}
    assert shapes == {"2.5": "circle", "4.2": "path", "<2": "circle"}


def test_every_point_says_its_value_day_and_level() -> None:
    line = Line("LDL", [Point("2021-03-04T08:10", 4.25, level="high")], decimals=2)
    with words.speaking("en"):
        assert marks(charts.trend([line], "mmol/L")) == [("path", "2021-03-04 4.25 mmol/L, above its range")]


def test_a_silence_is_a_gap_and_not_a_line_across() -> None:
    quarterly = [Point(f"{year}-{month:02d}-01", 5.0 + year % 3) for year in (2016, 2017, 2019) for month in (1, 4, 7, 10)]
    assert plot.breaks(quarterly) == [8]
    assert plot.breaks([Point("2010-01-01", 1.0), Point("2020-01-01", 2.0)]) == [], "two points alone have no rhythm"
    lines = re.findall(r'<path d="(M[^"]*L[^"]*)" fill="none" stroke="#252e2a"', charts.trend([Line("a", quarterly)]))
    assert len(lines) == 2


def test_the_band_is_the_range_valid_then() -> None:
    changed = [
        Point("2018-01-01", 145.0, high=150.0), Point("2019-01-01", 145.0, high=150.0), Point("2020-01-01", 145.0, high=140.0),
        Point("2021-01-01", 138.0, high=140.0),
    ]  # fmt: skip
    drawn = charts.trend([Line("SBP", changed, 0)], "mmHg")
    assert "≤150" in drawn and "≤140" in drawn
    assert drawn.count('fill="#dbe8dc"') == 2


def test_old_and_new_are_drawn_in_order_of_time() -> None:
    mixed = [Point("2021-01-01", 2.0), Point("2019-01-01", 1.0), Point("2020-01-01", 3.0)]
    xs = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', charts.trend([Line("a", mixed)]))]
    assert xs == sorted(xs)


@pytest.mark.parametrize(("value", "shape"), [(3.0, "h"), (50.0, "l-12 -6"), (-40.0, "l12 -6")])
def test_a_value_beyond_the_scale_points_on(value: float, shape: str) -> None:
    assert shape in charts.scale(Point("2026-01-01", value, low=2.0, high=5.0), "a")


def test_the_value_before_does_not_lie_under_the_words_at_the_end() -> None:
    drawn = charts.scale(Point("2026-11-22", 7.4, low=3.9, high=6.0), "a", previous=Point("2026-11-01", 7.1), whose="You")
    [(mine, _)] = re.findall(r'<text x="([\d.]+)"[^>]*>(You 7\.4)<', drawn)
    before = re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="end"[^>]*>2026-11 7\.1<', drawn)
    assert len(before) == 1 and float(before[0]) < float(mine) - 20


@pytest.mark.parametrize(
    ("due", "late"), [("2026-11-22", True), ("2026-11-23", False), ("2026-11-24", False)]
)  # fmt: skip
def test_late_is_red_from_the_day_after(due: str, late: bool) -> None:
    assert ("#b3362a" in charts.due_window("2026-11-01", due, "2026-12-24", TODAY)) is late


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(3.9, 6.1, "3.9–6.1"), (None, 5.2, "≤5.2"), (60.0, None, "≥60.0"), (None, None, ""), (0.0, None, "≥0.0"), (None, 0.0, "≤0.0")],
)
def test_a_range_in_words(low: float | None, high: float | None, said: str) -> None:
    assert charts.bounds(low, high, 1) == said


@pytest.mark.parametrize("values", [[0.0], [5.0, 5.0], [0.1, 0.2], [1, 1e6], [-3, 3], [0.001, 0.002]])
def test_ticks_lie_around_the_values(values: list[float]) -> None:
    marks_ = plot.ticks(values)
    assert 3 <= len(marks_) <= 9 and marks_[0] <= min(values) and marks_[-1] >= max(values)


def test_many_points_keep_those_that_matter() -> None:
    days = [f"{2000 + i // 300}-{i // 28 % 12 + 1:02d}-{i % 28 + 1:02d}" for i in range(1000)]
    line = Line("a", [Point(day, 5.0, level="high" if i == 500 else "normal") for i, day in enumerate(days)])
    assert len(marks(charts.trend([line]))) == 2


def test_code_128_reads_back() -> None:
    """Bars decoded by the symbology's own table: start, characters, check, stop."""
    from reportlab.graphics.barcode.code128 import _patterns

    drawing = charts.barcode("Y-000317", label=False)
    bars = [(int(x), int(w)) for x, w in re.findall(r"M(\d+) 0h(\d+)v44", drawing)]
    steps = ""
    for (x, w), following in zip(bars, [*bars[1:], None], strict=True):
        steps += "ABCD"[w - 1] + ("abcd"[following[0] - x - w - 1] if following else "")
    symbols = {pattern: value for value, pattern in _patterns.items()}
    values = [symbols[steps[i : i + 6]] for i in range(0, len(steps) - 7, 6)]
    start, *data, check = values
    assert check == (start + sum(place * value for place, value in enumerate(data, 1))) % 103


def test_a_bar_code_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        charts.barcode("王秀英")
