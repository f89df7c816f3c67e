"""`make setup`: everything a fresh machine needs, each step skipped when it is done.

Runs on the bare system Python, so it imports nothing beyond the standard library.
"""

from __future__ import annotations

import sys

if sys.version_info[:2] != (3, 11):  # before any syntax or import that another Python would trip over
    sys.exit(
        f"error: Kefu needs Python 3.11, this is {sys.version.split()[0]} ({sys.executable})\n"
        "  to do: install Python 3.11 and run `make setup PYTHON=/path/to/python3.11`"
    )

import hashlib
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable

from pipelines.errors import KefuError
from pipelines.home import KEYS, ROOT, home, keys_file, write_private

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
DISK_GB = 8


def main() -> int:
    try:
        check_machine()
        for label, step in STEPS:
            _timed(label, step)
    except KefuError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("set-up is complete")
    return 0


def check_machine() -> None:
    """Raises KefuError where git, a C++ compiler or the disk space is missing."""
    if not shutil.which("git"):
        raise KefuError("git is not installed", "PATH", "install git (Debian: apt-get install git)")
    compiler = os.environ.get("CXX", "c++")
    if not shutil.which(compiler):
        raise KefuError(
            f"there is no C++ compiler ({compiler}), which DeepSpeed's CPU operators are built with",
            "PATH, $CXX",
            "install one (Debian: apt-get install g++)",
        )
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if not PYTHON.exists() and free_gb < DISK_GB:
        raise KefuError(
            f"{free_gb:.1f} GB of disk are free, set-up needs {DISK_GB} GB",
            str(ROOT),
            "free some space, or clone onto another disk",
        )


def install_packages() -> str:
    """The pinned closure into .venv, when requirements.txt changed since the last time."""
    stamp = VENV / "requirements.sha256"
    wanted = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return "up to date"
    if not _has_pip():
        _call(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            "the virtual environment could not be made (Debian: apt-get install python3.11-venv)",
        )
    _call([str(PYTHON), "-m", "pip", "install", "-q", _pinned("uv")], "uv could not be installed")
    _call(
        [
            str(VENV / "bin/uv"),
            "pip",
            "install",
            "-q",
            "--python",
            str(PYTHON),
            *index_options(),
            "-r",
            "requirements.txt",
        ],
        "the packages could not be installed",
        env={"DS_BUILD_OPS": "0"},
    )
    stamp.write_text(wanted)
    return "installed"


def index_options() -> list[str]:
    """pip's own settings (a mirror, a folder of wheels) as uv's options: uv does not read them by itself."""
    options = []
    for name in ("index-url", "extra-index-url", "find-links"):
        for value in _pip_setting(name):
            if name == "find-links" or value.startswith("http"):
                options += [f"--{name}", value]
    return options


def _pip_setting(name: str) -> list[str]:
    given = os.environ.get(f"PIP_{name.replace('-', '_').upper()}")
    if given is None:
        command = [str(PYTHON), "-m", "pip", "config", "get", f"global.{name}"]
        given = subprocess.run(command, capture_output=True, text=True).stdout
    return given.split()


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0


def make_keys() -> str:
    """Keys of this installation, mode 600; made once, never committed. One that is missing is added.

    A name without a value stays so: that key was destroyed on purpose.
    """
    path = home() / "keys.env"
    before = path.read_text() if path.exists() else ""
    missing = [name for name in KEYS if name not in keys_file()]
    if not missing:
        return "kept"
    held = before if not before or before.endswith("\n") else before + "\n"
    write_private(path, held + "".join(f"{name}={secrets.token_hex(32)}\n" for name in missing))
    return f"{', '.join(missing)} added to {path}" if before else f"made, in {path}"


def make_passwords() -> str:
    """Passwords of $KEFU_LOGINS; those that are there are kept. The new ones stand in what it returns, which
    `make setup` prints and `up` does not."""
    import json

    from pipelines.servers.environment import logins

    path = home() / "airflow/passwords.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    made = {login: secrets.token_urlsafe(12) for login in logins() if login not in before}
    if not made:
        return f"kept, in {path}"
    if not before:
        write_private(home() / "airflow/jwt_secret", secrets.token_hex(64))
        write_private(home() / "airflow/fernet_key", _fernet_key())
    write_private(path, json.dumps({**before, **made}))
    shown = "".join(f"\n    {login}: {password}" for login, password in made.items())
    return f"made; this is the only time they are shown (later: {path}){shown}"


def prepare_base() -> str:
    """The default base model: unpacked, verified, converted once."""
    _call([str(PYTHON), "-m", "pipelines.base", "prepare"], "the base model could not be prepared")
    return "ready"


def build_operators() -> str:
    """DeepSpeed's CPU operators, so that the first training does not stop to compile."""
    _call([str(PYTHON), "-m", "pipelines.base", "build-ops"], "DeepSpeed's CPU operators could not be built")
    return "ready"


STEPS: list[tuple[str, Callable[[], str]]] = [
    ("packages", install_packages),
    ("keys", make_keys),
    ("logins", make_passwords),
    ("base model", prepare_base),
    ("DeepSpeed operators", build_operators),
]


def _timed(label: str, step: Callable[[], str]) -> None:
    print(f"{label} ...", flush=True)
    started = time.monotonic()
    said = step()
    print(f"{label}: {said} ({time.monotonic() - started:.1f} s)", flush=True)


def _call(command: list[str], failed: str, env: dict[str, str] | None = None) -> None:
    extra = {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}", **(env or {})}
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra})
    if done.returncode != 0:
        raise KefuError(
            failed,
            " ".join(command[:6]),
            "read the lines above, then run `make setup` again: it goes on there",
        )


def _pinned(package: str) -> str:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return next((line.split()[0] for line in lines if line.startswith(f"{package}==")), package)


def _fernet_key() -> str:
    import base64

    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


if __name__ == "__main__":
    sys.exit(main())
