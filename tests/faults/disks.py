"""Small disks, by which a full and a read-only one are tried for real; they need root."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager

import pytest


class Disk:
    """A file system in memory of so many kilobytes, mounted at `path`."""

    def __init__(self, path, size_kb):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "kefu-test", str(path)], capture_output=True
        )
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()[:100]}")

    def resize(self, size_kb):
        self._remount(f"size={size_kb}k")

    def lock(self):
        """Read-only from now on."""
        self._remount("ro")

    def unlock(self):
        self._remount("rw")

    def _remount(self, options):
        command = ["mount", "-o", f"remount,{options}", str(self.path)]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def disk(path, size_kb):
    if os.geteuid():
        pytest.skip("mounting a disk needs root")
    made = Disk(path, size_kb)
    try:
        yield made
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)
