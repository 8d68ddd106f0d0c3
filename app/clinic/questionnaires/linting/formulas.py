"""What an expression names, told without running it: functions, variables and the link ids it compares with."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from app.clinic.questionnaires.dependence import GIVEN

LONGEST = 20_000
KNOWN = GIVEN | {"patient", "encounter", "user", "questionnaire"}  # without being declared
ELSEWHERE = {"qitem", "location", "study", "client"}  # SDC knows them
OPERATORS = {"and", "or", "xor", "implies", "in", "div", "mod", "contains", "is", "as"}

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>'(?:[^'\\]|\\.)*+\\?(?:'|\Z))|(?P<variable>%(?:(?:vs|ext)-[\w-]+|\w+|'[^']*'|"[^"]*"|`[^`]*`))"""
    r"""|(?P<name>[A-Za-z_]\w*|`[^`]*`)|(?P<number>\d+(?:\.\d+)?)|(?P<mark><=|>=|!=|!~|.)""",
    re.DOTALL,
)


class Named(msgspec.Struct, frozen=True):
    functions: frozenset[str]
    variables: frozenset[str]
    link_ids: frozenset[str]


@lru_cache(2048)
def named(expression: str) -> Named:
    tokens = [(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(expression[:LONGEST]) if found.lastgroup != "space"]
    after = tokens[1:] + [("", "")]
    functions = {text for (kind, text), (_kind, mark) in zip(tokens, after, strict=True) if kind == "name" and mark == "(" and text not in OPERATORS}
    variables = {text[1:].strip("'\"`") for kind, text in tokens if kind == "variable"}
    return Named(frozenset(functions), frozenset(variables), frozenset(_link_ids(tokens)))


def _link_ids(tokens: list[tuple[str, str]]) -> Iterator[str]:
    """linkId = 'a', 'a' = linkId, and linkId in ('a' | 'b')."""
    for index, token in enumerate(tokens):
        if token != ("name", "linkId"):
            continue
        (_kind, mark), (kind, text) = (*tokens[index + 1 : index + 3], ("", ""), ("", ""))[:2]
        if mark in ("=", "~") and kind == "string":
            yield _unquoted(text)
        elif mark == "in":
            yield from _listed(tokens[index + 2 :])
        elif index > 1 and tokens[index - 1][1] in ("=", "~") and tokens[index - 2][0] == "string":
            yield _unquoted(tokens[index - 2][1])


def _listed(tokens: list[tuple[str, str]]) -> Iterator[str]:
    for kind, text in tokens:
        if kind == "string":
            yield _unquoted(text)
        elif text not in "(|":
            return


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])
