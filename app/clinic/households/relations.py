"""How people are related: what it is called, what it is from the other side, what probably follows from two others."""

from typing import Literal

from app.core.words import N_, _

Relation = Literal[
    "spouse", "parent", "child", "sibling", "grandparent", "grandchild", "step_parent", "step_child", "parent_in_law",
    "child_in_law", "relative", "other",
]

# As one chooses them, without the sex.
RELATIONS = {
    "spouse": N_("Husband or wife"), "parent": N_("Father or mother"), "child": N_("Son or daughter"),
    "sibling": N_("Brother or sister"), "grandparent": N_("Grandparent"), "grandchild": N_("Grandchild"),
    "step_parent": N_("Step or adoptive parent"), "step_child": N_("Step or adopted child"),
    "parent_in_law": N_("Parent-in-law"), "child_in_law": N_("Son- or daughter-in-law"),
    "relative": N_("Another relative"), "other": N_("Not related (carer, flatmate)"),
}  # fmt: skip

_BY_SEX = {
    ("spouse", "female"): N_("Wife"), ("spouse", "male"): N_("Husband"),
    ("parent", "female"): N_("Mother"), ("parent", "male"): N_("Father"),
    ("child", "female"): N_("Daughter"), ("child", "male"): N_("Son"),
    ("sibling", "female"): N_("Sister"), ("sibling", "male"): N_("Brother"),
    ("grandchild", "female"): N_("Granddaughter"), ("grandchild", "male"): N_("Grandson"),
    ("child_in_law", "female"): N_("Daughter-in-law"), ("child_in_law", "male"): N_("Son-in-law"),
}  # fmt: skip

INVERSE: dict[str, str] = {
    "spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling", "grandparent": "grandchild",
    "grandchild": "grandparent", "step_parent": "step_child", "step_child": "step_parent", "parent_in_law": "child_in_law",
    "child_in_law": "parent_in_law", "relative": "relative", "other": "other",
}  # fmt: skip

# (what B is to A, what C is to B) → what C probably is to A.
_LEADS_TO = {
    ("spouse", "child"): "child", ("spouse", "parent"): "parent_in_law", ("spouse", "child_in_law"): "child_in_law",
    ("parent", "child"): "sibling", ("parent", "parent"): "grandparent", ("parent", "spouse"): "parent",
    ("child", "parent"): "spouse", ("child", "child"): "grandchild", ("child", "spouse"): "child_in_law",
    ("child", "sibling"): "child", ("sibling", "parent"): "parent", ("sibling", "sibling"): "sibling",
    ("grandchild", "sibling"): "grandchild", ("parent", "sibling"): "relative", ("grandparent", "spouse"): "grandparent",
}  # fmt: skip


def relation_name(relation: str, sex: str) -> str:
    """In the reader's language, with the sex of whom it names where one says it so."""
    return _(_BY_SEX.get((relation, sex)) or RELATIONS[relation])


def guess(known: dict[tuple[int, int], str], one: int, other: int) -> str:
    """What `other` probably is to `one`, from who is related to both; blank when nothing follows. known: (a, b) → what b is to a."""
    for (start, middle), first in known.items():
        second = known.get((middle, other)) if start == one else None
        if second and (first, second) in _LEADS_TO:
            return _LEADS_TO[first, second]
    return ""
