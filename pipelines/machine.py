"""What a machine can lack in the middle of a run, told as an error: disk, rights, memory.

The work goes on where it stopped once the machine is mended, so a task tries again.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.errors import UnavailableError
from pipelines.home import ROOT, home, restricted

LACKS = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk's quota is used up", "free some space or raise the quota"),
    errno.EFBIG: ("a file grew over the size that is allowed here", "raise the limit (`ulimit -f`)"),
    errno.EROFS: ("the file system is read-only", "see `dmesg` for why, then mount it for writing"),
    errno.EACCES: ("there is no right to read or write a file", "give this user the right"),
    errno.EPERM: ("there is no right to change a file", "give this user the right"),
    errno.EIO: ("the disk cannot be read or written", "see `dmesg`; replace the disk or its cable"),
    errno.EMFILE: ("too many files are open", "raise the limit (`ulimit -n`)"),
    errno.ENOMEM: ("there is too little memory", "end other work, or give the machine more"),
}


@contextmanager
def lacks_told() -> Iterator[None]:
    """Turns an error that the machine caused into an `UnavailableError`; others pass."""
    try:
        yield
    except (OSError, MemoryError, BrokenExecutor) as error:
        found = told(error)
        if found is None:
            raise
        raise found from None


def told(error: Exception) -> UnavailableError | None:
    """The error in words, without the names in it, which may be a customer's; None if no lack caused it."""
    if isinstance(error, BrokenExecutor):
        what, todo = "a worker process was killed", "often too little memory: fewer processes need less"
    elif isinstance(error, MemoryError):
        what, todo = LACKS[errno.ENOMEM]
    elif isinstance(error, OSError) and error.errno in LACKS:
        what, todo = LACKS[error.errno]
    else:
        return None
    return UnavailableError(what, places(), f"{todo}; the run then goes on where it stopped")


def places() -> str:
    """Where a run writes, each with what is free: `/data/kefu 0 MB free, read-only`."""
    found: dict[int, str] = {}
    for path in (ROOT, home(), restricted(), Path(tempfile.gettempdir())):
        with suppress(OSError):
            free_mb = shutil.disk_usage(path).free // 1_000_000
            locked = ", read-only" if os.statvfs(path).f_flag & os.ST_RDONLY else ""
            found.setdefault(path.stat().st_dev, f"{path} {free_mb:,} MB free{locked}")
    return "; ".join(found.values())
