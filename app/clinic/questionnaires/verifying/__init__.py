"""Whether the shipped scores are right: files of cases (inputs, expected) go through the same engine as a person's answers."""

from app.clinic.questionnaires.verifying.reporting import Report, verify
from app.clinic.questionnaires.verifying.vectors import NotVectors

__all__ = ["NotVectors", "Report", "verify"]
