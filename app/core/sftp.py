"""A place on another machine, by SFTP. Whoever needs it imports it then: the library takes 30 MB.

A loop of its own in a thread of its own talks to the machine, so that threads of the clinic may call it like any other
place and no page waits for it. Nothing of the user's own SSH set-up is read, and no key is believed but the one that was
shown and confirmed the first time.
"""

import asyncio
import posixpath
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import uuid4

import asyncssh

from app.core.errors import Invalid, NotFound, Refusal
from app.core.places import PART, FolderPlace, NoRoom, Unreachable, parts_of
from app.core.servers import HOST_KEYS, Access, Server, Stranger, TurnedAway, fingerprint
from app.core.words import N_

PIECE = 1024 * 1024  # asked for and sent in many requests at once: a far machine is as fast as its line
REACH_SECONDS = 15
LEAST_ROOM = 2 * PIECE  # bytes
ANSWER_SECONDS = 60  # a machine that takes longer over one step is taken for one that is not there
MARK = FolderPlace.MARK
GONE = (OSError, asyncssh.DisconnectError, asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)


def shown_key(server: Server) -> str:
    """The key the machine shows to anybody, as `type base64`: for a person to compare before it is trusted."""
    async def ask() -> asyncssh.SSHKey:
        async with asyncio.timeout(REACH_SECONDS):
            return await asyncssh.get_server_host_key(server.host, server.port, server_host_key_algs=HOST_KEYS, config=None)

    with _reaching(server):
        with ThreadPoolExecutor(1) as apart:  # the caller's thread may have a loop of its own
            shown = apart.submit(lambda: asyncio.run(ask())).result()
        return " ".join(shown.export_public_key().decode().split()[:2])  # what may follow is a comment


def usable_key(text: str, field: str = "key") -> str:
    """The private key as it can be kept. Raises Invalid."""
    try:
        asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, UnicodeEncodeError):
        raise Invalid({field: N_("This is not a private key that can be read: it must be an OpenSSH key without a passphrase.")}) from None
    return text


