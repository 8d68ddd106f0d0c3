"""A clinic with one of everything and a session of each role, kept to be copied; and how long the attack lasts."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest
import schemathesis
from litestar.testing import TestClient

from app.core import places
from tests.conftest import CAST
from tests.fuzz import hostile
from tests.fuzz.attacking import STRANGER, Attack
from tests.fuzz.openapi import document
from tests.house.test_whose import everything  # noqa: F401  one of everything

SLOW = os.environ.get("YIHE_SLOW") == "1"
MINUTES = float(os.environ.get("YIHE_FUZZ_MINUTES", "30"))
ROLES = (*CAST, STRANGER)


@pytest.fixture
def schema(client: TestClient, sign_in: Callable[[str], TestClient], everything: tuple[int, int]) -> schemathesis.BaseSchema:  # noqa: F811, ARG001
    hostile.teach()
    return schemathesis.openapi.from_dict(document(client.app, sign_in("owner")))


@pytest.fixture
def attack(
    client: TestClient, sign_in: Callable[[str], TestClient], everything: tuple[int, int], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,  # noqa: F811, ARG001
) -> Iterator[Attack]:
    _keep_inside(monkeypatch, tmp_path)
    cookies = {role: dict(sign_in(role).cookies) for role in CAST}
    made = tmp_path / "made"
    shutil.copytree(folder, made, ignore=shutil.ignore_patterns("clinic.db*"))
    client.app.state.db.copy_to(made / "clinic.db")
    attack = Attack(client, made, cookies, tmp_path)
    yield attack
    attack.stop()


def _keep_inside(patch: pytest.MonkeyPatch, room: Path) -> None:
    """What is typed as the name of a machine or a folder reaches no machine and makes no folder elsewhere."""
    really = places.FolderPlace.prepare

    def prepare(place: places.FolderPlace) -> None:
        if not place.folder.is_relative_to(room):
            with places._reaching():
                place.folder.lstat()
            raise places.Unreachable("not in a test")
        really(place)

    async def nobody(*_given: object, **_more: object) -> None:
        raise OSError("no network in this test")

    patch.setattr(places.FolderPlace, "prepare", prepare)
    patch.setattr(asyncssh, "get_server_host_key", nobody)
    patch.setattr(asyncssh, "connect", nobody)
