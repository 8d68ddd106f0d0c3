"""The working process's side of app.core.fhirpath. Imported by nothing else: its library is large.

It forks once it is warm, and the fork works: over its limit the system ends it, and a fresh fork is there in milliseconds.
"""

import gc
import os
import signal
import struct
import sys
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

from fhirpathpy.engine import do_eval
from fhirpathpy.engine.invocations.constants import constants
from fhirpathpy.engine.nodes import FP_Quantity, FP_Type, ResourceNode
from fhirpathpy.models import models

from app.core import fhirjson
from app.core.fhirpath import SECONDS
from app.core.fhirpath_functions import TABLE, clock_of
from app.core.fhirpath_text import compiled, known

READING_SECONDS = 1.0  # an expression, the first time
TURN = 0.1  # after so much the others have theirs, and what is left of the batch comes again
MEMORY = 1024 * 2**20
MOST_VALUES = 1000
LONGEST_TEXT = 20_000
LARGEST_ANSWER = 1_000_000
_HEAD = struct.Struct(">I")
_REFUSED = {"socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}


def serve() -> None:
    """Answer requests until the house closes the line."""
    line = os.dup(1)
    with open(os.devnull, "r+b") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    for end in (0, line):
        _as_bytes(end)
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


def _as_bytes(end: int) -> None:
    """Windows would change line ends on their way."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(end, os.O_BINARY)


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
        if "parse" in request:
            _write(line, _parsed(request["parse"]))
            continue
        known.update(request["read"])
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
    fresh = [text for text in expressions if text not in known]
    for text in fresh:
        with suppress(Exception):  # said when it is worked out
            compiled(text)
    return {text: known[text] for text in fresh if text in known}


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


def _parsed(expression: str) -> dict[str, Any]:
    _limit(READING_SECONDS)
    try:
        return {"values": [], "read": {expression: compiled(expression)}}
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
    names = {"ucum": "http://unitsofmeasure.org", "resource": root, "rootResource": root, **request["variables"]}
    for variable in ask.get("variables", ()):
        names[variable["name"]] = _worked_out(variable["expression"], root, variable.get("at"), True, names, request)
    found = _worked_out(ask["expression"], root, ask.get("at"), ask.get("focus", False), names, request)
    if len(found) > MOST_VALUES:
        raise ValueError("too many values")
    said = [_plain(one) for one in found]
    if len(fhirjson.dumps(said)) > LARGEST_ANSWER:  # of the whole response a hundred times the house would have to make room for
        raise ValueError("too large an answer")
    return said


def _worked_out(expression: str, root: dict, at: list[int] | None, focus: bool, names: dict[str, Any], request: dict[str, Any]) -> list[Any]:
    constants.reset()
    node = _node(root, at)
    start = [node if focus else root]
    ctx = {
        "dataRoot": start, "vars": names | {"context": node}, "model": models["r4"],
        "userInvocationTable": TABLE | clock_of(request),
    }  # fmt: skip
    found = do_eval(ctx, start, compiled(expression))
    found = found if isinstance(found, list) else [found]
    return [one for one in found if not (isinstance(one, ResourceNode) and isinstance(one.data, dict) and list(one.data) == ["extension"])]


def _node(root: dict[str, Any], at: list[int] | None) -> Any:
    """The item at these places; an empty one for none. Items of a question stand inside its first answer."""
    if at is None:
        return root
    if not at:
        return ResourceNode.create_node({}, "QuestionnaireResponse.item")
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
