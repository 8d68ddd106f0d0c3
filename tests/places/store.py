"""An S3-compatible store in memory: as much of it as the replication asks for."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class Store:
    """objects: by `bucket/key`. who: what they signed with. broken: it refuses everything."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.meta: dict[str, dict[str, str]] = {}
        self.who: set[str] = set()
        self.broken = False


@contextmanager
def opened() -> Iterator[tuple[Store, str]]:
    """The store and its endpoint."""
    store = Store()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (Door,), {"store": store}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield store, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Door(BaseHTTPRequestHandler):
    store: Store
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _key(self) -> str:
        signed = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
        self.store.who.add(signed[1] if signed else "")
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return unquote(urlsplit(self.path).path).strip("/")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        if self.store.broken:
            status, body = 403, f"<Error {XMLNS}><Code>AccessDenied</Code><Message>Access Denied</Message></Error>".encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        key = self._key()
        self.store.objects[key] = self.body
        self.store.meta[key] = {name: value for name, value in self.headers.items() if name.lower().startswith("x-amz-meta-")}
        self._answer(200, ETag=f'"{hashlib.md5(self.body).hexdigest()}"')

    def do_GET(self) -> None:
        key, asked = self._key(), parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            return self._list(key, asked)
        if key not in self.store.objects:
            return self._answer(404, f"<Error {XMLNS}><Code>NoSuchKey</Code></Error>".encode())
        body, status = self.store.objects[key], 200
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            body, status = body[int(wanted[1]) : int(wanted[2]) + 1 if wanted[2] else None], 206
        self._answer(status, body, Last_Modified="Sun, 22 Nov 2026 08:00:00 GMT", **self.store.meta[key])

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Only DeleteObjects."""
        bucket = self._key()
        for name in re.findall(r"<Key>(.*?)</Key>", self.body.decode()):
            self.store.objects.pop(f"{bucket}/{name}", None)
        self._answer(200, f"<DeleteResult {XMLNS}></DeleteResult>".encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        self.store.objects.pop(self._key(), None)
        self._answer(204)

    def _list(self, bucket: str, asked: dict[str, list[str]]) -> None:
        prefix, mark = asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
        names = sorted(key.removeprefix(f"{bucket}/") for key in self.store.objects if key.startswith(f"{bucket}/{prefix}"))
        folders = sorted({prefix + name[len(prefix):].split(mark)[0] + mark for name in names if mark and mark in name[len(prefix):]})
        found = [name for name in names if not any(name.startswith(folder) for folder in folders)]
        body = "".join(f"<Contents><Key>{escape(name)}</Key><LastModified>2026-11-22T08:00:00.000Z</LastModified>"
                       f"<Size>{len(self.store.objects[f'{bucket}/{name}'])}</Size></Contents>" for name in found)
        body += "".join(f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in folders)
        whole = f"<ListBucketResult {XMLNS}><Name>{bucket}</Name><KeyCount>{len(found)}</KeyCount><IsTruncated>false</IsTruncated>{body}</ListBucketResult>"
        self._answer(200, whole.encode(), Content_Type="application/xml")
