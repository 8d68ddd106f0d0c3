"""This machine's numbers on the network, as its adapters say."""

import socket
from ipaddress import IPv4Address, ip_address

import ifaddr

from app.core.authority import vouched

UNUSABLE = ("docker", "veth", "br-", "virbr", "vmnet", "vethernet", "podman", "lxc", "cni")  # networks that end inside this machine
EVERYWHERE = ("0.0.0.0", "::")  # where a door listens that is open on all of this machine's numbers


def present(host: str = EVERYWHERE[0]) -> tuple[str, ...]:
    """IPv4 numbers that others on the network may reach us by: first those our authority vouches for, of these the one that faces it.

    host: where the doors listen.
    """
    if host not in EVERYWHERE:
        return (host,)
    found = [IPv4Address(number.ip) for adapter in ifaddr.get_adapters() if not _inside(adapter)
             for number in adapter.ips if isinstance(number.ip, str)]
    facing = outward()
    numbers = {str(number) for number in found if not number.is_loopback}
    return tuple(sorted(numbers, key=lambda number: (not vouched([number])[1], number != facing, IPv4Address(number).is_link_local, IPv4Address(number))))


def _inside(adapter: ifaddr.Adapter) -> bool:
    return adapter.nice_name.lower().startswith(UNUSABLE)


def outward() -> str:
    """The number we would be seen by from far away; a UDP connect sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return ""


def faces_others(host: str) -> bool:
    """Whether a door at this address is open to more than this machine."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
