"""Measured values of a person: filed, judged, corrected by new versions, followed until settled.

Every value is kept in the catalogue's unit with what was reported, the level and the range valid
when it was filed, its report and its author. BMI and eGFR are computed, kept with their inputs and
computed anew when an input, the sex or the birth date is corrected. What is out of range opens a finding that stays open until
somebody explained it and a newer value was normal.
"""

from app.clinic.observations import telling  # noqa: F401  declares the event kinds
from app.clinic.observations.actions import STAFF, AlreadyFiled, file_report, record, withdraw_report
from app.clinic.observations.correcting import GLUCOSE, correct
from app.clinic.observations.entry import VITALS, Entry, Typed, understand
from app.clinic.observations.filing import UnknownUnit
from app.clinic.observations.finding import explain, find, findings, open_findings
from app.clinic.observations.panel import PAIR, Line, Why, bare, grouped, lines, told_range, why, worst
from app.clinic.observations.queries import (
    earlier_versions, inputs, last_values, latest, observation, report, report_values, reports, series,
)  # fmt: skip
from app.clinic.observations.refiling import file_again, put_back, put_back_as
from app.clinic.observations.rejudging import rejudge
from app.clinic.observations.shapes import Finding, NewValue, Observation, Reading, Report, Step

__all__ = [
    "GLUCOSE", "PAIR", "STAFF", "VITALS", "AlreadyFiled", "Entry", "Finding", "Line", "NewValue",
    "Observation", "Reading", "Report", "Step", "Typed", "UnknownUnit", "Why", "bare", "correct",
    "earlier_versions", "explain", "file_again", "file_report", "find", "findings", "grouped", "inputs", "last_values", "latest", "lines",
    "observation", "open_findings", "put_back", "put_back_as", "record", "rejudge", "report", "report_values", "reports", "series", "told_range",
    "understand", "why", "withdraw_report", "worst",
]  # fmt: skip
