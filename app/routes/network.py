"""How the clinic is reached: for its owner."""

import re
from typing import Annotated

import msgspec
from litestar import Request
from litestar.response import Response

from app.core import charts, clock, reached, settings, troubles
from app.core.access import May
from app.core.errors import Invalid
from app.core.forms import Field, Form, bind, blank
from app.core.network import NAME, Network, Shown
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post, redirect

NAMED = re.compile(r"[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?")
WORD = N_("Small letters, digits and hyphens, such as yihe or heping-clinic.")

troubles.watch("network", reached.look)


class Named(msgspec.Struct, frozen=True):
    lan_name: Annotated[str, Field(most=40)]


@get("/manage/network", needs=May.MANAGE_CLINIC)
def show(request: Request, db: TheDb) -> Page:
    return _page(request, db, blank(Named, lan_name=settings.get(db, "lan_name", NAME)))


@post("/manage/network", needs=May.MANAGE_CLINIC)
def update(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """The name is gone by within half a minute."""
    form = bind(Named, data)

    def save(given: Named) -> bool:
        name = given.lan_name.lower().removesuffix(".local")
        if not NAMED.fullmatch(name):
            raise Invalid({"lan_name": WORD})
        settings.put(db, actor, lan_name=name)
        return True

    return go(request, "/manage/network") if form.attempt(save) else _page(request, db, form, status=422)


@post("/manage/network/address", needs=May.MANAGE_CLINIC)
def seen(request: Request, db: TheDb, actor: TheActor) -> Response:
    """The owner knows the new number; nobody is told of it any more."""
    network: Network = request.app.state.network
    if network.addresses:
        settings.put(db, actor, lan_address=network.by_number())
        request.app.state.troubles.look(request.app.state)
    return redirect("/manage/network")


def _page(request: Request, db: TheDb, form: Form, status: int = 200) -> Page:
    network: Network = request.app.state.network
    return page(
        "network/show.html", "network-name-form", form=form, network=network, shown=network.shown, status=status,
        known=settings.get(db, "lan_address"), **_drawn(network, network.shown) if network.shown else {},
    )


def _drawn(network: Network, shown: Shown) -> dict[str, str]:
    return {"qr": charts.qr(network.first()), "until": clock.to_local(clock.stamp(shown.until)).strftime("%Y-%m-%d")}


handlers = [show, update, seen]
