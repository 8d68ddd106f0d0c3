"""Handlers that write, or take long, run in a thread."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from litestar.utils.sync import sync_to_thread

from app.clinic import staff


def in_thread(handler: Callable, when: bool | Callable[[dict[str, Any]], bool] = True) -> Callable:
    """Litestar's own sync_to_thread wraps the first handler twice where a path has both a GET and a POST, and answers 500."""
    answering = _dropping_draft(handler)

    @wraps(handler)
    async def threaded(**values: Any) -> Any:
        if when is True or when(values):
            return await sync_to_thread(answering, **values)
        return handler(**values)

    return threaded


def _dropping_draft(handler: Callable) -> Callable:
    """What was sent and taken needs no draft any more; what was refused keeps it."""

    def answering(**values: Any) -> Any:
        answer = handler(**values)
        given = values.get("data") or values.get("uploads")
        sent = given.get("draft") if isinstance(given, dict) and "actor" in values else None
        if sent and (answer.status_code or 200) < 400:
            staff.drop_draft(values["db"], values["actor"], sent[-1] if isinstance(sent, list) else str(sent))
        return answer

    return answering
