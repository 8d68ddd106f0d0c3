"""The person's file: everything that is kept about one person, to be handed to them.

`want` asks for it, a task makes it with `make_one`: an archive with a FHIR R4 bundle, a paper that can be read, and what is
attached. It holds what the one who asked may see.
"""

from app.clinic.dossiers.actions import Dossier, dossiers, free, hand_out, make_one, waiting, want
from app.clinic.dossiers.bundle import bundle
from app.clinic.dossiers.looking import ON_PAPER, Look, Period, who_looked
from app.clinic.dossiers.rows import LEFT_OUT, everything

__all__ = [
    "LEFT_OUT", "ON_PAPER", "Dossier", "Look", "Period", "bundle", "dossiers", "everything", "free", "hand_out", "make_one", "waiting",
    "want", "who_looked",
]
