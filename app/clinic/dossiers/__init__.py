"""The person's file: everything that is kept about one person, to be handed to them."""

from app.clinic.dossiers.bundle import bundle
from app.clinic.dossiers.rows import everything

__all__ = ["bundle", "everything"]
