"""One process at a time starts and ends servers: a second `up` beside a first would start them twice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.home import home


@contextmanager
def alone(wait: bool = True) -> Iterator[bool]:
    """Until its end no other process gets in; it waits for one that is, or with `wait=False` yields False.

    The lock is the kernel's, so it goes with its process, however that ends.
    """
    path = home() / "servers/lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                yield False
                return
            lock.seek(0)
            print(f"waits for process {lock.read()}, which starts, ends or checks the servers", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield True
