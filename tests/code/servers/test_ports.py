"""A port that is taken, and one that was asked for."""

import pytest

from pipelines.errors import KefuError
from pipelines.servers.ports import free_port


def test_a_taken_port_is_passed_over(taken, capsys, monkeypatch):
    monkeypatch.delenv("KEFU_MLFLOW_PORT", raising=False)
    assert free_port("MLFLOW", taken) != taken
    assert f"port {taken} is taken" in capsys.readouterr().out


def test_a_taken_port_that_was_asked_for_is_an_error(taken, monkeypatch):
    monkeypatch.setenv("KEFU_MLFLOW_PORT", str(taken))
    with pytest.raises(KefuError, match=f"port {taken} is taken"):
        free_port("MLFLOW", 5000)
    monkeypatch.setenv("KEFU_MLFLOW_PORT", "eighty")
    with pytest.raises(KefuError, match="not a port"):
        free_port("MLFLOW", 5000)
