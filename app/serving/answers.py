"""Short answers given before the app is asked, with the headers of all its answers."""

from collections.abc import Callable

MALFORMED = """\
这个请求无法识别。
This request could not be understood.
"""


def headers(text: str) -> list[tuple[bytes, bytes]]:
    from app.main import HEADERS, PRIVATE

    said = HEADERS | PRIVATE | {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(text.encode())), "Connection": "close"}
    return [(name.lower().encode(), value.encode()) for name, value in said.items()]


async def say(send: Callable, status: int, text: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers(text)})
    await send({"type": "http.response.body", "body": text.encode()})
