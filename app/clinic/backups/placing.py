"""From a row to the place it means."""

from pathlib import Path

import msgspec

from app.clinic.backups.making import key_path
from app.clinic.backups.shapes import Kind
from app.core import servers
from app.core.errors import Refusal
from app.core.places import FolderPlace, FoundFolder, Place
from app.core.sealing import id_of, key_of
from app.core.words import N_

OWN = "backups"  # in the data folder, while no other place is chosen
SAYS = """\
这里是一家诊所的医和加密备份。没有恢复单上的密钥，谁也打不开。
请不要改动、改名或删除这里的文件；医和会自己清理旧的备份。

怎样恢复：在一台装好医和的电脑上运行
    python3 run.py restore 此文件夹中最新的.yihe文件 --data 一个空文件夹
然后按提示输入恢复单上的密钥。

These are the encrypted backups of a clinic that works with Yihe. Without the key on the recovery sheet nobody can open them.
Please change, rename and delete nothing here; Yihe clears old backups away by itself.

To restore, on a computer that has Yihe:
    python3 run.py restore THE-NEWEST.yihe --data AN-EMPTY-FOLDER
and type the key of the recovery sheet when asked.
"""


def own_name(key: bytes) -> str:
    """Of this clinic's own folder in a chosen one: two clinics may share a stick."""
    return f"yihe-{id_of(key).hex()[:8]}"


def folder_in(chosen: Path, key: bytes) -> Path:
    name = own_name(key)
    return chosen if chosen.name == name else chosen / name


def open_place(data: Path, kind: Kind, at: str) -> Place:
    """Raises Unreachable where it is not there now, here or at its first use."""
    if kind == "own":
        own = folder_place(data / OWN)
        own.prepare()
        return own
    if kind == "folder":
        return folder_place(Path(at))
    server = msgspec.json.decode(at, type=servers.Server)
    access = servers.kept(data / "keys", server)
    if access is None:
        raise Refusal(N_("The password or key for %(host)s is not known here any more. Set this place up anew."), host=server.host)
    return sftp_place(server, access)


def folder_place(folder: Path) -> FolderPlace:
    return FolderPlace(folder, SAYS)


def found(folder: Path) -> Place:
    """Where somebody says that backups lie."""
    return FoundFolder(folder)


def chosen(data: Path, to: str) -> Place:
    """What was named at the terminal: a folder, made where it is missing, or a machine that lets us in already. Raises Refusal."""
    key = key_of(key_path(data))
    if to.startswith("sftp://"):
        server = servers.parse(to)
        return open_place(data, "sftp", msgspec.json.encode(machine_in(server, key)).decode())
    place = folder_place(folder_in(Path(to).absolute(), key))
    place.prepare()
    return place


def machine_in(server: servers.Server, key: bytes) -> servers.Server:
    name = own_name(key)
    return server if server.folder.endswith(f"/{name}") else msgspec.structs.replace(server, folder=f"{server.folder}/{name}")


def sftp_place(server: servers.Server, access: servers.Access) -> Place:
    from app.core.sftp import SftpPlace

    return SftpPlace(server, access, SAYS)
