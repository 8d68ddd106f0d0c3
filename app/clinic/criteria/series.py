"""Values of one kind over time, and which of several counts: what measured results and answers have in common.

A date without an hour comes before every hour of its day; of values of the same moment the last filed counts. Only values up
to and including today are seen. Differences and means are rounded to six places, so that 5.3 − 5.0 is 0.3.
"""

import msgspec

from app.clinic.criteria.fields import Asking, Part, compare
from app.clinic.criteria.shapes import Fact


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Live values in one window, for any alias: `{0}` stands for it in table, value, at, row and terms.

    row: the id that evidence names, under `kept`; told: whether the statement's own list of observations has them too.
    counted: what a count counts.
    """

    head: str
    unit: str | None
    table: str
    value: str
    at: str
    row: str
    kept: str
    told: bool
    terms: tuple[str, ...]
    counted: str = "*"

    def rows(self, alias: str) -> str:
        return self.table.format(alias)

    def of(self, alias: str) -> str:
        return " AND ".join(term.format(alias) for term in self.terms)

    def others(self, alias: str) -> str:
        """The same person's."""
        return f"{alias}.patient_id = o.patient_id AND {self.of(alias)}"

    def beats(self, take: str) -> str:
        """When n counts rather than o."""
        at, value = self.at.format, self.value.format
        newer = f"{at('n')} >= {at('o')} AND ({at('n')} > {at('o')} OR n.id > o.id)"
        sign = {"max": ">", "min": "<"}.get(take)
        return f"{value('n')} {sign}= {value('o')} AND ({value('n')} {sign} {value('o')} OR ({newer}))" if sign else newer


def within(fact: Fact, asking: Asking, at: str) -> tuple[str, ...]:
    """Not after today, and not before the window's first day."""
    first = (f"{at} >= {asking.first_day(fact.within)}",) if fact.within else ()
    return (f"{at} < :tomorrow", *first)


def single(fact: Fact, series: Series, test: str, columns: str = "") -> str:
    """Driven by the values that satisfy the comparison: seldom many; one is right if nothing beats it."""
    return f"""
SELECT o.patient_id, o.id, {series.row.format("o")} AS row, {series.value.format("o")} AS value, {series.at.format("o")} AS taken_at{columns}
FROM {series.rows("o")} WHERE {series.of("o")} AND {test} /*for o.patient_id*/
  AND NOT EXISTS (SELECT 1 FROM {series.rows("n")} WHERE {series.others("n")} AND {series.beats(fact.take)})"""


def mean(fact: Fact, asking: Asking, series: Series) -> Part:
    mean = f"round(avg({series.value.format('o')}), 6)"
    rows = f"""
SELECT o.patient_id, {mean} AS value, max({series.at.format("o")}) AS taken_at FROM {series.rows("o")}
WHERE {series.of("o")} /*for o.patient_id*/ GROUP BY o.patient_id HAVING {compare(mean, fact, asking)}"""
    return _of_many(fact, asking, series, rows, f"{asking.alias}.value")


def count(fact: Fact, asking: Asking, series: Series) -> Part:
    """Nobody's count is missing: without values it is 0."""
    a = asking.alias
    rows = f"""
SELECT o.patient_id, count({series.counted}) AS value, max({series.at.format("o")}) AS taken_at FROM {series.rows("o")}
WHERE {series.of("o")} /*for o.patient_id*/ GROUP BY o.patient_id"""
    part = _of_many(fact, asking, series, rows, f"coalesce({a}.value, 0)")
    return Part(compare(f"coalesce({a}.value, 0)", fact, asking), part.evidence, rows, part.ids, not holds(fact, 0))


def change(fact: Fact, asking: Asking, series: Series) -> Part:
    """No join: SQLite looks one table up by person, but would scan the rows of two for everybody."""
    at, row, value = series.at.format, series.row.format, series.value.format
    before = f"""(SELECT {{}} FROM {series.rows("e")} WHERE {series.others("e")} AND {at("e")} <= {at("o")}
  AND ({at("e")} < {at("o")} OR e.id < o.id) ORDER BY {at("e")} DESC, e.id DESC LIMIT 1)"""
    change = f"round({value('o')} - {before.format(value('e'))}, 6)"
    rows = f"""
SELECT o.patient_id, {row("o")} AS row, {before.format(row("e"))} AS before_row, {change} AS value, {at("o")} AS taken_at FROM {series.rows("o")}
WHERE {series.of("o")} /*for o.patient_id*/
  AND NOT EXISTS (SELECT 1 FROM {series.rows("n")} WHERE {series.others("n")} AND {series.beats("latest")}) AND {compare(change, fact, asking)}"""
    a = asking.alias
    more = f", 'taken_at', {a}.taken_at, '{series.kept}', json_array({a}.row, {a}.before_row))"
    return _with_rows(fact, asking, series, rows, f"{a}.value", more, f"',' || {a}.row || ',' || {a}.before_row")


def _of_many(fact: Fact, asking: Asking, series: Series, rows: str, value: str) -> Part:
    ids = (f"(SELECT json_group_array(i.row) FROM (SELECT DISTINCT {series.row.format('o')} AS row FROM {series.rows('o')}"
           f" WHERE {series.of('o')} AND o.patient_id = p.id ORDER BY 1) i)")
    more = f", 'taken_at', {asking.alias}.taken_at, '{series.kept}', json({ids}))"
    listed = f"coalesce(',' || nullif(trim({ids}, '[]'), ''), '')"
    return _with_rows(fact, asking, series, rows, value, more, listed)


def _with_rows(fact: Fact, asking: Asking, series: Series, rows: str, value: str, more: str, ids: str) -> Part:
    head = f"json_object('field', '{series.head}', 'code', {asking.bind(fact.code)}, 'take', {asking.bind(fact.take)}, 'value', {value}"
    unit = f", 'unit', {asking.bind(series.unit)}" if series.unit is not None and fact.take != "count" else ""
    return Part(f"{asking.alias}.patient_id IS NOT NULL", head + unit + more, rows, ids if series.told else "''", True)


def holds(fact: Fact, value: float) -> bool:
    """The comparison, of a number at hand."""
    match fact.op:
        case "between":
            return fact.value[0] <= value <= fact.value[1]
        case "range":
            return fact.value[0] <= value < fact.value[1]
        case "in":
            return value in fact.value
        case op:
            return {"lt": value < fact.value, "le": value <= fact.value, "eq": value == fact.value,
                    "ne": value != fact.value, "ge": value >= fact.value, "gt": value > fact.value}[op]
