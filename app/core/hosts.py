"""Names and numbers of machines on a network, as they are typed and sent."""

import re
from ipaddress import ip_address, ip_network

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
HOST = re.compile(
    r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?))\.?(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE | re.ASCII)


def read(typed: str) -> str | None:
    """The name or number in `clinic.example:8443`, in small letters; None where that is not how one looks."""
    found = HOST.fullmatch(typed)
    if not found or int(found["port"] or 1) not in range(1, 65536):
        return None
    if found["six"] is None:
        return found["name"].lower()
    try:
        return str(ip_address(found["six"]))
    except ValueError:
        return None


def number(address: str) -> str:
    """A machine's number as we write it: without an adapter's name, and in IPv4 where it is that; blank where it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def visitor(address: str) -> str:
    """One device, as far as it can be told: in IPv6 it may choose among addresses without end."""
    known = number(address)
    return str(ip_network((known, 64), strict=False)) if ":" in known else known or address
