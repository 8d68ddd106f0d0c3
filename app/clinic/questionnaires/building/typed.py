"""What came with a form, read as text."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 4000


class Typed:
    """A form's fields. Without a field nothing is said about it, so nothing changes."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def __contains__(self, name: str) -> bool:
        return name in self.data

    def text(self, name: str) -> str:
        given = self.data.get(name, "")
        return clean(given[-1] if isinstance(given, list) and given else given or "")

    def many(self, name: str) -> list[str]:
        given = self.data.get(name, [])
        return [clean(one) for one in (given if isinstance(given, list) else [given])]

    def ticks(self) -> Iterator[tuple[str, bool]]:
        """Each box the form had, and whether it was ticked: a browser does not send the empty ones."""
        return ((name, name in self.data) for name in self.many("boxes"))


def clean(given: Any) -> str:
    kept = "".join(c for c in str(given).replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()[:LONGEST]
