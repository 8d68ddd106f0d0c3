"""All the files of a folder: by model how many cases, how many passed, the worst error, and what was not compared and why."""

from pathlib import Path

import msgspec

from app.clinic.questionnaires.verifying.comparing import Check, compare
from app.clinic.questionnaires.verifying.filling import fill
from app.clinic.questionnaires.verifying.vectors import Case, NotVectors, cases, model_of


class Said(msgspec.Struct, frozen=True):
    """One thing of one case that failed or was not compared."""

    id: str
    key: str
    expected: str
    got: str
    why: str


class Tally(msgspec.Struct):
    """worst_error: of all numbers compared; None where there was none."""

    model: str
    form: str
    cases: int = 0
    passed: int = 0
    compared: int = 0
    worst_error: float | None = None
    failures: list[Said] = []
    not_compared: list[Said] = []
    notes: list[Said] = []

    def add(self, case: Case, checks: list[Check], notes: list[str]) -> None:
        self.cases += 1
        self.compared += sum(check.ok is not None for check in checks)
        wrong = [check for check in checks if check.ok is False]
        self.passed += not wrong and any(check.ok for check in checks)
        self.failures += [_said(case, check) for check in wrong]
        self.not_compared += [_said(case, check) for check in checks if check.ok is None]
        self.notes += [Said(case.id, "inputs", "", "", note) for note in notes]
        errors = [float(check.off) for check in checks if check.off is not None]
        if errors:
            self.worst_error = max(errors + [self.worst_error or 0.0])


class Report(msgspec.Struct):
    """not_built: models no shipped questionnaire scores, with their number of cases. unread: files that should hold cases, and why
    they could not be read. ignored: JSON about something else."""

    models: list[Tally] = []
    not_built: dict[str, int] = {}
    unread: dict[str, str] = {}
    ignored: list[str] = []

    @property
    def ok(self) -> bool:
        """A folder in which there was nothing to verify is not well."""
        found = self.models or self.not_built
        return bool(found) and not self.unread and not any(tally.failures for tally in self.models)


def verify(place: Path) -> Report:
    """A folder of vector files, or one of them."""
    report = Report()
    tallies: dict[str, Tally] = {}
    for path in sorted(place.rglob("*.json")) if place.is_dir() else [place]:
        try:
            rows = cases(path)
        except NotVectors as problem:
            report.unread[path.name] = str(problem)
            continue
        if rows is None:
            report.ignored.append(path.name)
        for case in rows or ():
            _count(case, tallies, report)
    report.models = list(tallies.values())
    return report


def _count(case: Case, tallies: dict[str, Tally], report: Report) -> None:
    model = model_of(case.model)
    if model is None:
        report.not_built[case.model] = report.not_built.get(case.model, 0) + 1
        return
    filled = fill(case, model)
    notes = [f"refused: {one}" for one in filled.refused] + [f"not used: {one}" for one in filled.unused]
    tallies.setdefault(case.model, Tally(case.model, model.form)).add(case, compare(case, model, filled), notes)


def _said(case: Case, check: Check) -> Said:
    return Said(case.id, check.key, check.expected, check.got, check.why)
