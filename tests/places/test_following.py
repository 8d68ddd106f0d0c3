"""What an owner sees of the continuous copy, and the command that sets it up."""

import io
import re
from argparse import Namespace
from datetime import timedelta

import pytest

from app.commands import replicate
from app.commands.environment import Unready
from app.core import clock, following, replicas, servers
from app.core.places import Unreachable
from tests.places.conftest import PASSWORD


def test_the_page_says_how_far_the_copy_is(sign_in, client):
    sign_in("owner")
    assert "连续备份" not in client.get("/manage/backup").text
    told = client.app.state.following = following.Following("sftp://a@b/c", clock.now())
    assert "正在向 sftp://a@b/c 传第一份完整的副本" in client.get("/manage/backup").text
    told.whole = clock.now() - timedelta(minutes=3)
    assert "今天 09:27 为止的内容都已在那里" in client.get("/manage/backup").text
    told.why = Unreachable("The machine %(host)s does not answer. Is it switched on, and its address right?", host="<b>")
    page = client.get("/manage/backup").text
    assert "&lt;b&gt; 没有回应" in page and "上次完整是：今天 09:27" in page
    del client.app.state.following


def told_of(folder, **words) -> Namespace:
    return Namespace(**{"data": folder, "to": None, "off": False, "trust": None, "ssh_key": None} | words)


def test_it_is_set_up_and_switched_off(folder, machine, monkeypatch, capsys, tmp_path):
    to = str(machine.server("/copies/heping"))
    shown = servers.fingerprint(machine.access().host_key)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert replicate.run(told_of(folder, to=to, trust=shown)) == 0
    assert replicas.kept_secrets(folder / "keys", machine.server()) == machine.access()
    assert (machine.folder / "copies/heping/README.txt").exists()
    assert replicate.run(told_of(folder)) == 0
    assert to in capsys.readouterr().out
    assert PASSWORD.encode() not in (folder / "clinic.db").read_bytes()
    assert replicate.run(told_of(folder, off=True)) == 0
    replicate.run(told_of(folder))
    assert "Nothing is sent anywhere" in capsys.readouterr().out

    for wrong in ({"trust": "SHA256:another"}, {}):  # nobody is asked where nobody sits
        with pytest.raises(Unready, match=re.escape(shown)):
            replicate.run(told_of(folder, to=to, **wrong))
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    with pytest.raises(Unready, match="does not accept"):
        replicate.run(told_of(folder, to=str(machine.server()), trust=shown))
    for wrong in ("relative/folder", "https://example.com/x", "s3://UPPER/x", "s3://bucket", "s3://bucket/x?secret=1", "sftp://a:b@c/d"):
        with pytest.raises(Unready):
            replicate.run(told_of(folder, to=wrong))
