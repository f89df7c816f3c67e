"""Where a checkout keeps what is not in git: keys, restricted area, caches, servers' state.

Every worktree of a repository shares the home of its main checkout, so that runs share work.
"""

from __future__ import annotations

import os
import subprocess
from functools import lru_cache
from pathlib import Path

from pipelines.errors import KefuError

ROOT = Path(__file__).resolve().parents[1]
KEYS = ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY", "KEFU_VAULT_KEY", "KEFU_SIGN_KEY")


@lru_cache
def main_checkout() -> Path:
    """The checkout that owns `.git`, also when called from one of its worktrees."""
    found = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return Path(found.stdout.strip()).parent if found.returncode == 0 else ROOT


def home() -> Path:
    """`$KEFU_HOME`, else `.kefu` in the main checkout."""
    given = os.environ.get("KEFU_HOME")
    return Path(given).resolve() if given else main_checkout() / ".kefu"


def restricted() -> Path:
    """The restricted area, the only place where text stands before masking (encrypted)."""
    given = os.environ.get("KEFU_RESTRICTED")
    return Path(given).resolve() if given else home() / "restricted"


def key(name: str) -> bytes:
    """The 32-byte key `name` from the environment, else from the file that `make setup` wrote."""
    value = os.environ.get(name) or keys_file().get(name)
    if not value:
        raise KefuError(
            f"the key {name} is not set",
            f"environment, {home() / 'keys.env'}",
            "run `make setup`, or export the key of your installation (64 hexadecimal digits)",
        )
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise KefuError(
            f"the key {name} is not 64 hexadecimal digits", "environment or keys.env", "set it again"
        )
    return raw


def keys_file() -> dict[str, str]:
    """What `keys.env` holds; a name without a value is a key that was destroyed."""
    path = home() / "keys.env"
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    partial.rename(path)
