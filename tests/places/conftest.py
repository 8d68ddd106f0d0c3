"""Another machine on this one: an SFTP server of a user `yihe`, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from app.core.servers import Access, Server

PASSWORD = "a $long pass#word: with \"signs\""


class Machine:
    """folder: what its users see as /. `stop` and `start` are its power switch; what it shows survives in `keys`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        # two, as every machine has them: both our libraries must come to the same one
        self.keys = [asyncssh.generate_private_key(kind) for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256")]
        self.user_key = asyncssh.generate_private_key("ssh-ed25519")
        self.failing: type[Exception] | None = None
        self.full = False  # and says so only when asked
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def start(self) -> None:
        self._listener = asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)
        self.port = self._listener.get_port()

    def stop(self) -> None:
        async def cut() -> None:
            self._listener.close()
            for connection in list(self._connections):
                connection.abort()
                await connection.wait_closed()
            await self._listener.wait_closed()

        asyncio.run_coroutine_threadsafe(cut(), self.loop).result(10)

    async def _listen(self) -> asyncssh.SSHAcceptor:
        machine, self._connections = self, set()

        class Door(asyncssh.SSHServer):
            def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
                machine._connections.add(connection)

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, name: str, password: str) -> bool:
                return (name, password) == ("yihe", PASSWORD)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, name: str, key: asyncssh.SSHKey) -> bool:
                return name == "yihe" and key == machine.user_key.convert_to_public()

        class Disk(asyncssh.SFTPServer):
            def __init__(self, channel: asyncssh.SSHServerChannel) -> None:
                super().__init__(channel, chroot=str(machine.folder).encode())

            def write(self, file: object, offset: int, data: bytes) -> int:
                if machine.failing:
                    raise machine.failing("No space left on device")
                if machine.full:
                    raise asyncssh.SFTPFailure("Failure")
                return super().write(file, offset, data)

            def statvfs(self, path: bytes) -> asyncssh.SFTPVFSAttrs:
                about = super().statvfs(path)
                return asyncssh.SFTPVFSAttrs(bsize=4096, frsize=4096, bavail=0) if machine.full else about

        return await asyncssh.create_server(
            Door, "127.0.0.1", self.port, server_host_keys=self.keys, sftp_factory=Disk, reuse_address=True,
        )

    def server(self, folder: str = "/srv/yihe") -> Server:
        return Server("127.0.0.1", "yihe", folder, self.port)

    def access(self, **secrets: str) -> Access:
        return Access(self.keys[1].export_public_key().decode().strip(), **(secrets or {"password": PASSWORD}))


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    folder = tmp_path / "machine"
    folder.mkdir()
    made = Machine(folder)
    made.start()
    yield made
    made.stop()
    made.loop.call_soon_threadsafe(made.loop.stop)
    made.thread.join()
    made.loop.close()
