"""Upkeep: looking the clinic's file over, and making an invented clinic to try things on.

Stands last among the packages, because it may ask every one of them.
"""

from app.clinic.upkeep.check import findings
from app.clinic.upkeep.demo import make as make_demo
from app.clinic.upkeep.demo.house import SignIn

__all__ = ["SignIn", "findings", "make_demo"]
