"""Serve the clinic to browsers (what happens without a command)."""

import gc
import os
import signal
import socket
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from app.commands import folder
from app.commands.environment import Unready

KEEP_SECONDS = 75  # a tablet's connection between two taps
FINISH_SECONDS = 10  # what is being saved may finish; a browser that only listens may not hold us up


def add_arguments(parser: ArgumentParser) -> None:
    folder.add_data(parser)
    add_address(parser)


def add_address(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on (default: 8000)")
    parser.add_argument("--lan", action="store_true", help="serve the clinic's network, not only this machine")


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text} is not a port (1 to 65535)")
    return int(text)


def run(args: Namespace) -> int:
    with folder.held(args.data):
        listening = listen("0.0.0.0" if args.lan else args.host, args.port)
        return serve(args, listening)


def listen(host: str, number: int) -> socket.socket:
    """Named TCP, for asyncio sends without waiting (TCP_NODELAY) only then: an answer came 40 ms late."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":  # there it would let two programs share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, number))
        listening.listen(512)
    except OSError as problem:
        listening.close()
        raise Unready(f"Cannot listen on {host} port {number}: {problem.strerror or problem}. "
                      "Another port: --port 8001") from None
    return listening


def serve(args: Namespace, listening: socket.socket) -> int:
    import uvicorn

    from app.main import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                settle_memory()
                announce(f"http://{reachable(args)}:{args.port}", app.state.first_run_code)

    with folder.opening():
        app = create_app(args.data)
    config = uvicorn.Config(
        app, lifespan="on", loop="asyncio", http="h11", ws="none", access_log=False, server_header=False,
        proxy_headers=False,  # who asks is who is connected, whatever a header claims
        log_level="warning", timeout_keep_alive=KEEP_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    server = Server(config)
    for stop in (signal.SIGINT, signal.SIGTERM):  # uvicorn stops on these, then raises them again: that is not an error
        signal.signal(stop, lambda *_: None)
    server.run([listening])
    return 0 if server.started else 1


def settle_memory() -> None:
    """What start-up made stays for ever: looking through it again made a page wait 80 ms every two seconds."""
    gc.collect()
    gc.freeze()


def reachable(args: Namespace) -> str:
    """The address others use: with --lan the one that faces the network (a UDP connect sends nothing)."""
    if not args.lan:
        return f"[{args.host}]" if ":" in args.host else args.host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()


def announce(address: str, code: str | None) -> None:
    import segno

    print(f"\nYihe 医和 · {address}\n")
    segno.make(address, micro=False).terminal(compact=True)
    if code:
        print(f"First run: open the address and type this code · 首次使用，打开网址后输入：{code}")
    print("Ctrl-C stops it · 按 Ctrl-C 停止", flush=True)
