"""Lists of our own, and a way to bring them in as the sweep does."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from app.clinic import rosters
from app.core.db import Database
from app.core.files import Files

HEAD = ["姓名", "性别", "出生日期", "身份证号", "电话", "会员卡号"]
WANG = ["王秀英", "女", "1948-03-12", "", "138 0013 8000", "K001"]
LI = ["李建国", "男", "1950年1月2日", "110105195001020018", "13900139000", "K002"]


def csv_of(*lines: list[str], head: list[str] = HEAD) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *lines])
    return text.getvalue().encode()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.fixture
def bring(db: Database, files: Files, who) -> Callable[..., rosters.Roster]:
    """bring(content, alike="same") takes a list over in one go, in the nurse's name."""

    def run(content: bytes, name: str = "list.csv", **how) -> rosters.Roster:
        id, counts = rosters.bring(db, who("nurse"), files, name, content, **{"source": "old", **how})
        assert counts.lines == rosters.roster(db, id).lines
        return rosters.roster(db, id)

    return run


@pytest.fixture
def take_back(db: Database, who) -> Callable[[int], None]:
    def run(roster_id: int) -> None:
        rosters.undo(db, who("doctor"), roster_id)
        rosters.take_back(db, *rosters.claim(db))

    return run
