"""The expressions of a questionnaire, worked out in the order in which they need each other."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from app.clinic.questionnaires.answering import Tree, canonical, tree
from app.clinic.questionnaires.conditions import bare
from app.clinic.questionnaires.dependence import Needs, needs, spelt
from app.clinic.questionnaires.extensions import ORDINALS
from app.clinic.questionnaires.layout import Layout
from app.clinic.questionnaires.settling import FIRST, WHEN, WORTH, Context, Settled, ordinal, settle
from app.clinic.questionnaires.shapes import Definition, Formula, Given, Item, Place, State, Value
from app.core import clock, fhirpath

MOST_TIMES = 4  # an expression that is due more often than that stands in a circle


class Worked(msgspec.Struct, frozen=True, eq=False):
    """results: {key: values, or {"problem", "why"}}. inputs: what each depended on, to be compared next time."""

    results: dict[str, Any]
    inputs: dict[str, Any]
    settled: Settled


class _Job(msgspec.Struct, frozen=True, eq=False):
    """One expression at one place."""

    key: str
    place: Place
    formula: Formula
    needs: Needs


def work_out(
    definition: Definition, laid: Layout, given: Given, context: Context, before: State | None, pinned: dict[str, Any] | None
) -> Worked:
    bench = _Bench(definition, laid, given, context)
    if not bench.jobs:
        return Worked({}, {}, settle(laid, given, {}, context))
    if pinned is not None:
        # What was too slow may have met a busy machine; if not, it is remembered elsewhere and answered at once.
        bench.results, bench.trusts = {key: found for key, found in pinned.items() if not _was_slow(found)}, True
    elif before:
        bench.results, bench.inputs = dict(before.results), dict(before.inputs)
    return bench.work()


def _was_slow(found: Any) -> bool:
    return isinstance(found, dict) and found["problem"] == fhirpath.SLOW


class _Bench:
    """One evaluation: what is known so far, and what is due."""

    def __init__(self, definition: Definition, laid: Layout, given: Given, context: Context) -> None:
        self.definition, self.laid, self.given = definition, laid, given
        self.context = {name: value for name, value in context.items() if value is not None}
        self.today = str(context.get("today") or clock.today().isoformat())
        self.jobs = _jobs_of(definition, laid)
        self.results: dict[str, Any] = {}
        self.inputs: dict[str, Any] = {}
        self.trusts = False  # the results are of these very answers

    def work(self) -> Worked:
        times: dict[str, int] = {}
        while True:
            settled = settle(self.laid, self.given, self.results, self.context)
            whole = _Whole(self, settled)
            inputs = {job.key: whole.input(job) for job in self._live(settled)}
            if self.trusts:
                self.inputs, self.trusts = {key: said for key, said in inputs.items() if key in self.results}, False
            due = {key: said for key, said in inputs.items() if said != self.inputs.get(key, 0)}
            ready = self._ready(due)
            circle = [key for key in ready if times.get(key, 0) >= MOST_TIMES]
            if not ready:
                return self._done(settled)
            for key in ready:
                times[key] = times.get(key, 0) + 1
                self.inputs[key] = due[key]
            self.results |= {key: {"problem": "loop"} for key in circle}
            self._ask(whole, [self.jobs[key] for key in ready if key not in circle])
            if circle and set(circle) == set(ready):
                return self._done(settle(self.laid, self.given, self.results, self.context))

    def _done(self, settled: Settled) -> Worked:
        live = {key for key in self.jobs if key in self.results}
        return Worked({key: self.results[key] for key in sorted(live)}, {key: self.inputs[key] for key in live if key in self.inputs}, settled)

    def _live(self, settled: Settled) -> Iterator[_Job]:
        """Nothing is worked out for what is not asked; a first value only while nobody has said anything, and once."""
        for job in self.jobs.values():
            around = job.place.parent
            if job.key.startswith(WHEN):
                if around is None or around in settled.open:
                    yield job
            elif job.place.path in settled.open and not (job.key.startswith(FIRST) and (job.key in self.results or job.place.path in self.given)):
                yield job

    def _ready(self, due: dict[str, Any]) -> list[str]:
        """Those that wait for no other that is due; all of them where each waits for another."""
        coming = {self.jobs[key].place.item.link_id for key in due if not key.startswith(WHEN)}
        own = {key: {self.jobs[key].place.item.link_id} if not key.startswith(WHEN) else set() for key in due}
        free = [key for key in due if (links := self.jobs[key].needs.links) is not None and not (links & coming) - own[key]]
        rest = [key for key in due if self.jobs[key].needs.links is None]
        return free or rest or list(due)

    def _ask(self, whole: "_Whole", jobs: list[_Job]) -> None:
        asks = []
        for job in jobs:
            foreign = [one.language for one in (job.formula, *(one for _owner, one in job.needs.variables)) if not is_fhirpath(one)]
            if foreign:
                self.results[job.key] = {"problem": "unsupported", "why": foreign[0]}
            elif strange := job.needs.outside - self._known():
                self.results[job.key] = {"problem": "broken", "why": "%" + ", %".join(sorted(strange))}
            else:
                asks.append((job, whole.ask(job)))
        outside = {name for job, _ask in asks for name in job.needs.outside}
        found = fhirpath.evaluate({}, [ask for _job, ask in asks], self._values(outside), self.today) if asks else []
        for (job, _ask), result in zip(asks, found, strict=True):
            self.results[job.key] = {"problem": result.problem, "why": result.why} if result.problem else result.values

    def _known(self) -> set[str]:
        """Names an expression may use: what was handed in, and what the questionnaire says it wants, which may be missing."""
        return self.context.keys() | set(self.definition.launch) | {"patient", "encounter", "user", "questionnaire"}

    def _values(self, names: set[str]) -> dict[str, Any]:
        return {name: self.definition.raw if name == "questionnaire" else self.context.get(name) for name in names}


def is_fhirpath(formula: Formula) -> bool:
    return not formula.language or formula.language.lower().startswith("text/fhirpath")


@lru_cache(128)
def _jobs_of(definition: Definition, laid: Layout) -> dict[str, _Job]:
    return {job.key: job for job in _jobs(definition, laid)}


@lru_cache(4096)
def _where(laid: Layout, links: frozenset[str]) -> tuple[str, ...]:
    """Where these questions stand, in reading order."""
    return tuple(place.path for place in laid.places if place.item.link_id in links)


def _jobs(definition: Definition, laid: Layout) -> Iterator[_Job]:
    for place in laid.places:
        item = place.item
        for start, formula in ((WHEN, item.enabled_by), (WORTH, item.calculated), (FIRST, item.begins_with)):
            if formula is not None:
                yield _Job(start + place.path, place, formula, needs(definition, item.link_id, formula))


class _Whole:
    """The answers that count now as expressions see them: pruned to what each names, with the scores of the chosen options."""

    def __init__(self, bench: _Bench, settled: Settled) -> None:
        self.bench, self.laid, self.values = bench, bench.laid, settled.values

    def input(self, job: _Job) -> list[Any]:
        """Whatever its result depends on."""
        outside = [self.bench.context.get(name) for name in sorted(job.needs.outside)]
        return [{path: self.values[path] for path in self._paths(job)}, outside, self.bench.today if job.needs.clock else ""]

    def _paths(self, job: _Job) -> list[str]:
        """Without the calculation's own value, which does not depend on itself."""
        if job.needs.links is not None:
            return [path for path in _where(self.laid, job.needs.links) if path in self.values]
        own = job.place.path if job.key.startswith(WORTH) else None
        return [path for path in self.values if path != own]

    def ask(self, job: _Job) -> fhirpath.Ask:
        """An expression about what is inside its group begins at the group, any other at the response."""
        made = tree(self.laid, self._paths(job), self._scored)
        wants = {owner for owner, _formula in job.needs.variables} | {job.place.item.link_id}
        steps = {link: self._steps(made, link, job.place.path) for link in wants if link}
        names = {one.name for _owner, one in job.needs.variables} | job.needs.outside
        variables = tuple(fhirpath.Variable(one.name, spelt(one.text, names), steps.get(owner)) for owner, one in job.needs.variables)
        focus = job.place.item.type == "group" and "QuestionnaireResponse" not in job.formula.text and self._within(job)
        head = {"resourceType": "QuestionnaireResponse", "status": "in-progress"}
        if said := canonical(self.bench.definition):
            head["questionnaire"] = said
        return fhirpath.Ask(spelt(job.formula.text, names), head | {"item": made.items}, steps[job.place.item.link_id], focus, variables)

    def _scored(self, place: Place) -> list[Value]:
        return [_with_score(place.item, value) for value in self.values[place.path]]

    def _within(self, job: _Job) -> bool:
        """Forms of other houses write `item.where(…)` for both; what it names tells which is meant."""
        parents = self.bench.definition.parents
        inner = job.needs.links or frozenset()
        return all(job.place.item.link_id in _above(parents, link) for link in inner)

    def _steps(self, made: Tree, link: str, path: str) -> tuple[int, ...]:
        """Where the item of this link stands in the tree; nowhere, as an empty item, if it has no answers."""
        near = self.laid.nearest(link, path)
        own = next((one for one in near if path == one or path.startswith(f"{one}/")), near[0])
        return made.steps.get(own, ())


def _above(parents: dict[str, str], link: str) -> set[str]:
    found = {link}
    while link := parents.get(link, ""):
        found.add(link)
    return found


def _with_score(item: Item, value: Value) -> Value:
    """The chosen option's score, where FHIR wants it: on the coding, or beside a plain value."""
    score = ordinal(item, value) if item.options else None
    if score is None:
        return value
    extension = {"extension": [{"url": ORDINALS[0], "valueDecimal": score}]}
    (name, said), = value.items()
    return {name: bare(value) | extension} if isinstance(said, dict) else {name: said, f"_{name}": extension}
