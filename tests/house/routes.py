"""Every route of the app with its need and an address filled in, read from the route table."""

import re

import msgspec
from litestar import Litestar

from app.core.access import May

TEXTS = {"kind": "nothing", "code": "SBP", "number": "Y-000001", "sha": "0" * 64, "file_path": "css/index.css", "document": "none", "purpose_id": "opening", "part_id": "complaint"}
PLACE = re.compile(r"\{(\w+):(\w+)\}")


class Route(msgspec.Struct, frozen=True):
    """path: as declared. address: with every parameter filled, patient 1 and other ids 1."""

    method: str
    path: str
    address: str
    needs: May

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def fill(path: str) -> str:
    return PLACE.sub(lambda place: "1" if place[2] == "int" else TEXTS.get(place[1], "none"), path)


def routes(app: Litestar) -> list[Route]:
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                found.append(Route(method, route.path_format, fill(route.path), handler.opt["needs"]))
    return found
