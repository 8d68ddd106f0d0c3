"""Why a tag stands, in the reader's language."""

from app.clinic import criteria
from app.clinic.tags.queries import tree_of
from app.clinic.tags.shapes import Rule, Tag
from app.core import clock
from app.core.words import N_, _, language

Lines = list[tuple[str, str]]  # what it is, what it says
MOST_VALUES = 12


def why(tag: Tag) -> Lines:
    """The values with their days, the rule with its version, the source; of a label its reason and who put it there."""
    if tag.rule is None:
        day = clock.to_local(tag.at).date().isoformat()
        return [(_("Reason"), tag.reason), (_("By"), " ".join(filter(None, [tag.by, day])))]
    values = criteria.told(tag.evidence)[:MOST_VALUES]
    return [(_("Value"), _("; ").join(values)), (_("Rule"), told_rule(tag.rule)), (_("Source"), tag.rule.source)]


def told_rule(rule: Rule) -> str:
    return _("%(rule)s (version %(version)s)", rule=criteria.sentence(tree_of(rule.criterion)), version=rule.version)


def sentences(rule: Rule) -> Lines:
    """In both languages, the reader's first: (language code, sentence)."""
    tree = tree_of(rule.criterion)
    return [(code, criteria.sentence(tree, code)) for code in sorted(("zh", "en"), key=lambda code: code != language())]


def status_words(status: str) -> str:
    """What the letter of a status means."""
    return _({"V": N_("seen in the source"), "C": N_("from copies that differ"), "U": N_("unverified"), "P": N_("made in this clinic")}.get(status[:1], status))
