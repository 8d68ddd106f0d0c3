"""What the clinic's own authority vouches for, asked of openssl: for its own network, for nothing else, for a year."""

import os
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core import authority
from app.serving import secure
from app.serving.secure import Brought, Own, Strict, Unusable
from tests.conftest import NOW
from tests.loops import run

HOSTS = ["yihe.local", "192.168.1.20"]
DAY = timedelta(days=1)


def openssl(*words: object) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, timeout=20)


def verified(keys: Path, leaf: Path, at: datetime = NOW) -> subprocess.CompletedProcess:
    return openssl("verify", "-x509_strict", "-purpose", "sslserver", "-attime", int(at.timestamp()), "-CAfile", keys / "ca.pem", leaf)


def test_a_leaf_holds_where_only_the_authority_is_known(own: Own) -> None:
    shown = own.show(HOSTS, NOW)
    checked = verified(own.keys, own.keys / "leaf.pem")
    assert checked.returncode == 0, checked.stderr
    assert (shown.names, shown.addresses) == (("yihe.local", "localhost"), ("192.168.1.20", "127.0.0.1"))
    begins, ends = authority.life(own.leaf.certificate)
    assert ends - begins < timedelta(days=397) and shown.until == ends  # both ends count
    fingerprint = openssl("x509", "-in", own.keys / "ca.pem", "-noout", "-fingerprint", "-sha256").stdout
    assert fingerprint.strip().endswith(f"={shown.fingerprint}")


@pytest.mark.parametrize(("names", "numbers"), [
    (["bank.example"], []), (["yihe.local", "bank.example"], []), (["local.example"], []), (["yihe.local"], ["8.8.8.8"]), (["yihe.local"], ["2001:4860:4860::8888"]),
], ids=["a name", "a name behind ours", "nearly ours", "a number", "a long number"])
def test_whoever_has_its_key_cannot_be_somebody_else(own: Own, tmp_path: Path, names: list[str], numbers: list[str]) -> None:
    forged = tmp_path / "forged.pem"
    forged.write_bytes(authority.make_leaf(own.authority, names, numbers, NOW).certificate)
    refused = verified(own.keys, forged)
    assert refused.returncode and "permitted subtree violation" in refused.stderr


def test_it_makes_no_further_authorities_and_signs_no_programs(own: Own) -> None:
    said = openssl("x509", "-in", own.keys / "ca.pem", "-noout", "-text").stdout
    for words in ("CA:TRUE, pathlen:0", "Name Constraints: critical", "Key Usage: critical"):
        assert words in said
    assert "TLS Web Server Authentication\n" in said and "Code Signing" not in said


def test_names_that_are_not_ours_to_vouch_for_are_left_out(own: Own) -> None:
    shown = own.show(["yihe.local", "clinic.example.com", "203.0.113.5", "192.168.1.20"], NOW)
    assert (shown.names, shown.addresses) == (("yihe.local", "localhost"), ("192.168.1.20", "127.0.0.1"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_keys_are_ours_alone(own: Own) -> None:
    own.show(HOSTS, NOW)
    assert stat.S_IMODE(own.keys.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in own.keys.iterdir()} == dict.fromkeys(("ca.pem", "ca.key", "leaf.pem", "leaf.key"), 0o600)


def test_the_authority_is_made_once_and_the_leaf_when_it_must_be(own: Own) -> None:
    own.show(HOSTS, NOW)
    first, ends = own.leaf, authority.life(own.leaf.certificate)[1]
    again = Own(own.keys)
    again.show(HOSTS, ends - authority.EARLY - DAY)
    assert (again.authority, again.leaf) == (own.authority, first)
    again.show(HOSTS, ends - authority.EARLY + DAY)  # a third of its life is left
    assert again.leaf != first and verified(own.keys, own.keys / "leaf.pem", ends + 100 * DAY).returncode == 0
    second = again.leaf
    again.show(["yihe.local", "192.168.1.77"], ends - 100 * DAY)  # another number
    third = again.leaf
    assert third != second and authority.names_in(third.certificate)[1] == ("192.168.1.77", "127.0.0.1")
    assert again.authority == own.authority


def test_a_clock_that_is_wrong_makes_no_lasting_harm(own: Own) -> None:
    own.show(HOSTS, datetime(1970, 1, 1, tzinfo=UTC))
    assert authority.life(own.leaf.certificate)[0] == authority.FIRST_DAY
    own.show(HOSTS, datetime(2040, 1, 1, tzinfo=UTC))
    own.show(HOSTS, NOW)  # put right: what begins in 2040 is of no use today
    assert authority.life(own.leaf.certificate)[0] == NOW - DAY
    assert verified(own.keys, own.keys / "leaf.pem").returncode == 0


def test_a_power_cut_between_key_and_certificate_is_made_good(own: Own) -> None:
    own.show(HOSTS, NOW)
    (own.keys / "leaf.key").write_bytes(authority.make_leaf(own.authority, ["yihe.local"], [], NOW).key)
    again = Own(own.keys)
    again.show(HOSTS, NOW)
    assert authority.belong(again.authority, again.leaf)


def test_the_clinics_own_certificate_is_read_again_when_it_was_renewed(own: Own, tmp_path: Path) -> None:
    certificate, key = tmp_path / "own.pem", tmp_path / "own.key"

    def put(names: list[str], with_key: bool = True) -> None:
        made = authority.make_leaf(own.authority, names, [], NOW)
        certificate.write_bytes(made.certificate)
        if with_key:
            key.write_bytes(made.key)

    put(["yihe.clinic.example"])
    brought = Brought(certificate, key)
    shown = brought.show(HOSTS, NOW)
    assert shown.own and shown.names == ("yihe.clinic.example",) and shown.covers("yihe.clinic.example")
    put(["new.clinic.example"], with_key=False)
    shown = brought.show(HOSTS, NOW)  # half of a renewal
    assert shown.not_renewed and shown.names == ("yihe.clinic.example",)
    with pytest.raises(Unusable):
        Brought(certificate, key).show(HOSTS, NOW)
    put(["*.clinic.example"])
    shown = brought.show(HOSTS, NOW)
    assert not shown.not_renewed
    assert shown.covers("yihe.clinic.example") and not shown.covers("clinic.example") and not shown.covers("a.b.clinic.example")


@pytest.mark.parametrize(("port", "is_own", "strict"), [(443, True, True), (8443, True, False), (443, False, False)])
def test_browsers_are_bound_only_where_nothing_of_ours_is_needed(own: Own, port: int, is_own: bool, strict: bool) -> None:
    network = secure.Network(port=port, shown=own.show(HOSTS, NOW))
    network.shown.own = is_own
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    run(Strict(app, network)({"type": "http"}, None, send))
    assert bool(sent[0]["headers"]) == strict


