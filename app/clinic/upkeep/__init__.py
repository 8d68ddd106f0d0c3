"""Upkeep: looking the clinic's file over, and making an invented clinic to try things on.

Stands last among the packages, because it may ask every one of them.
"""

from app.clinic.upkeep.check import findings

__all__ = ["findings"]
