"""Keys: apart from the archive, for their owner only, locked by a passphrase where there is one."""

import stat

import pytest

from pipelines.backup import keys
from pipelines.errors import KefuError
from pipelines.home import home, keys_file
from pipelines.mask import vault

TEXT = "KEFU_SIGN_KEY=" + "5a" * 32 + "\n"
VAULT = "KEFU_VAULT_KEY=" + "6b" * 32 + "\n"


@pytest.fixture
def path(own_home, tmp_path, monkeypatch):
    monkeypatch.delenv(keys.PASSPHRASE, raising=False)
    (own_home / "airflow").mkdir(parents=True)
    (own_home / "keys.env").write_text(TEXT)
    (own_home / "airflow/fernet_key").write_text("fernet")
    return tmp_path / "b.tar.keys"


def test_without_a_passphrase_they_are_readable_by_their_owner_only(path):
    assert keys.save(path) is False
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.read(path) == {"keys.env": TEXT, "airflow/fernet_key": "fernet"}


def test_with_a_passphrase_they_are_locked(path, monkeypatch):
    monkeypatch.setenv(keys.PASSPHRASE, "correct horse")
    assert keys.save(path) is True
    assert "5a5a" not in path.read_text()
    assert keys.read(path)["keys.env"] == TEXT
    for wrong, says in (("battery staple", "does not open"), ("", "are encrypted")):
        monkeypatch.setenv(keys.PASSPHRASE, wrong)
        with pytest.raises(KefuError, match=says):
            keys.read(path)


def test_the_keys_of_a_fresh_set_up_are_set_aside(path):
    keys.save(path)
    held = keys.read(path)
    (home() / "keys.env").write_text("KEFU_SIGN_KEY=fresh\n")
    keys.put(held)
    assert (home() / "keys.env").read_text() == TEXT
    assert (home() / "keys.env.replaced").read_text() == "KEFU_SIGN_KEY=fresh\n"
    assert stat.S_IMODE((home() / "keys.env").stat().st_mode) == 0o600
    assert not (home() / "airflow/fernet_key.replaced").exists()


def test_the_vaults_key_is_left_out_unless_it_is_asked_for(path):
    (home() / "keys.env").write_text(VAULT + TEXT)
    keys.save(path)
    assert keys.read(path)["keys.env"] == TEXT and "6b6b" not in path.read_text()
    (home() / "keys.env").write_text("KEFU_VAULT_KEY=fresh\n")
    keys.put(keys.read(path))
    assert (home() / "keys.env").read_text() == TEXT + "KEFU_VAULT_KEY=fresh\n", "there is a vault again"
    (home() / "keys.env").write_text(VAULT + TEXT)
    keys.save(path, with_vault=True)
    assert keys.read(path)["keys.env"] == VAULT + TEXT


def test_a_destroyed_vaults_key_does_not_come_back(path):
    (home() / "keys.env").write_text(VAULT + TEXT)
    keys.save(path, with_vault=True)
    vault.destroy()
    keys.put(keys.read(path))
    assert keys_file() == {"KEFU_SIGN_KEY": "5a" * 32, "KEFU_VAULT_KEY": ""}
    keys.save(path)
    (home() / "keys.env").write_text("KEFU_VAULT_KEY=fresh\n")
    keys.put(keys.read(path))
    assert keys_file()["KEFU_VAULT_KEY"] == "", "a backup made after it was destroyed"


def test_no_keys_no_restore(tmp_path):
    with pytest.raises(KefuError, match="not beside the archive"):
        keys.read(tmp_path / "b.tar.keys")


def test_only_known_files_are_written(own_home):
    with pytest.raises(KefuError, match="no file of keys"):
        keys.put({"../../etc/passwd": "x"})
