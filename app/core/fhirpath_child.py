"""The working process's side of app.core.fhirpath. Imported by nothing else: its library is large.

It forks once it is warm, and the fork works: over its limit the system ends it, and a fresh fork is there in milliseconds.
"""

import gc
import os
import signal
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker, Token
from antlr4.error.ErrorListener import ErrorListener
from fhirpathpy.engine import do_eval, evaluators, util
from fhirpathpy.engine.invocations import invocation_registry
from fhirpathpy.engine.invocations.constants import constants
from fhirpathpy.engine.nodes import FP_Quantity, FP_Type, ResourceNode
from fhirpathpy.engine.util import process_user_invocation_table
from fhirpathpy.models import models
from fhirpathpy.parser import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from app.core import fhirjson
from app.core.fhirpath import SECONDS

READING_SECONDS = 1.0  # an expression, the first time
TURN = 0.1  # after so much the others have theirs, and what is left of the batch comes again
MEMORY = 1024 * 2**20
MOST_VALUES = 1000
MOST_KNOWN = 10_000
LONGEST_TEXT = 20_000
_HEAD = struct.Struct(">I")
_REFUSED = {"socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
ORDINALS = {
    "http://hl7.org/fhir/StructureDefinition/ordinalValue", "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
}  # fmt: skip


def serve() -> None:
    """Answer requests until the house closes the line."""
    line = os.dup(1)
    with open(os.devnull, "r+b") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    _warm_up()
    if not hasattr(os, "fork"):
        _work(line)
        return
    gc.freeze()
    while pid := os.fork():
        _pid, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return
        _write(line, {"ended": True})
    _keep_small()
    _work(line)


def _warm_up() -> None:
    """Everything is imported by having been used."""
    for expression in ("1 + 1.5", "'a'.matches('b')", "@2026-01-01 + 1 year", "today()", "1 'kg' = 1 'kg'"):
        _answer({"expression": expression}, {"resource": {"resourceType": "QuestionnaireResponse"}, "variables": {}, "today": "2026-01-01", "now": "2026-01-01T00:00:00Z"})


def _keep_small() -> None:
    """Little memory, no programs, no network."""
    import resource

    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, _args: tuple) -> None:
    if event in _REFUSED:
        raise PermissionError(event)


