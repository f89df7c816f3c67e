"""What a backup takes of the restricted area."""

import tarfile

import pyarrow as pa
import pytest

from pipelines.backup import backup as module
from pipelines.ingest.restricted import write_partition
from pipelines.mask import vault
from tests.code.mask.vaulted import vaulted


@pytest.mark.parametrize("asked", [False, True])
def test_the_vault_is_left_out_unless_it_is_asked_for(own_home, tmp_path, monkeypatch, asked):
    monkeypatch.setattr(module, "_copies", lambda *_: [])
    write_partition("a" * 64, pa.table({"a": [1]}))
    vaulted("a" * 64, [vault.Row("c1", 0, "PERSON", "张建国", "<姓名1>")])
    (own_home / "keys.env").write_text(f"KEFU_VAULT_KEY={'5a' * 32}\n")
    module.backup(tmp_path / "b.tar", with_restricted=True, with_vault=asked)
    with tarfile.open(tmp_path / "b.tar") as tar:
        names = {name.rsplit("/", 1)[0] for name in tar.getnames() if "/" in name}
    assert names == {"restricted/conversations", *(["restricted/vault"] if asked else [])}
    assert ("5a5a" in module.keys_path(tmp_path / "b.tar").read_text()) == asked
