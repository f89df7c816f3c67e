"""Two looks at the landing zone tell whether new content has arrived whole.

A file whose size and time are as they were is not read again; one that only was touched has its old content
and is no news. A look that differs from the one before may have caught a copy half way, so a change counts
once a second look finds the same. A file that vanished is a change too. Files are known by a digest of their
name, which may be personal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.fingerprint import digest
from pipelines.home import main_checkout
from pipelines.ingest.files import SourceFile, find
from pipelines.params import Params

CHUNK_BYTES = 1 << 22
TIMES = ("mtime", "LastModified", "last_modified", "updated", "ETag", "etag")  # as filesystems name it
File = dict[str, str]  # "stat" and "sha256"


@dataclass(frozen=True)
class Landing:
    """`now`: files of the last look; `told`: digest of the content that a run was last started for.

    `runs`: how many were started.
    """

    now: dict[str, File] = field(default_factory=dict)
    told: str = ""
    runs: int = 0

    @property
    def content(self) -> str:
        """Digest of the files' contents, whatever their names."""
        return digest(sorted({file["sha256"] for file in self.now.values()}))

    @property
    def run_id(self) -> str:
        """Of the run that `content` shall have: the same until it is told: two tries start one run."""
        return f"arrived__{self.runs + 1}-{self.content[:16]}"


def look(params: Params, before: Landing | None, root: Path | None = None) -> tuple[Landing, bool]:
    """(what to remember, whether something has arrived). The first look ever only remembers.

    It says so at every look until `told` has heard that a run was started.
    """
    known = before.now if before else {}
    now = {}
    for file in _files(params, root or main_checkout()):
        name, stat = digest(file.partition), stat_of(file)
        same = known.get(name, {}).get("stat") == stat
        now[name] = known[name] if same else {"stat": stat, "sha256": content_of(file)}
    return remember(before, now)


def remember(before: Landing | None, now: dict[str, File]) -> tuple[Landing, bool]:
    """As `look`, of a listing; an empty landing zone is never news. What arrived is not yet `told`."""
    if before is None:
        return Landing(now, Landing(now).content), False
    found = replace(before, now=now)
    news = now == before.now and found.content != before.told
    if news and not now:
        return replace(found, told=found.content), False
    return found, news


def told(landing: Landing, content: str) -> Landing:
    """A run was started for this content; said twice, it counts once."""
    if content == landing.told:
        return landing
    return replace(landing, told=content, runs=landing.runs + 1)


def _files(params: Params, root: Path) -> list[SourceFile]:
    """Of all sources; one that has no file yet is empty."""
    found = []
    for source in params.sources:
        try:
            found += find(source, root)
        except KefuError as error:
            if not error.found.startswith("no file matches"):
                raise
    return found


def stat_of(file: SourceFile) -> str:
    """Size and time or tag, as the file's filesystem tells them."""
    info: dict[str, Any] = file.filesystem.info(file.path)
    return digest(file.size_bytes, [str(info[name]) for name in TIMES if name in info])


def content_of(file: SourceFile) -> str:
    """sha256 of the bytes, read in pieces."""
    total = hashlib.sha256()
    with file.filesystem.open(file.path, "rb") as opened:
        read: Callable[[], bytes] = lambda: opened.read(CHUNK_BYTES)  # noqa: E731
        for piece in iter(read, b""):
            total.update(piece)
    return total.hexdigest()
