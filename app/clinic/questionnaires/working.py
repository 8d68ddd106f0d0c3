"""The expressions of a questionnaire, worked out in the order in which they need each other."""

from typing import Any

import msgspec

from app.clinic.questionnaires.layout import Layout
from app.clinic.questionnaires.settling import Context, Settled, settle
from app.clinic.questionnaires.shapes import Definition, Given, State


class Worked(msgspec.Struct, frozen=True, eq=False):
    results: dict[str, Any]
    inputs: dict[str, Any]
    settled: Settled


def work_out(
    definition: Definition, laid: Layout, given: Given, context: Context, before: State | None, pinned: dict[str, Any] | None
) -> Worked:
    results = dict(pinned or (before.results if before else {}))
    return Worked(results, {}, settle(laid, given, results, context))
