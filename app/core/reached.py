"""What is wrong with how the clinic is reached, for the banner."""

from datetime import timedelta
from typing import Any

from app.core import clock, settings
from app.core.network import Network
from app.core.troubles import Trouble
from app.core.words import N_

SOON = timedelta(days=14)
PAGE = "/manage/network"


def look(state: Any) -> list[Trouble]:
    network: Network = state.network
    if network.shown is None:
        return []
    found = [_moved(network, settings.get(state.db, "lan_address")), _renamed(network, settings.get(state.db, "lan_name")), _ending(network)]
    return [trouble for trouble in found if trouble]


def _moved(network: Network, known: str | None) -> Trouble | None:
    """Until the owner has seen it, also when it happened while nothing was served."""
    if not known or not network.addresses or known in network.addresses:
        return None
    return Trouble("network.moved", "amber", N_(
        "This machine's number on the network has changed from %(before)s to %(now)s. Devices that open Yihe by its number need the new one."),
        {"before": known, "now": network.by_number()}, "owner", PAGE)


def _renamed(network: Network, known: str | None) -> Trouble | None:
    wanted = f"{known}.local"
    if not known or not network.name or network.wanted != known or network.name == wanted:
        return None
    return Trouble("network.renamed", "amber", N_(
        "Another machine on the network is called %(wanted)s. This one goes by %(name)s until that is put right."),
        {"wanted": wanted, "name": network.name}, "owner", PAGE)


def _ending(network: Network) -> Trouble | None:
    """An end that is near although it should have been renewed long ago."""
    if network.shown.until - clock.now() > SOON:
        return None
    day = clock.to_local(clock.stamp(network.shown.until)).strftime("%Y-%m-%d")
    return Trouble("network.ending", "red", N_(
        "The certificate by which devices know Yihe ends on %(day)s and could not be renewed."), {"day": day}, "everybody", PAGE)

