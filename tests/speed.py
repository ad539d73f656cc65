"""Time limits of tests, in seconds of the machine they were set on.

A machine that is slower, or busy with something else, has as much more time as a known piece of work takes more there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: What `known_work` takes on the idle machine of two cores that the limits were set on.
KNOWN_SECONDS = 0.08


@contextmanager
def at_most(seconds: float, clock: Callable[[], float] = time.process_time) -> Iterator[None]:
    """What is inside takes no more; `clock` counts work, or with `time.perf_counter` what a person waits."""
    began = clock()
    yield
    took = clock() - began
    if took >= seconds:
        slower = max(1, *(known_work(clock) / KNOWN_SECONDS for _ in range(5)))
        assert took < seconds * slower, f"{took:.2f} s of {seconds}, on a machine {slower:.1f} times as slow"


def known_work(clock: Callable[[], float]) -> float:
    """The seconds that a loop over a dictionary takes now."""
    began = clock()
    words: dict[str, int] = {}
    for number in range(400_000):
        word = str(number % 5_000)
        words[word] = words.get(word, 0) + len(word)
    return clock() - began
