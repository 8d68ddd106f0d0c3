"""The house as an OpenAPI document, built from its route table: the product itself serves none."""

import importlib
import inspect
import re
from operator import attrgetter
from typing import Any, get_args

import msgspec
from litestar import Litestar
from litestar.params import QueryParameter
from litestar.testing import TestClient

from tests.house.filling import Control, read, same_place
from tests.house.routes import PLACE, TEXTS, routes

BIND = re.compile(r"\bbind\(([\w.]+)")
ASKED = re.compile(r"""\b(?:data|uploads|given|raw)(?:\.get\(|\[)["'](\w+)["']""")
IN_QUERY = re.compile(r"""query_params(?:\.get\w*\(|\[)["'](\w+)["']""")
DRAWN = re.compile(r"^/static|\.pdf$|/(?:file|small|photo|standing|questionnaire\.json)$")  # no forms there
TYPED = {"type": "string", "format": "typed"}
LARGE = {"type": "integer", "enum": [0, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**200]}


def document(app: Litestar, browser: TestClient) -> dict[str, Any]:
    """browser: of the owner, whose pages say which fields a form has and what stands in them."""
    seen = _seen(app, browser)
    paths: dict[str, Any] = {}
    for one in routes(app):
        handler = _handler(app, one.path, one.method)
        said = {"responses": {"200": {"description": "a page"}}, "parameters": [*_places(one.path), *_query(handler)]}
        if one.method == "POST":
            said["requestBody"] = _body(_fields(handler), seen.get(same_place(one.address), []))
        paths.setdefault(PLACE.sub(r"{\1}", one.path), {})[one.method.lower()] = said
    return {"openapi": "3.0.3", "info": {"title": "Yihe", "version": "1"}, "paths": paths}


def _handler(app: Litestar, path: str, method: str) -> Any:
    return next(
        handler for route in app.routes if route.path_format == path for handler in getattr(route, "route_handlers", []) if method in handler.http_methods
    )


def _seen(app: Litestar, browser: TestClient) -> dict[str, list[Control]]:
    """Every form of every page, by where it goes."""
    found: dict[str, list[Control]] = {}
    for one in routes(app):
        if one.method != "GET" or DRAWN.search(one.path):
            continue
        answer = browser.get(one.address)
        if answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
            for form in read(answer.text).forms:
                found.setdefault(same_place(form.action or one.address), []).extend(form.controls)
    return found


def _places(path: str) -> list[dict[str, Any]]:
    some = {"int": {"anyOf": [{"type": "integer", "enum": [1, 2, 3]}, LARGE, {"type": "integer"}]}}
    return [
        {"name": name, "in": "path", "required": True, "schema": some.get(kind) or {"anyOf": [{"enum": [TEXTS.get(name, "none"), "1"]}, TYPED]}}
        for name, kind in PLACE.findall(path)
    ]


def _query(handler: Any) -> list[dict[str, Any]]:
    source = inspect.getsource(inspect.getmodule(handler.fn))
    declared = [extra.name or name for name, parameter in inspect.signature(handler.fn).parameters.items()
                for extra in get_args(parameter.annotation) if isinstance(extra, QueryParameter)]
    names = dict.fromkeys([*declared, *IN_QUERY.findall(source)])
    return [{"name": name, "in": "query", "schema": {"anyOf": [LARGE, TYPED]}} for name in names]


def _fields(handler: Any) -> list[str]:
    """What the handler's module reads of a form: fields of the Structs it binds, and names it asks for."""
    module = importlib.import_module(handler.fn.__module__)
    source, names = inspect.getsource(module), []
    for dotted in BIND.findall(source):
        try:
            shape = attrgetter(dotted)(module) if "." in dotted else getattr(module, dotted)
        except AttributeError:  # a parameter of a function
            continue
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
            names += [field.name for field in msgspec.structs.fields(shape)]
    return list(dict.fromkeys([*names, *ASKED.findall(source)]))


def _body(names: list[str], controls: list[Control]) -> dict[str, Any]:
    fitting: dict[str, list[str]] = {}
    for one in controls:
        fitting.setdefault(one.name, []).extend([one.value, *one.options])
    files = {one.name for one in controls if one.kind == "file"}
    typed = {name: _typed(fitting.get(name, []), name in files) for name in dict.fromkeys([*fitting, *names])}
    form = {"type": "object", "properties": typed, "required": list(fitting)}
    kinds = ["application/x-www-form-urlencoded", "multipart/form-data"]
    return {"content": {kind: {"schema": form} for kind in kinds} | {"application/json": {"schema": {}}}}


def _typed(values: list[str], file: bool) -> dict[str, Any]:
    if file:
        return {"type": "string", "format": "sheet"}
    ways: list[dict[str, Any]] = [TYPED, LARGE, {"type": "array", "items": TYPED, "maxItems": 3}]
    fitting = list(dict.fromkeys(value for value in values if value))[:30]
    return {"anyOf": [{"type": "string", "enum": fitting}] * 3 + ways if fitting else ways}
