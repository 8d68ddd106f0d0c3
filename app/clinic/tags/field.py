"""Criteria may ask for tags: the field `tag`, and in which order rules that do so are settled."""

from typing import Any

from app.clinic import criteria
from app.clinic.criteria import Asking, Fact, Field, Part
from app.core.words import N_, _, pick

# Names by code, for sentences told where no database is at hand; queries.rules keeps it fresh.
KNOWN: dict[str, tuple[str, str]] = {}


def name_of(code: str) -> str:
    """A rule's name, or the label itself where somebody wrote it."""
    return pick(*KNOWN[code]) if code in KNOWN else code


def _part(fact: Fact, asking: Asking) -> Part:
    rows = f"""
SELECT t.patient_id, t.id, t.code FROM tags t
WHERE t.code = {asking.bind(fact.code)} AND t.removed_event_id IS NULL /*for t.patient_id*/"""
    a = asking.alias
    evidence = f"json_object('field', 'tag', 'code', {a}.code, 'tags', json_array({a}.id))"
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, selective=True)


def _told(item: dict[str, Any]) -> str:
    return _("tag %(name)s", name=name_of(item["code"]))


criteria.register_field(Field(
    name="tag", label=N_("Tag"), kind="having", part=_part, told=_told, heard=frozenset({"tag.set", "tag.removed"}),
    code="needed", well_formed=lambda code: 0 < len(code) <= 60, code_name=name_of,
    codes=lambda: {code: name_of(code) for code in KNOWN},
    has=N_("has the tag %(name)s"), has_not=N_("does not have the tag %(name)s"),
))


def named_tags(criterion: criteria.Criterion) -> set[str]:
    return {fact.code for fact in criteria.facts(criterion) if fact.field == "tag"}


def ranks(needs: dict[str, set[str]]) -> dict[str, int]:
    """code → how many steps of other rules stand before it. Raises ValueError(code) on a cycle."""
    found: dict[str, int] = {}

    def rank(code: str, above: tuple[str, ...]) -> int:
        if code in above:
            raise ValueError(code)
        if code not in found:
            found[code] = 1 + max((rank(one, (*above, code)) for one in needs[code] if one in needs), default=-1)
        return found[code]

    return {code: rank(code, ()) for code in needs}
