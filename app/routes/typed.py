"""What was typed to find somebody, under a key without meaning: a name or a number belongs in no address.

It is kept in memory only, for its author, for a while: after that the page is simply an empty search.
"""

import secrets
import time
from collections import OrderedDict

SECONDS = 3600
MOST = 2000


class Typed:
    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[int, float, str]] = OrderedDict()

    def keep(self, actor_id: int, text: str) -> str:
        """The key for an address; blank for nothing."""
        if not (text := text.strip()[:80]):
            return ""
        key = secrets.token_urlsafe(9)
        self._texts[key] = (actor_id, time.monotonic(), text)
        while len(self._texts) > MOST:
            self._texts.popitem(last=False)
        return key

    def recall(self, actor_id: int, key: str) -> str:
        """Blank for what is unknown, somebody else's or too long ago."""
        whose, at, text = self._texts.get(key, (0, 0.0, ""))
        return text if whose == actor_id and time.monotonic() - at < SECONDS else ""
