"""Doing several things at the same moment, on a database that really lets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

SECONDS = 30
Answer = TypeVar("Answer")


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Each call in a thread and on connections of its own, at the same moment: what they returned.

    Raises what the first of them raised that did.
    """
    ready = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        try:
            ready.wait(timeout=SECONDS)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def codes_at_once(*requests: Callable) -> list[int]:
    """The status codes of requests sent at the same moment."""
    return [response.status_code for response in at_once(*requests)]
