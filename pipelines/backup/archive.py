"""A tar whose last member is a manifest with the sha256 of every other; made and read whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pipelines.errors import KefuError
from pipelines.progress import Progress

MANIFEST = "manifest.json"


class Hashed(io.RawIOBase):
    """Reads a file and hashes what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self.file.read(size)
        self.sha256.update(found)
        return found


def write(path: Path, files: Iterable[tuple[str, Path]], about: dict[str, Any]) -> dict[str, Any]:
    """`files` are (name in the archive, where it lies); returns the manifest. Mode 600."""
    listed = list(files)
    partial = path.with_name(f".{path.name}.partial")
    progress = Progress("backup", len(listed), "files")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            tarfile.open(fileobj=out, mode="w") as tar,
        ):
            hashes = {}
            for name, file in listed:
                hashes[name] = _add(tar, name, file)
                progress.add()
            manifest = {**about, "files": hashes}
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def about(path: Path) -> dict[str, Any]:
    """The manifest as it stands in the archive, nothing checked against it."""
    with _opened(path) as tar:
        found = tar.extractfile(MANIFEST) if MANIFEST in tar.getnames() else None
        return dict(json.loads(found.read())) if found else {}


def extract(path: Path, into: Path) -> dict[str, Any]:
    """Everything into the empty folder `into`, checked against the manifest, which is returned."""
    with _opened(path) as tar:
        tar.extractall(into, filter="data")
    return _checked(path, into)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path) as tar:
            yield tar
    except FileNotFoundError:
        raise KefuError("there is no such archive", str(path), "name one that `make backup` made") from None
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise KefuError(
            f"the archive cannot be read ({type(error).__name__})", str(path), "use another backup"
        ) from None


def _checked(path: Path, into: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((into / MANIFEST).read_text())
        wanted: dict[str, str] = manifest["files"]
    except (FileNotFoundError, ValueError, KeyError):
        raise KefuError("the archive has no manifest, so it is not whole", str(path), "use another") from None
    there = {str(p.relative_to(into)) for p in into.rglob("*") if p.is_file()} - {MANIFEST}
    faults = [f"{name} is missing" for name in sorted(set(wanted) - there)]
    faults += [f"{name} is not in the manifest" for name in sorted(there - set(wanted))]
    for name in sorted(set(wanted) & there):
        with (into / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted[name]:
                faults.append(f"{name} is not what was backed up")
    if faults:
        shown = "\n".join(f"  - {fault}" for fault in faults[:20])
        raise KefuError(f"{len(faults)} fault(s) in the archive\n{shown}", str(path), "use another backup")
    return manifest


def _add(tar: tarfile.TarFile, name: str, file: Path) -> str:
    with file.open("rb") as raw:
        info = tar.gettarinfo(fileobj=raw, arcname=name)
        hashed = Hashed(raw)
        tar.addfile(info, hashed)
    return hashed.sha256.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, raw: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(raw)
    tar.addfile(info, io.BytesIO(raw))