def _limit(seconds: float) -> None:
    """So much of the processor from now on; over it the system ends this process, whatever it is doing."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _work(line: int) -> None:
    while request := _read():
        if expression := request.get("parse"):
            _write(line, _parsed(expression))
            continue
        _known.update(request["read"])
        begun = time.process_time()
        for ask in request["asks"]:
            if time.process_time() - begun > TURN:
                _write(line, {"turn": True})
                break
            _limit(READING_SECONDS)
            read = _reading([ask["expression"], *(variable["expression"] for variable in ask.get("variables", ()))])
            _limit(SECONDS)
            answer = _guarded(ask, request)
            _limit(0)
            _write(line, answer | {"read": read} if read else answer)
    os._exit(0)


def _reading(expressions: list[str]) -> dict[str, Any]:
    """What was not known yet, to be kept by the house: a child that is ended loses what it knew."""
    fresh = [text for text in expressions if text not in _known]
    for text in fresh:
        with suppress(Exception):  # said when it is worked out
            _compiled(text)
    return {text: _known[text] for text in fresh if text in _known}


def _read() -> dict[str, Any] | None:
    head = _exactly(_HEAD.size)
    return fhirjson.loads(_exactly(_HEAD.unpack(head)[0])) if head else None


def _exactly(size: int) -> bytes:
    parts = []
    while size and (part := os.read(0, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"" if size else b"".join(parts)


def _write(line: int, answer: dict[str, Any]) -> None:
    body = fhirjson.dumps(answer).encode()
    told = memoryview(_HEAD.pack(len(body)) + body)
    while told:
        told = told[os.write(line, told):]


# ── one expression ──


def _quicker(node: dict[str, Any]) -> dict[str, Any]:
    """where(linkId = 'a' or linkId = 'b') in one step: nearly all of what questionnaires ask, and the library takes 40 µs an item."""
    links = _links(node["children"][0]["children"]) if node["type"] == "FunctionInvocation" else None
    if links:
        return {"type": "ItemsNamed", "terminalNodeText": [], "links": sorted(links)}
    return node | {"children": [_quicker(one) for one in node["children"]]} if "children" in node else node


def _links(function: list[dict[str, Any]]) -> frozenset[str] | None:
    """The link ids of a filter that is nothing but them."""
    if function[0]["text"] != "where" or len(function) != 2 or len(function[1]["children"]) != 1:
        return None
    found, left = set(), [function[1]["children"][0]]
    while left:
        node = left.pop()
        inner = node.get("children", [])
        if node["type"] == "OrExpression" and node["terminalNodeText"] == ["or"]:
            left += inner
        elif node["type"] == "EqualityExpression" and node["terminalNodeText"] == ["="] and inner[0].get("text") == "linkId" and _is_text(inner[1]):
            found.add(evaluators["StringLiteral"](None, None, inner[1])[0])
        else:
            return None
    return frozenset(found)


def _is_text(node: dict[str, Any]) -> bool:
    """A text and nothing else: 'a', not 'a' & 'b'."""
    while len(node.get("children", ())) == 1:
        node = node["children"][0]
    return node["type"] == "StringLiteral"


def _items_named(_ctx: dict[str, Any], data: list[Any], node: dict[str, Any]) -> list[Any]:
    links = node["links"]
    return [one for one in data if isinstance(raw := util.get_data(one), dict) and raw.get("linkId") in links]


class _Strict(ErrorListener):
    """The library guesses what a broken expression may mean; nobody should be scored by a guess."""

    def syntaxError(self, recognizer, offendingSymbol, line, column, msg, e) -> None:  # noqa: N802, N803, PLR0913
        raise SyntaxError(f"{msg} ({line}:{column + 1})")


_known: dict[str, dict[str, Any]] = {}  # what was read, here or by the other child


def _compiled(expression: str) -> dict[str, Any]:
    if expression not in _known:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        _known[expression] = _compile(expression)
    return _known[expression]


def _compile(expression: str) -> dict[str, Any]:
    """Raises SyntaxError, or NameError for a function nobody has."""
    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(_Strict())
    tree, listener = parser.expression(), ASTPathListener()
    if parser.getCurrentToken().type != Token.EOF:
        raise SyntaxError(f"unexpected {parser.getCurrentToken().text!r}")
    ParseTreeWalker().walk(listener, tree)
    read = listener.parentStack[0]["children"][0]
    _know(read)
    return _quicker(read)


def _know(node: dict[str, Any]) -> None:
    inner = node.get("children", [])
    if node["type"] == "Functn" and (name := inner[0]["text"]) not in FUNCTIONS:
        raise NameError(f"no function {name}")
    for one in inner:
        _know(one)


def _parsed(expression: str) -> dict[str, Any]:
    _limit(READING_SECONDS)
    try:
        _compiled(expression)
        return {"values": []}
    except Exception as error:
        return {"problem": "broken", "why": _told(error)}
    finally:
        _limit(0)


def _guarded(ask: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"values": _answer(ask, request)}
    except MemoryError:
        os._exit(1)  # as over any other limit
    except Exception as error:
        return {"problem": "broken", "why": _told(error)}


def _told(error: Exception) -> str:
    """Short: it may quote answers, and is shown to who writes questionnaires only."""
    return f"{type(error).__name__}: {error}"[:200]


def _answer(ask: dict[str, Any], request: dict[str, Any]) -> list[Any]:
    root = ask.get("resource") or request["resource"]
    known = {"ucum": "http://unitsofmeasure.org", "resource": root, "rootResource": root, **request["variables"]}
    for variable in ask.get("variables", ()):
        known[variable["name"]] = _worked_out(variable["expression"], root, variable.get("at"), True, known, request)
    found = _worked_out(ask["expression"], root, ask.get("at"), ask.get("focus", False), known, request)
    if len(found) > MOST_VALUES:
        raise ValueError("too many values")
    return [_plain(one) for one in found]


def _worked_out(expression: str, root: dict, at: list[int] | None, focus: bool, known: dict[str, Any], request: dict[str, Any]) -> list[Any]:
    constants.reset()
    node = _node(root, at)
    start = [node if focus else root]
    ctx = {
        "dataRoot": start, "vars": known | {"context": node}, "model": models["r4"],
        "userInvocationTable": TABLE | _clock(request),
    }  # fmt: skip
    found = do_eval(ctx, start, _compiled(expression))
    found = found if isinstance(found, list) else [found]
    return [one for one in found if not (isinstance(one, ResourceNode) and isinstance(one.data, dict) and list(one.data) == ["extension"])]


def _node(root: dict[str, Any], at: list[int] | None) -> Any:
    """The item at these places: items of a question stand inside its first answer."""
    if not at:
        return root
    node: dict[str, Any] = root
    for place in at:
        items = node["item"] if "item" in node else node["answer"][0]["item"]
        node = items[place]
    return ResourceNode.create_node(node, "QuestionnaireResponse.item")


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, ResourceNode):
        value = value.data
    if isinstance(value, FP_Quantity):
        return {"value": value.value, "unit": str(value.unit).strip("'")}
    if isinstance(value, FP_Type):
        return str(value)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValueError("too long a text")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return Decimal(value)
    return value


# ── what the library has not, or not right ──


def _ordinals(inputs: list[Any]) -> list[Decimal]:
    """The scores of answers, codings, or what stands beside a plain value."""
    return [Decimal(score) for one in inputs if isinstance(one, dict) and (score := _ordinal(one)) is not None]


def _ordinal(element: dict[str, Any]) -> Decimal | int | None:
    for one in element.get("extension", ()):
        if one.get("url") in ORDINALS:
            return one.get("valueDecimal", one.get("valueInteger"))
    inner = (element[name] for name in element if name.startswith(("value", "_value")) and isinstance(element[name], dict))
    return next((score for score in map(_ordinal, inner) if score is not None), None)


def _answers(inputs: list[Any]) -> list[Any]:
    """All answers of these items and of those inside them."""
    return [ResourceNode.create_node(value, f"QuestionnaireResponse.item.answer.{name}") for item in inputs for name, value in _said(item)]


def _said(around: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(around, dict):
        return
    for name, value in around.items():
        if name.startswith("value"):
            yield name, value
    for inner in [*around.get("answer", ()), *around.get("item", ())]:
        yield from _said(inner)


def _clock(request: dict[str, Any]) -> dict[str, Any]:
    """The clinic's clock in place of the machine's."""
    today, now = request["today"], request["now"]
    return process_user_invocation_table({
        "today": {"fn": lambda inputs: [today]}, "now": {"fn": lambda inputs: [now]}, "timeOfDay": {"fn": lambda inputs: [now[11:19]]},
    })  # fmt: skip


def _numbers(inputs: list[Any]) -> list[int | Decimal]:
    if not all(util.is_number(one) for one in inputs):
        raise TypeError("only numbers have a sum")
    return inputs


def _mean(inputs: list[Any]) -> list[Any]:
    return [sum(_numbers(inputs)) / Decimal(len(inputs))] if inputs else []


def _signed(ctx: dict[str, Any], data: Any, node: dict[str, Any]) -> list[Any]:
    """Also of an answer; the library takes only numbers that are written down."""
    found = [util.get_data(one) for one in do_eval(ctx, data, node["children"][0])]
    if not found:
        return []
    if len(found) > 1 or not util.is_number(found[0]):
        raise TypeError("only one number can have a sign")
    return [-found[0] if node["terminalNodeText"][0] == "-" else found[0]]


evaluators["PolarityExpression"] = _signed
evaluators["ItemsNamed"] = _items_named
TABLE = process_user_invocation_table({
    "ordinal": {"fn": _ordinals}, "weight": {"fn": _ordinals}, "answers": {"fn": _answers}, "avg": {"fn": _mean},
    "sum": {"fn": lambda inputs: [sum(_numbers(inputs))]}, "min": {"fn": lambda inputs: [min(inputs)] if inputs else []},
    "max": {"fn": lambda inputs: [max(inputs)] if inputs else []},
})  # fmt: skip
FUNCTIONS = frozenset(invocation_registry) | TABLE.keys()
