"""What changed between two versions, for people: what is asked, in which words, when, and what follows from it.

Nothing is passed over in silence: what has no sentence of its own is told as a detail.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from app.clinic.questionnaires.difference import Difference, about, label, rest, reworded
from app.clinic.questionnaires.extensions import OURS
from app.clinic.questionnaires.item_differences import changed_in
from app.clinic.questionnaires.shapes import Definition
from app.core.words import N_

USES = {"patient": N_("the patient"), "staff": N_("staff"), "consultation": N_("the doctor in a consultation")}
TOLD_OF_ALL = {
    "title", "_title", "description", "_description", "copyright", "item", f"{OURS}use", f"{OURS}text-status", f"{OURS}scoring-status", "date", "version",
}  # fmt: skip


def differences(old: Definition, new: Definition) -> list[Difference]:
    """In reading order of the new one; what was taken out comes first."""
    found = list(_questionnaire(old, new))
    found += [about(item, N_("Taken out: “%(item)s”")) for name, item in old.by_id.items() if name not in new.by_id]
    moved = _moved(old, new)
    for name, item in new.by_id.items():
        before = old.by_id.get(name)
        if before is None:
            found.append(about(item, N_("New: “%(item)s”")))
            continue
        if name in moved:
            found.append(about(item, N_("Moved: “%(item)s”")))
        found += changed_in(before, item)
    return found


def _questionnaire(old: Definition, new: Definition) -> Iterator[Difference]:
    yield from reworded(old.title, new.title, "")
    yield from reworded(old.description, new.description, "")
    if (old.copyright, old.texts, old.scoring) != (new.copyright, new.texts, new.scoring):
        yield Difference(N_("Its licence, or how far its words were checked, is another."))
    if old.use != new.use:
        yield Difference(N_("Others fill it in now: %(after)s, before %(before)s."), "", {"before": label(USES, old.use), "after": label(USES, new.use)})
    if rest(old.raw, TOLD_OF_ALL) != rest(new.raw, TOLD_OF_ALL):
        yield Difference(N_("Details of the questionnaire as a whole were changed."))


def _moved(old: Definition, new: Definition) -> set[str]:
    """Those that stand under another item, or changed places with their neighbours: as few as explain it."""
    both = old.by_id.keys() & new.by_id.keys()
    moved = {name for name in both if old.parents[name] != new.parents[name]}
    stayed = both - moved
    for parent in {old.parents[name] for name in stayed}:
        before, after = ([name for name in one.by_id if name in stayed and one.parents[name] == parent] for one in (old, new))
        moved |= set(after) - _in_order(before, after)
    return moved


def _in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """As many as possible of `after` that follow each other as they did before: the longest rising run, by patience sorting."""
    places = {name: place for place, name in enumerate(before)}
    ends: list[int] = []
    reached: list[tuple[str, int]] = []
    for name in after:
        pile = bisect_left(ends, places[name])
        ends[pile : pile + 1] = [places[name]]
        reached.append((name, pile))
    kept, wanted, last = set(), len(ends) - 1, len(before)
    for name, pile in reversed(reached):
        if pile == wanted and places[name] < last:
            kept.add(name)
            last, wanted = places[name], wanted - 1
    return kept
