"""What an expression depends on, read off its text: the questions it names, or everything.

A condition `where(linkId = 'a')` over 300 items takes the library 11 ms. Nearly all expressions name their questions so; they are
worked out on a response with only these in it, and again only when the answers of these differ.
"""

import re
from functools import lru_cache
from itertools import accumulate

import msgspec

from app.clinic.questionnaires.shapes import Definition, Formula, Item
from app.core.fhirpath import LONGEST

# A text without an end is one token too, or each quote in it would be tried.
_TOKEN = re.compile(r"'(?:\\.|[^'\\])*+\\?(?:'|\Z)|%?`[^`]*`|%'[^']*'|%[\w-]+|@[\dT:.+Z-]+|[A-Za-z_]\w*|\d+(?:\.\d+)?|!=|!~|<=|>=|\S")
GIVEN = {"resource", "rootResource", "context", "ucum", "sct", "loinc"}
_FILTER = [".", "where", "(", "linkId"]
_NAMING = {"=", "~", "in"}
_AROUND = {"(", ")", "or", "and"}
_TURNING = {"not", "xor", "implies", "iif"}


class Read(msgspec.Struct, frozen=True):
    """words: every text in it, which may be a link id. whole: it may look at any answer. variables: the names it uses.
    clock: it asks what day it is."""

    words: frozenset[str]
    whole: bool
    variables: frozenset[str]
    clock: bool


class _Tokens(list[str]):
    """With where each bracket closes, and how many of some words stand before each place: brackets within brackets are read once."""

    def __init__(self, expression: str) -> None:
        super().__init__(_TOKEN.findall(expression))
        self.closing: dict[int, int] = {}
        self.before = [[0, *accumulate(token in words for token in self)] for words in ({"linkId"}, {"or"}, _TURNING)]
        opened: list[int] = []
        for n, token in enumerate(self):
            if token == "(":
                opened.append(n)
            elif token == ")" and opened:
                self.closing[opened.pop()] = n

    def within(self, n: int) -> list[int]:
        """How often linkId, or, and what turns a filter round stand between this bracket and its end."""
        end = self.closing.get(n, len(self))
        return [found[end] - found[n] for found in self.before]


@lru_cache(4096)
def dissect(expression: str) -> Read:
    if len(expression) > LONGEST:  # it will not be worked out
        return Read(frozenset(), True, frozenset(), False)
    tokens = _Tokens(expression)
    words = frozenset(_unquoted(token) for token in tokens if token[0] == "'")
    variables = frozenset(token.strip("%`'") for token in tokens if token[0] == "%" and len(token) > 1)
    return Read(words, _looks_around(tokens), variables, bool({"today", "now", "timeOfDay"} & set(tokens)))


def spelt(expression: str, names: frozenset[str] | set[str]) -> str:
    """With a name that has a hyphen between backticks, as FHIRPath wants it and many forms do not write it."""
    if not any("-" in name for name in names):
        return expression
    return "".join(_spelt(part, names) for part in re.split(r"('(?:\\.|[^'\\])*+\\?(?:'|\Z))", expression))


def _spelt(part: str, names: frozenset[str] | set[str]) -> str:
    if part[:1] == "'":
        return part
    return re.sub(r"%([A-Za-z_][\w-]*)", lambda found: f"%`{found[1]}`" if "-" in found[1] and found[1] in names else found[0], part)


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _looks_around(tokens: _Tokens) -> bool:
    """Whether it takes a step to items it does not name by their link id."""
    filtered = _after_filters(tokens)
    for n, token in enumerate(tokens):
        if token in ("item", "descendants", "children", "repeat", "answers") and not _named(tokens, n, filtered):
            return True
        if token == "linkId" and not _compared(tokens, n):
            return True
    return False


def _after_filters(tokens: _Tokens) -> set[int]:
    """Places right behind the closing bracket of a where(linkId …): what is there lies inside what was named."""
    found, opened = set(), []
    for n, token in enumerate(tokens):
        if token == "(":
            opened.append(n > 0 and tokens[n - 1] == "where" and _plain_filter(tokens, n))
        elif token == ")" and opened and opened.pop():
            found.add(n + 1)
    return found


