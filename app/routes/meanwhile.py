"""Two people at one form whose thing carries no version: what the form showed is compared with what stands now."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from app.clinic import patients
from app.core.errors import Conflict
from app.core.forms import Form


def seen(form: Form, labels: Iterable[str]) -> str:
    """What a form shows in the named fields, in a few characters."""
    return sha256(msgspec.json.encode([form.raw[name] for name in sorted(labels)])).hexdigest()[:16]


def compare(form: Form, now: Form, labels: Mapping[str, str], told: Mapping[str, Mapping[str, str]] = {}) -> None:
    """Raises Conflict with both texts when what stands now is not what `form` showed when it was opened.

    labels: words' ids of the fields. told: of the fields whose values are codes, how they read. Afterwards the form counts as having
    shown what stands, so that sending it again is a decision.
    """
    stands = seen(now, labels)
    if form.raw["seen"] in ("", stands):
        return
    form.raw["seen"] = stands
    texts = [
        (label, told.get(name, {}).get(form.raw[name], form.raw[name]), told.get(name, {}).get(now.raw[name], now.raw[name]))
        for name, label in labels.items() if form.raw[name] != now.raw[name]
    ]
    if texts:
        raise Conflict(patients.STALE, texts)
