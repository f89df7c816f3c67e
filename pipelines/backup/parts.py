"""What a backup holds, and where each part belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.home import home
from pipelines.servers.installation import Installation

PAID = "store/paraphrases.sqlite"  # answers of a model that was paid for


def folders(place: Installation, with_restricted: bool, with_data: bool) -> dict[str, Path]:
    """{name in the archive: folder}; what lies on an S3 that is not ours is not among them."""
    found = {"reports": home() / "reports"}
    if place.artifacts:
        found["artifacts"] = place.artifacts
    if with_restricted:
        found["restricted"] = place.restricted
    if with_data:
        found["dvc-remote"] = place.data
    return found


def paid() -> list[Path]:
    """Databases of paid answers: of this home, and of workers whose homes lie below it."""
    return [path for path in (home() / PAID, *sorted(home().glob(f"workers/*/home/{PAID}"))) if path.exists()]


def files(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file) of all files below; what is half written is not taken."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".partial"):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path
