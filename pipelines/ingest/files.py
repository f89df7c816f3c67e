"""Which files a source has, and their bytes: local or fsspec, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
import pyarrow as pa

from pipelines.errors import KefuError
from pipelines.params.sections import Source

Unpacked = tuple[str, bytes]
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True)
class SourceFile:
    """One file of a source; `partition` is its stable name, such as `shop/2026-W37.jsonl`."""

    source: Source
    partition: str
    filesystem: Any
    path: str
    size_bytes: int

    def read(self) -> bytes:
        """The file's bytes as they are stored."""
        try:
            return self.filesystem.cat_file(self.path)
        except Exception as error:  # every filesystem has errors of its own
            raise KefuError(
                f"a source file cannot be read ({type(error).__name__})",
                self.partition,
                "check that it is there and that this account may read it",
            ) from None


def find(source: Source, root: Path) -> list[SourceFile]:
    """The files of `source`, by name; a relative path counts from `root`. None is a KefuError."""
    filesystem, base = _open(source, root)
    try:
        single = filesystem.isfile(base)
        paths = [base] if single else _matches(filesystem, base, source.glob)
        sizes = [int(filesystem.size(path) or 0) for path in paths]
    except Exception as error:
        raise _unreachable(source, error) from None
    if not paths:
        raise KefuError(
            f"no file matches the source {source.name!r}",
            f"{source.path}, glob {source.glob}",
            "correct `path` and `glob` of the source in params.yaml, or put the logs there",
        )
    start = base.rpartition("/")[0] if single else base
    names = [f"{source.name}/{path[len(start) :].lstrip('/')}" for path in paths]
    files = zip(names, paths, sizes, strict=True)
    return [SourceFile(source, name, filesystem, path, size) for name, path, size in files]


def _open(source: Source, root: Path) -> tuple[Any, str]:
    local = "://" not in source.path and "::" not in source.path
    url = str(root / Path(source.path).expanduser()) if local else source.path
    try:
        filesystem, base = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise KefuError(
            f"the source {source.name!r} needs a package that is not installed: {error}",
            source.path,
            "install it (s3fs for s3://, gcsfs for gs://, adlfs for abfs://)",
        ) from None
    except Exception as error:
        raise _unreachable(source, error) from None
    return filesystem, base.rstrip("/")


def _matches(filesystem: Any, base: str, glob: str) -> list[str]:
    found = filesystem.glob(f"{base}/{glob}", detail=True)
    return sorted(
        path
        for path, info in found.items()
        if info["type"] == "file" and not PurePosixPath(path).name.startswith(".")
    )


def _unreachable(source: Source, error: Exception) -> KefuError:
    return KefuError(
        f"the source {source.name!r} cannot be opened ({type(error).__name__})",
        source.path,
        "check the path or URL, and the credentials that its filesystem reads from the environment",
    )


def unpack(partition: str, data: bytes) -> Unpacked:
    """(name without the compression suffix, bytes without the compression).

    A zip archive must hold exactly one file, whose name it then has. Errors: KefuError.
    """
    name = PurePosixPath(partition).name
    opener = OPENERS.get(PurePosixPath(name).suffix.lower())
    if opener is None:
        return name, data
    try:
        return opener(partition, data)
    except KefuError:
        raise
    except DAMAGE as error:
        raise _corrupt(partition, error) from None


def kind_suffix(name: str) -> str:
    """The end of a file's name that says how it is read: `.csv`, `.jsonl.gz`."""
    path = PurePosixPath(name)
    packed = path.suffix.lower() in OPENERS
    return (PurePosixPath(path.stem).suffix if packed else "").lower() + path.suffix.lower()


def _corrupt(partition: str, error: Exception) -> KefuError:
    return KefuError(
        f"a compressed file is corrupt or locked ({type(error).__name__})",
        partition,
        "fetch it again, or unpack it yourself if it has a password",
    )


def _plain(decompress: Callable[[bytes], bytes]) -> Callable[[str, bytes], Unpacked]:
    return lambda partition, data: (PurePosixPath(partition).stem, decompress(data))


def _zstd(data: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        return stream.read()


def _unzip(partition: str, data: bytes) -> Unpacked:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
        if len(members) != 1:
            raise KefuError(
                f"a zip archive holds {len(members)} files", partition, "one file an archive; unpack it"
            )
        return PurePosixPath(members[0].filename).name, archive.read(members[0])


OPENERS: dict[str, Callable[[str, bytes], Unpacked]] = {
    ".gz": _plain(gzip.decompress),
    ".bz2": _plain(bz2.decompress),
    ".xz": _plain(lzma.decompress),
    ".zst": _plain(_zstd),
    ".zip": _unzip,
}
