"""Set-up: what a machine lacks is said, and keys are made once and privately."""

import json
import re
import shutil
import stat
import subprocess
import sys
from collections import namedtuple

import pytest

from pipelines import bootstrap
from pipelines.errors import KefuError
from tests.conftest import ROOT


def test_no_compiler(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(KefuError, match=r"no C\+\+ compiler"):
        bootstrap.check_machine()


def test_no_git(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(KefuError, match="git is not installed"):
        bootstrap.check_machine()


def test_no_disk(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 10**9))
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "none")
    with pytest.raises(KefuError, match=r"1\.0 GB of disk are free"):
        bootstrap.check_machine()


def test_another_python_is_refused_before_anything_else():
    script = (
        "import sys, runpy; sys.version_info = (3, 9, 1); sys.argv = ['x'];"
        "runpy.run_module('pipelines.bootstrap', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0 and "needs Python 3.11" in done.stderr


def test_keys_and_logins_are_made_once_and_only_for_the_owner(own_home):
    assert bootstrap.make_keys().startswith("made")
    shown = bootstrap.make_passwords()
    first = (own_home / "keys.env").read_text()
    stored = json.loads((own_home / "airflow/passwords.json").read_text())
    assert set(stored) == {"engineer", "steward"} and all(p in shown for p in stored.values())
    assert bootstrap.make_keys() == "kept"
    assert not any(p in bootstrap.make_passwords() for p in stored.values())
    assert (own_home / "keys.env").read_text() == first
    assert stat.S_IMODE((own_home / "keys.env").stat().st_mode) == 0o600
    assert len((own_home / "airflow/jwt_secret").read_text()) >= 64


def test_an_older_installation_gets_the_key_it_lacks_and_keeps_the_others(own_home):
    own_home.mkdir()
    older = f"KEFU_REF_KEY={'1f' * 32}\nKEFU_RESTRICTED_KEY={'2e' * 32}"
    (own_home / "keys.env").write_text(older)
    assert bootstrap.make_keys().startswith("KEFU_VAULT_KEY, KEFU_SIGN_KEY added")
    lines = (own_home / "keys.env").read_text().splitlines()
    assert lines[:2] == older.splitlines() and len(lines) == 4
    assert len(bytes.fromhex(lines[2].removeprefix("KEFU_VAULT_KEY="))) == 32
    assert len(bytes.fromhex(lines[3].removeprefix("KEFU_SIGN_KEY="))) == 32
    assert stat.S_IMODE((own_home / "keys.env").stat().st_mode) == 0o600
    assert bootstrap.make_keys() == "kept"


def test_a_destroyed_key_is_not_made_again(own_home):
    own_home.mkdir()
    (own_home / "keys.env").write_text(
        "KEFU_REF_KEY=1f\nKEFU_RESTRICTED_KEY=2e\nKEFU_VAULT_KEY=\nKEFU_SIGN_KEY=3d\n"
    )
    assert bootstrap.make_keys() == "kept"


def test_packages_are_installed_once(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "bin/python")
    monkeypatch.setattr(bootstrap, "_call", lambda command, *_, **__: calls.append(command))
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    assert bootstrap.install_packages() == "installed" and len(calls) == 3
    assert calls[2][calls[2].index("--find-links") + 1] == "/wheels"
    assert calls[2][calls[2].index("--index-url") + 1] == "https://mirror.example/simple"
    assert bootstrap.install_packages() == "up to date" and len(calls) == 3


def test_the_closure_is_pinned_and_holds_what_was_chosen():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = {line.split("==")[0] for line in lines if line and line[0] not in "# "}
    chosen = [line.split("#")[0].strip() for line in (ROOT / "requirements.in").read_text().splitlines()]
    names = {re.split("[=<>]", name)[0].lower() for name in chosen if name}
    assert names <= pinned, names - pinned
    assert all("==" in line for line in lines if line and line[0] not in "# ")
    assert not any(name.startswith("nvidia-") for name in pinned)
