"""The table of doors, written down a second time: a right that is changed by mistake is noticed, and read by who looks over the house.

needs.txt has one line for each route: method, path, what it needs. A new route gets its line; a changed one is a decision.
"""

from pathlib import Path

from litestar import Litestar

from tests.house.routes import routes

WRITTEN = Path(__file__).parent / "needs.txt"


def test_every_door_needs_what_is_written_down(the_house: Litestar) -> None:
    found = {f"{one.method} {one.path} {one.needs}" for one in routes(the_house) if not one.path.startswith("/static/")}
    written = set(WRITTEN.read_text("utf-8").split("\n")) - {""}
    assert sorted(found - written) == [], "say it in needs.txt, if it is meant so"
    assert sorted(written - found) == [], "not so any more"