def _plain_filter(tokens: _Tokens, n: int) -> bool:
    """A filter by link id that says nothing is not so: that would let in what it does not name."""
    links, ors, turning = tokens.within(n)
    return bool(links) and not turning and (not ors or links > ors)


def _named(tokens: _Tokens, n: int, filtered: set[int]) -> bool:
    """A step is bounded when a filter follows it, another step does, or it goes on from what was filtered."""
    if tokens[n - 1 : n] == ["."] and n - 1 in filtered:
        return True
    after = n + 1
    if tokens[after : after + 1] == ["("]:
        after = _closing(tokens, after) + 1
    if tokens[n] == "item" and tokens[n - 2 : n] == ["repeat", "("]:
        after += 1
    if tokens[after : after + 2] in ([".", "item"], [".", "repeat"], [".", "descendants"]):
        return tokens[n] == "item"
    return tokens[after : after + 4] == _FILTER and _plain_filter(tokens, after + 2)


def _closing(tokens: _Tokens, n: int) -> int:
    return tokens.closing.get(n, len(tokens))


def _compared(tokens: _Tokens, n: int) -> bool:
    """linkId = 'a', or linkId in ('a' | 'b'): with words and nothing else, not with what is worked out."""
    if tokens[n - 1] not in _AROUND or len(tokens) < n + 4 or tokens[n + 1] not in _NAMING:
        return False
    last = n + 2
    if tokens[last] == "(":
        last = _closing(tokens, last)
        if not all(token == "|" or token[0] == "'" for token in tokens[n + 3 : last]):
            return False
    elif tokens[last][0] != "'":
        return False
    return tokens[last + 1 : last + 2] != [] and tokens[last + 1] in _AROUND


class Needs(msgspec.Struct, frozen=True, eq=False):
    """Of one formula on one item, with the variables it uses. links: the questions it depends on, None for all of them.
    variables: (the item that declares it, formula), in the order to work them out. outside: names the context must have."""

    links: frozenset[str] | None
    variables: tuple[tuple[str, Formula], ...]
    outside: frozenset[str]
    clock: bool


@lru_cache(8192)
def needs(definition: Definition, link_id: str, formula: Formula) -> Needs:
    """link_id: of the item that has the formula, blank for the questionnaire itself."""
    scope = [(owner, one) for owner, one in _scope(definition, link_id) if one is not formula]
    used, outside, parts = _variables(scope, formula)
    whole = any(part.whole for part in parts)
    words = frozenset().union(*(part.words for part in parts)) if not whole else frozenset()
    links = None if whole else frozenset(_with_inner(definition, (word for word in words if word in definition.by_id))) - {link_id}
    return Needs(links, used, outside, any(part.clock for part in parts))


def _scope(definition: Definition, link_id: str) -> list[tuple[str, Formula]]:
    """The variables this item may use, of the outermost first; any expression with a name is one, as SDC has it."""
    above, up = [], link_id
    while up:
        above.append(up)
        up = definition.parents.get(up, "")
    found = [("", one) for one in definition.variables]
    for one in reversed(above):
        item = definition.by_id[one]
        named = [formula for formula in (item.enabled_by, item.begins_with, item.calculated) if formula and formula.name]
        found += [(one, formula) for formula in (*item.variables, *named)]
    return found


def _variables(scope: list[tuple[str, Formula]], formula: Formula) -> tuple[tuple[tuple[str, Formula], ...], frozenset[str], list[Read]]:
    """From the last declared to the first, because each may use those before it."""
    read = dissect(formula.text)
    wanted, used, parts = set(read.variables), [], [read]
    for owner, one in reversed(scope):
        if one.name in wanted:
            wanted.discard(one.name)
            inner = dissect(one.text)
            wanted |= inner.variables
            parts.append(inner)
            used.append((owner, one))
    return tuple(reversed(used)), frozenset(wanted - GIVEN), parts


def _with_inner(definition: Definition, links) -> set[str]:
    """A group that is named has everything in it."""
    found: set[str] = set()
    left: list[Item] = [definition.by_id[link] for link in links]
    while left:
        item = left.pop()
        if item.link_id not in found:
            found.add(item.link_id)
            left += item.children
    return found
