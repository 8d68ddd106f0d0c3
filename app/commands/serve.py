"""Serve the clinic to browsers (what happens without a command)."""

import asyncio
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from app.commands import folder
from app.commands.environment import Unready

ALONE = 8000  # the port where only this machine is served


def add_arguments(parser: ArgumentParser) -> None:
    folder.add_data(parser)
    add_address(parser)


def add_address(parser: ArgumentParser) -> None:
    parser.add_argument("--lan", action="store_true", help="serve the clinic's network, not only this machine")
    parser.add_argument("--host", help="the address to listen on (default: 127.0.0.1; with --lan all of this machine's)")
    parser.add_argument("--port", type=port, help=f"the port to listen on (default: {ALONE}; on a network 443, or else 8443)")
    parser.add_argument("--http-port", type=port, help="on a network, the port of the page for new devices (default: 80, or else 8080)")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="on a network, the clinic's own certificate with its chain, PEM")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the key of --certificate, PEM")
    parser.add_argument("--name", action="append", default=[], help="another name by which browsers may open the clinic; may be said again")
    parser.add_argument("--proxy", type=number, metavar="ADDRESS", help="only a proxy at this IP address may come, and says for whom (X-Forwarded-For, -Proto)")


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text} is not a port (1 to 65535)")
    return int(text)


def number(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ArgumentTypeError(f"{text} is not an IP address") from None


def run(args: Namespace) -> int:
    with folder.held(args.data):
        return serve(args)


def serve(args: Namespace) -> int:
    """Serve the clinic in args.data until somebody stops us; the folder is ours already."""
    from app.serving import addresses

    if bool(args.certificate) != bool(args.key):
        raise Unready("--certificate and --key belong together.", 2)
    if args.proxy and (args.lan or args.certificate):
        raise Unready("--proxy goes without --lan and --certificate: the proxy speaks TLS.", 2)
    if args.proxy:
        return on_this_machine(args)
    if args.lan or args.certificate or addresses.faces_others(args.host or "127.0.0.1"):
        return on_the_network(args)
    return on_this_machine(args)


def on_this_machine(args: Namespace) -> int:
    """By http, for this machine, or for a proxy and whoever it speaks for."""
    from app.main import create_app
    from app.serving import entrance, hosts, listeners, replication

    host, number = args.host or "127.0.0.1", args.port or ALONE
    listening = listen(host, number)
    with folder.opening():
        app = create_app(args.data)
    address = f"http://{f'[{host}]' if ':' in host else host}:{number}"
    known = hosts.KnownHosts(app, app.state, [host, *args.name])
    door = listeners.Door(hosts.Proxied(known, args.proxy) if args.proxy else known, listening, spared=args.proxy or "")
    with replication.beside(app.state):
        return listeners.run(app, [door], lambda: announce(address, app.state.first_run_code), entrance.Keeper(app, host, args.name).keep)


def on_the_network(args: Namespace) -> int:
    from app.main import create_app
    from app.serving import entrance, hello, hosts, lan, listeners, replication, secure

    host, names = args.host or "0.0.0.0", args.name
    main, first = take(host, args.port, 443), take(host, args.http_port, 80)
    with folder.opening():
        app = create_app(args.data)
    network = app.state.network
    network.port, network.hello_port = main.number, first.number
    try:
        here = lan.Lan(app.state, lan.certificate(args.data, args.certificate, args.key), host, names, partial(print, flush=True))
        here.look()
    except (secure.Unusable, OSError, ValueError) as problem:
        raise Unready(f"The certificate cannot be used: {problem}.") from None
    doors = [
        listeners.Door(hosts.KnownHosts(secure.Strict(app, network), app.state, names), main.listening, here.certificate.context),
        listeners.Door(hosts.KnownHosts(hello.Hello(app, network), app.state, names), first.listening),
    ]
    keeper = entrance.Keeper(app, host, names)

    async def beside() -> None:
        await asyncio.gather(here.watch(), keeper.keep())

    with replication.beside(app.state):
        return listeners.run(app, doors, lambda: announce_network(network, app.state.first_run_code), beside)


def listen(host: str, number: int):
    from app.serving import listeners

    try:
        return listeners.listen(host, number)
    except OSError as problem:
        raise cannot_listen(host, number, problem) from None


def take(host: str, number: int | None, usual: int):
    from app.serving import ports

    try:
        taken = ports.take(host, number, usual)
    except OSError as problem:
        raise cannot_listen(host, number or ports.INSTEAD[usual], problem, "--http-port" if usual == 80 else "--port") from None
    if taken.why:
        print(f"Port {usual} cannot be had ({taken.why}), so it is {taken.number} · 端口 {usual} 不可用，改用 {taken.number}")
    return taken


def cannot_listen(host: str, number: int, problem: OSError, option: str = "--port") -> Unready:
    return Unready(f"Cannot listen on {host} port {number}: {problem.strerror or problem}. Another port: {option} {number + 1} · 端口用不了，请加上 {option} {number + 1} 换一个")


def announce(address: str, code: str | None) -> None:
    print(f"\nYihe 医和 · {address}\n")
    draw(address)
    last_words(code)


def announce_network(network, code: str | None) -> None:
    """By name and by number; a device that is new begins at the page that hands out the clinic's authority, if there is need of one."""
    found = dict.fromkeys(network.at(host) for host in (network.host(), *network.addresses) if network.shown.covers(host))
    print(f"\nYihe 医和 · {'  ·  '.join(found) or network.at()}\n")
    draw(network.first())
    if not network.shown.own:
        print(f"A device's first visit · 设备第一次打开：{network.first()}")
        print(f"Its certificate's fingerprint · 证书指纹 (SHA-256)：\n{network.shown.fingerprint}")
    last_words(code)


def draw(address: str) -> None:
    import segno

    segno.make(address, micro=False).terminal(compact=True)


def last_words(code: str | None) -> None:
    if code:
        print(f"First run: open the address and type this code · 首次使用，打开网址后输入：{code}")
    print("Ctrl-C stops it · 按 Ctrl-C 停止", flush=True)
