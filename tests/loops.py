"""An event loop for a test: in a thread of its own, for a browser's driver may be running one in this."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(scene: Coroutine) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