class SftpPlace:
    """A Place. `access` names the key the machine must show; says: what its README.txt tells whoever finds it."""

    def __init__(self, server: Server, access: Access, says: str = "Yihe") -> None:
        self.server, self.access, self.says = server, access, says
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        self._seen: set[str] = set()  # folders that are there and swept, in this connection
        self._one_at_a_time = threading.RLock()

    def prepare(self) -> None:
        self._run(self._prepare())

    def names(self, folder: str = "") -> dict[str, int]:
        return self._run(self._names(folder))

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        target = self._path(name)
        half = posixpath.join(posixpath.dirname(target), f"{uuid4().hex}{PART}")
        with self._one_at_a_time:
            file = self._run(self._begin(half))
            try:
                size = sum(self._run(file.write(piece)) for piece in _larger(pieces))
                self._run(self._finish(file, half, target, size))
            except BaseException as problem:
                full = isinstance(problem, Unreachable) and self._full()  # while the half still takes its room
                with suppress(Refusal):
                    self._run(self._give_up(file, half))
                if full:
                    raise NoRoom() from problem
                raise
        return size

    def _full(self) -> bool:
        """OpenSSH says of a full disk no more than that it failed."""
        with suppress(Refusal):
            return self._run(self._room()) < LEAST_ROOM
        return False

    def get(self, name: str) -> Iterator[bytes]:
        file = self._run(self._open(self._path(name)))
        return self._pieces(file)

    def drop(self, name: str) -> None:
        self._run(self._drop(self._path(name)))

    def close(self) -> None:
        with self._one_at_a_time:
            if self._loop:
                with suppress(Exception):
                    self._wait(self._hang_up())
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
                self._loop = None

    # ── in the calling thread ──

    def _path(self, name: str) -> str:
        return posixpath.join(self.server.folder, *parts_of(name))

    def _run(self, step: Coroutine) -> Any:
        with self._one_at_a_time, _reaching(self.server, self.access):
            try:
                return self._wait(step)
            except GONE:
                with suppress(Exception):
                    self._wait(self._hang_up())
                raise

    def _wait(self, step: Coroutine) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_keep_running, args=[self._loop], name="sftp", daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(step, ANSWER_SECONDS), self._loop).result()

    def _pieces(self, file: asyncssh.SFTPClientFile) -> Iterator[bytes]:
        try:
            while piece := self._run(file.read(PIECE)):
                yield piece
        finally:
            with suppress(Refusal):
                self._run(file.close())

    # ── in the loop's ──

    @asynccontextmanager
    async def _reached(self) -> AsyncIterator[asyncssh.SFTPClient]:
        if self._client is None:
            trusted = asyncssh.import_public_key(self.access.host_key)
            self._connection = await asyncssh.connect(
                self.server.host, self.server.port, username=self.server.user, password=self.access.password or None,
                client_keys=[asyncssh.import_private_key(self.access.key)] if self.access.key else None,
                known_hosts=([trusted], [], []), server_host_key_algs=[kind for kind in HOST_KEYS if kind.encode() in trusted.all_sig_algorithms],
                config=None, agent_path=None, connect_timeout=REACH_SECONDS, login_timeout=REACH_SECONDS, keepalive_interval=REACH_SECONDS,
            )
            self._client, self._seen = await self._connection.start_sftp_client(), set()
        yield self._client

    async def _hang_up(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection:
            connection.abort()
            await connection.wait_closed()

    async def _prepare(self) -> None:
        async with self._reached() as client:
            await client.makedirs(self.server.folder, exist_ok=True)
            mark = posixpath.join(self.server.folder, MARK)
            if not await client.exists(mark):
                async with client.open(mark, "wb") as file:
                    await file.write(self.says.encode())

    async def _there(self, client: asyncssh.SFTPClient) -> None:
        if "" not in self._seen:
            if not await client.exists(posixpath.join(self.server.folder, MARK)):
                raise Unreachable(N_("The folder on %(host)s is not there: is its disk switched on?"), host=self.server.host)
            self._seen.add("")

    async def _names(self, folder: str) -> dict[str, int]:
        async with self._reached() as client:
            await self._there(client)
            start, found = f"{folder}/" if folder else "", {}
            with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                async for entry in client.scandir(self._path(folder) if folder else self.server.folder):
                    if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR and entry.filename != MARK and not entry.filename.endswith(PART):
                        found[start + entry.filename] = entry.attrs.size
            return found

    async def _begin(self, half: str) -> asyncssh.SFTPClientFile:
        folder = posixpath.dirname(half)
        async with self._reached() as client:
            await self._there(client)
            if folder not in self._seen:
                await client.makedirs(folder, exist_ok=True)
                async for left in client.scandir(folder):
                    if left.filename.endswith(PART):  # of a run that was killed
                        await client.remove(posixpath.join(folder, left.filename))
                self._seen.add(folder)
            return await client.open(half, "wb", asyncssh.SFTPAttrs(permissions=0o600))

    async def _finish(self, file: asyncssh.SFTPClientFile, half: str, target: str, size: int) -> None:
        """As safely there as the machine can: some cannot say when a file is on the disk, or not rename over another."""
        async with self._reached() as client:
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()
            await file.close()
            if (await client.stat(half)).size != size:
                raise NoRoom()
            try:
                await client.posix_rename(half, target)
            except asyncssh.SFTPOpUnsupported:
                with suppress(asyncssh.SFTPNoSuchFile):
                    await client.remove(target)
                await client.rename(half, target)

    async def _give_up(self, file: asyncssh.SFTPClientFile, half: str) -> None:
        async with self._reached() as client:
            with suppress(Exception):
                await file.close()
            with suppress(asyncssh.SFTPNoSuchFile):
                await client.remove(half)

    async def _room(self) -> int:
        async with self._reached() as client:
            about = await client.statvfs(self.server.folder)
            return about.bavail * about.frsize

    async def _open(self, path: str) -> asyncssh.SFTPClientFile:
        async with self._reached() as client:
            await self._there(client)
            return await client.open(path, "rb")

    async def _drop(self, path: str) -> None:
        async with self._reached() as client:
            await self._there(client)
            with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                await client.remove(path)


def _keep_running(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def _larger(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces put together: each is waited for."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


@contextmanager
def _reaching(server: Server, access: Access | None = None) -> Iterator[None]:
    """What the other machine and the way to it answer, as what can be done about it."""
    host = server.host
    try:
        yield
    except asyncssh.HostKeyNotVerifiable as error:
        raise Stranger(
            N_("The machine %(host)s is not the one that was trusted: its key was %(key)s and is another now. "
               "If it was set up anew, set up the place anew; if not, somebody may stand in between."),
            host=host, key=fingerprint(access.host_key) if access else "",
        ) from error
    except asyncssh.PermissionDenied as error:
        raise TurnedAway(N_("The machine %(host)s does not accept this name with this password or key."), host=host) from error
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect) as error:
        raise TurnedAway(N_("The machine %(host)s does not let us write in this folder."), host=host) from error
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
        raise NotFound() from error
    except (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded) as error:
        raise NoRoom() from error
    except GONE as error:
        raise Unreachable(N_("The machine %(host)s does not answer. Is it switched on, and its address right?"), host=host) from error
    except asyncssh.Error as error:
        if "space" in error.reason.lower() or "quota" in error.reason.lower():  # all that most machines can say
            raise NoRoom() from error
        raise Unreachable(N_("The machine %(host)s could not do it: %(why)s"), host=host, why=error.reason) from error
