"""What a cluster needs, told at once."""

import pytest

from pipelines.errors import KefuError
from pipelines.servers.cluster import needs


def test_a_program_is_found_beside_python_on_the_path_or_where_debian_puts_it(tmp_path, monkeypatch):
    for version in ("9", "15"):
        (tmp_path / f"postgresql/{version}/bin").mkdir(parents=True)
        (tmp_path / f"postgresql/{version}/bin/initdb").touch()
    monkeypatch.setattr(needs, "DEBIAN_POSTGRES", str(tmp_path / "postgresql"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert needs.program("initdb") == str(tmp_path / "postgresql/15/bin/initdb")
    (tmp_path / "initdb").touch(mode=0o755)
    assert needs.program("initdb") == str(tmp_path / "initdb")
    assert needs.program("python") is not None and needs.program("no-such-program") is None


def test_all_that_is_missing_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "DEBIAN_POSTGRES", str(tmp_path))
    monkeypatch.setattr(needs, "MODULES", ("json", "no_such_module", "no_such.module"))
    with pytest.raises(KefuError) as caught:
        needs.check()
    said = str(caught.value)
    assert "apt-get install postgresql redis-server; " in said and "-r requirements-cluster.txt" in said
    assert "no_such_module, no_such.module" in said and "json" not in said
