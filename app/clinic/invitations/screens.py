"""A questionnaire one question at a time: what stands on each screen, in reading order."""

import msgspec

from app.clinic.questionnaires import Place, State

END = "[end]"  # the screen after the last question; no path begins with a bracket
SECONDS = 15  # a question takes about so long


class Screen(msgspec.Struct, frozen=True, eq=False):
    """above: the headings it stands under and what is told before it."""

    place: Place
    above: tuple[Place, ...]

    @property
    def path(self) -> str:
        return self.place.path


def screens(state: State) -> list[Screen]:
    """One for every question that is asked now."""
    by_path, told, found = {place.path: place for place in state.shown}, [], []
    for place in state.shown:
        if place.item.type == "display":
            told.append(place)
        elif place.item.asked:
            found.append(Screen(place, (*_headings(by_path, place), *told)))
            told = []
    return found


def _headings(by_path: dict[str, Place], place: Place) -> list[Place]:
    found: list[Place] = []
    parent = by_path.get(place.parent or "")
    while parent is not None:
        if parent.item.text and not parent.item.hidden:
            found.insert(0, parent)
        parent = by_path.get(parent.parent or "")
    return found


def stands(state: State, at: str) -> str:
    """Where a device stands: its question if that is still asked, else the first that is not answered, else the end."""
    paths = [one.path for one in screens(state)]
    if at in paths or at == END:
        return at
    return next((path for path in paths if path not in state.given), END)


def step(state: State, at: str, by: int) -> str:
    """The question after (1) or before (-1) this one."""
    paths = [*(one.path for one in screens(state)), END]
    here = paths.index(at) if at in paths else 0
    return paths[max(0, min(here + by, len(paths) - 1))]


def minutes(questions: int) -> int:
    return max(1, round(questions * SECONDS / 60))
