"""The page for a device that does not know the clinic's certificate yet, and what it takes with it.

By http it is all there is (app/serving/hello.py), so nothing on it is anybody's; by https it is there too, for who sets up a device.
"""

from typing import Annotated

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.core import appleprofile, authority, settings, words
from app.core.access import May
from app.core.errors import NotFound
from app.core.network import Network, Shown
from app.core.words import N_, _
from app.routes.web import Page, TheDb, get, page

APPLE, ANDROID, WINDOWS = "apple", "android", "windows"
MARKS = {"Android": ANDROID, "HarmonyOS": ANDROID, "OpenHarmony": ANDROID, "Windows": WINDOWS}  # in what a browser says of itself
DER = {"yihe.crt": "application/x-x509-ca-cert", "yihe.cer": "application/pkix-cert"}
PROFILE = "application/x-apple-aspen-config"
NAME = N_("Yihe at the clinic")


@get("/hello", needs=May.ANYONE)
def show(request: Request, language: Annotated[str, QueryParameter(name="language")] = "") -> Page:
    network: Network = request.app.state.network
    shown = _ours(network)
    if language in words.LANGUAGES:
        words.speak(language)
    onward = _onward(network, request.url.hostname or "")
    return page(
        "network/hello.html", shown=shown, onward=onward, device=_device(request.headers.get("user-agent", "")),
        headers={"Content-Security-Policy": _policy(onward)},
    )


@get("/hello/{file_name:str}", needs=May.ANYONE)
def download(request: Request, db: TheDb, file_name: FromPath[str]) -> Response:
    """The authority as each kind of device takes it in. It is no secret: every browser is shown it."""
    certificate = _ours(request.app.state.network).authority
    if file_name == "yihe.mobileconfig":
        clinic = settings.get(db, "clinic_name") or _(NAME)
        return _file(appleprofile.profile(authority.for_devices(certificate), clinic, _("Lets this device open the clinic's Yihe.")), PROFILE)
    if file_name == "yihe.pem":
        return _file(certificate, "application/x-pem-file", file_name)
    if file_name in DER:
        return _file(authority.for_devices(certificate), DER[file_name], file_name)
    raise NotFound()


@get("/hello/trusted", needs=May.ANYONE)
def trusted() -> Response:
    """Asked by the page above from http: a device that gets this answer by https knows the certificate."""
    return Response(b"", status_code=204, headers={"Cross-Origin-Resource-Policy": "cross-origin"})


def _ours(network: Network) -> Shown:
    """Where everybody knows the certificate already, or nothing is served, there is nothing to hand out."""
    if network.shown is None or network.shown.own:
        raise NotFound()
    return network.shown


def _onward(network: Network, asked: str) -> list[str]:
    """Where to go on: by name, if this device finds names, else by the number it came by."""
    hosts = dict.fromkeys(host for host in (network.name, asked, network.by_number()) if network.shown.covers(host))
    return [network.at(host) for host in hosts]


def _policy(onward: list[str]) -> str:
    """As everywhere, but that it may ask whether the way on is open."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {' '.join(onward)}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    )


def _device(browser: str) -> str:
    return next((device for mark, device in MARKS.items() if mark in browser), APPLE)


def _file(content: bytes, kind: str, name: str = "yihe.mobileconfig") -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


handlers = [show, trusted, download]
