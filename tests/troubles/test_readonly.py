"""A box that starts with its disk mounted read-only, as systems do after an error, shows what is there."""

import shutil
import subprocess

import pytest
from litestar.testing import TestClient

from app.commands import folder as command
from app.main import furnish, open_clinic
from tests.conftest import PASSWORD


def mount(*words):
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path):
    """A disk of its own, where the system lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    if not shutil.which("mount") or not mount("-t", "tmpfs", "-o", "size=32m", "tmpfs", place):
        pytest.skip("no leave to mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_disk_that_is_read_only_at_start_is_served_for_reading(disk, made_once, the_house):
    folder = disk / "data"
    shutil.copytree(made_once, folder)
    furnish(the_house, folder)
    with TestClient(the_house) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD})
        cookies = dict(client.cookies)
    with command.held(folder):
        pass
    assert mount("-o", "remount,ro", disk)
    with command.held(folder):
        furnish(the_house, folder)
        with TestClient(the_house, cookies=cookies) as client:
            client.headers["Sec-Fetch-Site"] = "same-origin"
            state = client.app.state
            state.troubles.look(state)
            page = client.get("/manage/staff")
            assert page.status_code == 200 and "林文清" in page.text and 'data-trouble="disk.readonly"' in page.text
            refused = client.post("/patients", data={"name": "李小小", "sex": "female"}, follow_redirects=False)
            assert refused.status_code == 503 and "磁盘写不进去了" in refused.text
    assert mount("-o", "remount,rw", disk)
    db = open_clinic(folder)
    assert db.faults.writing is None
    db.close()
