"""A person who is asked to fill something in, and their phone at the patients' entrance."""

from tests.invitations.conftest import ask, db, invite, mood, other, tea, wang  # noqa: F401
