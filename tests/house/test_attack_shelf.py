"""What somebody tries who stands beside the box, on its Wi-Fi, or with one of its tablets: each of these once went through."""

from pathlib import Path

import pytest

from app.clinic import staff
from app.clinic.backups.pruning import drop_files
from app.core.errors import Invalid, TooMany
from app.core.places import FolderPlace, FoundFolder, Unreachable
from app.serving.hosts import KnownHosts
from tests.conftest import PASSWORD
from tests.entrance.test_hosts import State, ask, telling


def guess(db, name: str, address: str, tablet: int | None = None, times: int = 5) -> None:
    for _time in range(times):
        with pytest.raises(Invalid):
            staff.sign_in(db, name, "not-this-one-4711", "x", address, "", tablet)


@pytest.fixture
def tablet(db, who) -> int:
    token = staff.enrol_by_code(db, staff.announce(db, who("owner"), "前台"), "10.0.0.5")
    return staff.tablet_of(db, token).id


def test_a_stranger_who_guesses_keeps_nobody_out_of_the_clinics_own_tablets(db, tablet):
    """Neither at the account from elsewhere nor from the address that a second router gives everybody."""
    guess(db, "nurse", "10.0.0.66")
    guess(db, "nobody", "10.0.0.7")
    with pytest.raises(TooMany):
        staff.sign_in(db, "nurse", PASSWORD, "x", "10.0.0.8")
    assert staff.sign_in(db, "nurse", PASSWORD, "x", "10.0.0.7", "", tablet)


def test_a_stolen_tablet_is_slowed_whatever_names_and_addresses_it_takes(db, tablet):
    guess(db, "nurse", "10.0.0.66", tablet, times=3)
    guess(db, "doctor", "10.0.0.67", tablet, times=2)
    for name in ("nurse", "doctor", "owner"):
        with pytest.raises(TooMany):
            staff.sign_in(db, name, PASSWORD, "x", "10.0.0.68", "", tablet)
    assert staff.sign_in(db, "nurse", PASSWORD, "x", "10.0.0.5")


def test_one_device_is_one_however_many_addresses_it_takes_in_ipv6(db):
    for n in range(5):
        guess(db, f"nobody{n}", f"fd00:1::{n + 1}", times=1)
    with pytest.raises(TooMany):
        staff.sign_in(db, "nurse", PASSWORD, "x", "fd00:1::99")


@pytest.mark.parametrize("path", ["/static/1/\0", "/fill/t/\0", "/static/1/" + "a" * 256, "/static/1/" + "a/" * 2500, "today"])
def test_a_path_that_no_page_or_file_can_have_goes_no_further(db, path):
    assert ask(KnownHosts(telling, State(db)), ("Host", "localhost"), path=path)[0] == 400


def test_a_request_of_two_lengths_is_refused(db):
    """A proxy before us might believe the other one, and take what follows for the next person's request."""
    both = [("Host", "localhost"), ("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
    assert ask(KnownHosts(telling, State(db)), *both)[0] == 400
    assert ask(KnownHosts(telling, State(db)), *both[:2])[0] == 200


@pytest.mark.parametrize("where", ["files", "files/3f", "."])
def test_a_link_on_a_stick_leads_the_backup_to_no_file_of_the_clinics(tmp_path: Path, where):
    """What no backup names is cleared away there: by a link it was the clinic's own photos."""
    own = tmp_path / "data" / "files" / "3f" / ("3f" * 32)
    own.parent.mkdir(parents=True)
    own.write_bytes(b"photo")
    place = FolderPlace(tmp_path / "stick" / "yihe-1")
    place.folder.parent.mkdir()
    if where == ".":
        (tmp_path / "data" / FolderPlace.MARK).touch()
        place.folder.symlink_to(tmp_path / "data")
    else:
        place.prepare()
        (place.folder / where).parent.mkdir(exist_ok=True)
        (place.folder / where).symlink_to(tmp_path / "data" / where)
    name = f"files/3f/{'3f' * 32}"
    for what in (lambda: drop_files(place, bytes(32), []), lambda: place.put(name, [b"x"]), lambda: place.drop(name), lambda: place.names("files/3f")):
        with pytest.raises(Unreachable):
            what()
    assert own.read_bytes() == b"photo"
    assert b"".join(FoundFolder(place.folder).get(name)) == b"photo"


def test_a_link_in_the_place_of_a_half_is_not_written_through(tmp_path: Path):
    place, own = FolderPlace(tmp_path / "yihe-1"), tmp_path / "clinic.db"
    own.write_bytes(b"the clinic")
    place.folder.mkdir()
    for name in (FolderPlace.MARK, "files/3f/one"):
        half = place.folder / f"{name}.part"
        half.parent.mkdir(parents=True, exist_ok=True)
        half.symlink_to(own)
    place.prepare()
    place.put("files/3f/one", [b"x"])
    assert own.read_bytes() == b"the clinic" and b"".join(place.get("files/3f/one")) == b"x"
