"""data/start.json: the adapter that this run's training goes on from, null for the base.

The task `enough_news` decides it once, after the data stages, and commits it. Pretrain and tune depend on the
file, which holds the adapter's sha256, so that a training stays a function of its inputs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.evaluate.champion import Champion
from pipelines.start.seen import FILE, Seen, read_seen

PINNED = "data/start.json"


@dataclass(frozen=True)
class Start:
    """`generation` counts the versions since the last one that started from the base, which is 0."""

    champion: Champion | None = None
    generation: int = 0

    def adapter(self) -> Path | None:
        """The folder of the adapter to go on from; None for the base."""
        return self.champion.adapter() if self.champion else None

    def seen(self) -> Seen:
        """The rows that the adapter's training had; none for the base."""
        return seen_by(self.champion) or Seen() if self.champion else Seen()

    @property
    def key(self) -> str:
        """Changes with the adapter, so that each version replays other rows."""
        return self.champion.adapter_sha256 if self.champion else ""


def seen_by(champion: Champion) -> Seen | None:
    """What the champion was trained on; None where it does not say, or not what was registered."""
    return read_seen(champion.adapter() / FILE, champion.seen_sha256)


def write_start(root: Path, start: Start) -> None:
    (root / PINNED).parent.mkdir(parents=True, exist_ok=True)
    found = {"champion": asdict(start.champion) if start.champion else None, "generation": start.generation}
    (root / PINNED).write_text(json.dumps(found, indent=1) + "\n")


def read_start(root: Path) -> Start:
    """As data/start.json says; the base where there is no such file."""
    path = root / PINNED
    if not path.exists():
        return Start()
    try:
        said = json.loads(path.read_text())
        champion = Champion(**said["champion"]) if said["champion"] else None
        return Start(champion, int(said["generation"]))
    except (ValueError, KeyError, TypeError):
        raise KefuError(
            "what the training starts from cannot be read",
            str(path),
            "restore it from git, or run `python -m pipelines enough-news`",
        ) from None
