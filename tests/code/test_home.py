"""Keys and places."""

import secrets

import pytest

from pipelines import home
from pipelines.errors import KefuError


def test_the_environment_wins_over_the_file(own_home, monkeypatch):
    own_home.mkdir()
    in_file, in_env = secrets.token_hex(32), secrets.token_hex(32)
    (own_home / "keys.env").write_text(f"KEFU_REF_KEY={in_file}\n")
    monkeypatch.delenv("KEFU_REF_KEY")
    assert home.key("KEFU_REF_KEY").hex() == in_file
    monkeypatch.setenv("KEFU_REF_KEY", in_env)
    assert home.key("KEFU_REF_KEY").hex() == in_env


def test_a_missing_key_says_what_to_do(own_home, monkeypatch):
    monkeypatch.delenv("KEFU_REF_KEY")
    with pytest.raises(KefuError, match="make setup"):
        home.key("KEFU_REF_KEY")


@pytest.mark.parametrize("bad", ["short", "zz" * 32, "ab" * 31])
def test_a_bad_key_is_refused_without_being_shown(bad, monkeypatch):
    monkeypatch.setenv("KEFU_REF_KEY", bad)
    with pytest.raises(KefuError, match="64 hexadecimal") as caught:
        home.key("KEFU_REF_KEY")
    assert bad not in str(caught.value)


def test_the_restricted_area_can_be_another_volume(own_home, tmp_path, monkeypatch):
    assert home.restricted() == own_home / "restricted"
    monkeypatch.setenv("KEFU_RESTRICTED", str(tmp_path / "vault"))
    assert home.restricted() == tmp_path / "vault"
