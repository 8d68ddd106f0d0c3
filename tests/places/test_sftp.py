"""The place on another machine: kept whole or not at all, and only on the machine that was trusted."""

import logging
from pathlib import Path

import asyncssh
import pytest

from app.core import servers, sftp
from app.core.errors import Invalid, NotFound
from app.core.places import NoRoom, Unreachable
from tests.places.conftest import PASSWORD, Machine

LARGE = bytes(range(256)) * 4 * 1024 * 3 + b"end"


def files(machine: Machine) -> set[str]:
    return {str(path.relative_to(machine.folder)) for path in machine.folder.rglob("*") if path.is_file()}


def test_what_is_put_is_there_listed_read_and_dropped(machine):
    place = sftp.SftpPlace(machine.server(), machine.access(), says="Keep this folder.")
    with pytest.raises(Unreachable):  # an empty folder may be one whose disk is not there
        place.put("a.yihe", [b"1"])
    place.prepare()
    place.prepare()
    assert (machine.folder / "srv/yihe/README.txt").read_text() == "Keep this folder."

    assert place.put("a.yihe", [b"one ", b"two"]) == 7
    assert place.put("a.yihe", [b"three"]) == 5  # over what stood there
    assert place.put("files/3f/3f9a", (LARGE[start:start + 100_000] for start in range(0, len(LARGE), 100_000))) == len(LARGE)
    assert place.names() == {"a.yihe": 5} and place.names("files/3f") == {"files/3f/3f9a": len(LARGE)}
    assert place.names("nowhere") == {}
    assert b"".join(place.get("files/3f/3f9a")) == LARGE
    with pytest.raises(NotFound):
        place.get("b.yihe")
    for outside in ("../secret", "/etc/passwd", "a/../../b", ".hidden"):
        with pytest.raises(NotFound):
            place.put(outside, [b""])
    place.drop("a.yihe")
    place.drop("a.yihe")
    assert files(machine) == {"srv/yihe/README.txt", "srv/yihe/files/3f/3f9a"}
    assert (machine.folder / "srv/yihe/files/3f/3f9a").stat().st_mode & 0o777 == 0o600
    place.close()
    assert place.names() == {}  # it reaches out again by itself
    place.close()


def test_what_stops_half_way_leaves_nothing_and_what_was_killed_is_swept(machine):
    place = sftp.SftpPlace(machine.server(), machine.access())
    place.prepare()
    place.put("a.yihe", [b"old"])

    def breaking():
        yield LARGE
        raise KeyError("the source broke")

    with pytest.raises(KeyError):
        place.put("a.yihe", breaking())
    for failure in (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPFailure):
        machine.failing = failure
        with pytest.raises(NoRoom):
            place.put("a.yihe", [b"new"])
    machine.failing, machine.full = None, True
    with pytest.raises(NoRoom):
        place.put("a.yihe", [b"new"])
    machine.full = False
    assert files(machine) == {"srv/yihe/README.txt", "srv/yihe/a.yihe"} and b"".join(place.get("a.yihe")) == b"old"

    (machine.folder / "srv/yihe/feed.part").write_bytes(b"of a run that was killed")
    assert place.names() == {"a.yihe": 3}
    place.close()
    place.put("b.yihe", [b""])
    assert files(machine) == {"srv/yihe/README.txt", "srv/yihe/a.yihe", "srv/yihe/b.yihe"}
    place.close()


def test_a_machine_that_goes_and_comes_back(machine):
    place = sftp.SftpPlace(machine.server(), machine.access())
    place.prepare()
    place.put("a.yihe", [LARGE])
    reading = place.get("a.yihe")
    next(reading)
    machine.stop()
    with pytest.raises(Unreachable, match="127.0.0.1 does not answer"):
        list(reading)
    with pytest.raises(Unreachable):
        place.put("b.yihe", [b"1"])
    machine.start()
    assert place.put("b.yihe", [b"1"]) == 1
    place.close()


def test_another_machine_at_its_address_is_refused_before_it_learns_anything(machine, caplog):
    place = sftp.SftpPlace(machine.server(), machine.access())
    place.prepare()
    place.close()
    trusted = machine.access().host_key
    assert sftp.shown_key(machine.server()) == trusted
    machine.stop()
    machine.keys = [asyncssh.generate_private_key("ecdsa-sha2-nistp256")]
    machine.start()
    with pytest.raises(servers.Stranger, match="is not the one that was trusted") as refused:
        place.names()
    assert servers.fingerprint(trusted) in str(refused.value)
    assert not PASSWORD.encode() in b"".join(path.read_bytes() for path in machine.folder.rglob("*") if path.is_file())
    place.close()


def test_a_password_a_key_and_who_has_neither(machine, caplog):
    caplog.set_level(logging.DEBUG)
    with_key = sftp.SftpPlace(machine.server("/by-key"), machine.access(key=machine.user_key.export_private_key().decode()))
    with_key.prepare()
    with_key.close()
    for secrets in ({"password": "wrong"}, {"key": asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()}):
        place = sftp.SftpPlace(machine.server(), machine.access(**secrets))
        with pytest.raises(servers.TurnedAway):
            place.prepare()
        place.close()
    assert PASSWORD not in caplog.text and PASSWORD not in repr(machine.access())
    for text in ("", "no key at all", machine.user_key.export_private_key("pkcs8-pem", passphrase="x").decode()):
        with pytest.raises(Invalid):
            sftp.usable_key(text)
    assert sftp.usable_key(machine.user_key.export_private_key().decode())


def test_addresses():
    told = "sftp://back%40up@nas.lan:2222/volume1/my%20clinic"
    assert servers.parse(told) == servers.Server("nas.lan", "back@up", "/volume1/my clinic", 2222)
    assert str(servers.parse(told)) == told
    assert str(servers.parse("sftp://a@[fe80::1]/~/yihe")) == "sftp://a@[fe80::1]/~/yihe"
    assert servers.parse("sftp://a@nas/~/yihe/").folder == "yihe"
    for wrong in ("", "nas", "sftp://nas/x", "sftp://a@nas", "sftp://a@nas/", "sftp://a@nas:x/y", "ftp://a@nas/x", "sftp://a:b@nas/x",
                  "sftp://a@nas/../x", "sftp://a@nas/x?y", "sftp://-oProxyCommand=x@-x/y", "sftp://a@nas/x%0ay", "sftp://a@nas:99999/x"):
        with pytest.raises(Invalid):
            servers.parse(wrong)


def test_secrets_are_ours_alone(tmp_path: Path, machine):
    keys = tmp_path / "keys"
    assert servers.kept(keys, machine.server()) is None
    servers.keep(keys, machine.server(), machine.access())
    assert servers.kept(keys, machine.server("/another/folder")) == machine.access()
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600} and len(list(keys.iterdir())) == 1
    servers.forget(keys, machine.server())
    servers.forget(keys, machine.server())
    assert not list(keys.iterdir())
