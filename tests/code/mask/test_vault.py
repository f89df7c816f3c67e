"""The vault: encrypted, under its own key, able to say where it leaks, and gone once destroyed."""

import os
import secrets
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import bootstrap, home
from pipelines.errors import KefuError
from pipelines.ingest.restricted import partition_path, write_partition
from pipelines.mask import probe, store, vault
from pipelines.mask.vaulting import Vaulting
from tests.code.mask.vaulted import vaulted

KEY, OTHER = "a" * 64, "b" * 64
ROWS = [
    vault.Row("c1", 0, "PERSON", "张建国", "<姓名1>"),
    vault.Row("c1", 2, "PHONE", "138 0013 8000", "<手机号1>"),
    vault.Row("c1", 3, "PERSON", "张先生", "<姓名2>"),
]
OF_BOTH = f"{OTHER}-{'c' * 64}"  # of the same partition, masked otherwise
MORE = [vault.Row("c2", 1, "EMAIL", "jianguo.zhang@qq.com", "<EMAIL_1>")]


@pytest.fixture(autouse=True)
def filled(own_home):
    vaulted(KEY, ROWS)
    vaulted(OTHER, MORE)
    return own_home


def test_what_is_written_is_read_again_in_order_and_by_type():
    assert list(vault.values()) == ROWS + MORE
    assert list(vault.values("EMAIL")) == MORE
    assert list(vault.values("QQ")) == []


def test_a_partition_without_anything_masked_has_a_file_too():
    vaulted(KEY, [])
    assert list(vault.values()) == MORE and vault.without([KEY, OTHER, "c" * 64]) == 1


@pytest.mark.parametrize("loose", [1, 3, 100])
def test_what_is_gathered_while_masking_is_what_is_read(monkeypatch, loose):
    monkeypatch.setattr("pipelines.mask.vaulting.LOOSE_ROWS", loose)
    vaulting = Vaulting()
    for row in ROWS:
        vaulting.add([row])
    vaulting.add([])
    assert vaulting.write(KEY) == vault.path_of(KEY)
    Vaulting().write(OTHER)
    assert list(vault.values()) == ROWS and vault.status().files == 2


def test_no_value_stands_in_the_bytes_and_only_the_owner_may_read():
    path = vault.path_of(KEY)
    held = path.read_bytes()
    assert held.startswith(b"PARE")
    planted = [row.value.encode() for row in ROWS] + [b"conversation_id", b"PERSON"]
    assert [value for value in planted if value in held] == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(path)


def test_its_key_is_not_that_of_the_restricted_area(monkeypatch):
    monkeypatch.setenv("KEFU_RESTRICTED_KEY", secrets.token_hex(32))
    assert len(list(vault.values())) == 4
    write_partition(KEY, pa.table({"a": [1]}))
    assert vault.path_of(KEY) != partition_path(KEY)


def test_leaks_names_texts_and_types_only():
    answers = [
        "您好,张先生",
        "请联系张建国,电话１３８-0013-8000",
        "",
        "mail JIANGUO.ZHANG@qq.com please",
        "13800138000",
        "<姓名1>",
    ]
    assert vault.leaks(answers) == [(1, "PERSON"), (1, "PHONE"), (3, "EMAIL"), (4, "PHONE")]
    assert vault.leaks([]) == []


def test_another_key_is_a_clear_error(monkeypatch):
    monkeypatch.setenv("KEFU_VAULT_KEY", secrets.token_hex(32))
    with pytest.raises(KefuError, match="another KEFU_VAULT_KEY"):
        vault.leaks(["13800138000"])
    assert vault.status() == vault.Status("environment", 2, 0, 2)


def test_a_damaged_file_is_a_clear_error():
    vault.path_of(KEY).write_bytes(b"PARE cut off")
    with pytest.raises(KefuError, match="damaged"):
        list(vault.values())
    assert vault.status() == vault.Status("environment", 2, 1, 1)


def test_status_counts():
    assert vault.status() == vault.Status("environment", 2, 4, 0)


def test_destroying_removes_key_and_files_for_good(filled, monkeypatch):
    monkeypatch.delenv("KEFU_VAULT_KEY")
    bootstrap.make_keys()
    vaulted(KEY, ROWS)
    kept, held = home.keys_file(), vault.path_of(KEY).read_bytes()
    assert "gone from keys.env" in vault.destroy()
    assert home.keys_file() == kept | {"KEFU_VAULT_KEY": ""}
    assert stat.S_IMODE((filled / "keys.env").stat().st_mode) == 0o600
    assert list(vault.folder().iterdir()) == [] and not vault.has_key()
    assert vault.leaks(["13800138000"]) == [] and vault.status() == vault.Status("none", 0, 0, 0)
    bootstrap.make_keys()
    assert not vault.has_key()
    vault.path_of(KEY).write_bytes(held)  # from a backup: without the key it stays closed
    with pytest.raises(KefuError, match="KEFU_VAULT_KEY is not set"):
        list(vault.values())
    assert vault.status() == vault.Status("none", 1, 0, 1)


def test_destroying_empties_the_key_that_a_restore_set_aside_and_names_backups(filled):
    aside = filled / "keys.env.replaced"
    aside.write_text(f"KEFU_VAULT_KEY={'5a' * 32}\nKEFU_SIGN_KEY=1f\n")
    said = vault.destroy()
    assert "gone from keys.env.replaced" in said and "a backup made with --vault" in said
    assert aside.read_text() == "KEFU_VAULT_KEY=\nKEFU_SIGN_KEY=1f\n"


def test_a_key_of_the_environment_is_for_the_user_to_unset():
    assert "unset it" in vault.destroy()
    assert "gone from keys.env" not in vault.destroy()


def test_the_probe_counts_by_type_and_shows_no_value(tmp_path, capsys):
    from pipelines.__main__ import main

    file = tmp_path / "answers.jsonl"
    file.write_text(
        '{"messages": [{"role": "assistant", "content": "找张建国"}]}\n'
        '{"answer": "13800138000", "n": 3}\n好的\n'
    )
    assert main(["vault", "probe", str(file)]) == 1
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "PERSON: 1 text(s)",
        "PHONE: 1 text(s)",
        "2 of 4 text(s) hold a vaulted value",
    ]
    file.write_text("没有什么\n")
    assert main(["vault", "probe", str(file)]) == 0
    assert capsys.readouterr().out == "0 of 1 text(s) hold a vaulted value\n"


def test_the_command_shows_status_and_destroys_only_when_told_so(capsys, monkeypatch):
    from pipelines.__main__ import main

    assert main(["vault", "status"]) == 0
    assert capsys.readouterr().out == "key: environment\npartitions: 2\nvalues: 4\n"
    with pytest.raises(SystemExit):
        main(["vault", "destroy"])
    assert len(list(vault.folder().iterdir())) == 2
    assert main(["vault", "destroy", "--yes"]) == 0
    monkeypatch.delenv("KEFU_VAULT_KEY")
    capsys.readouterr()
    assert main(["vault", "status"]) == 0 and "there is no vault" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["probe", "anything"], ["forget", "--conversation", "c1"]])
def test_without_a_key_a_probe_does_not_say_that_there_is_no_leak(command, capsys, monkeypatch):
    from pipelines.__main__ import main

    monkeypatch.delenv("KEFU_VAULT_KEY")
    assert main(["vault", *command]) == 2
    assert "there is no vault" in capsys.readouterr().err


def test_nor_does_one_of_an_empty_vault_or_of_one_that_lacks_a_partition(own_home, tmp_path, capsys):
    from pipelines.__main__ import main

    (file := tmp_path / "answers.txt").write_text("没有什么\n")
    store.folder().mkdir(parents=True)
    for key in (OF_BOTH, "d" * 64):
        store.path_of(key).write_bytes(b"masked")
    assert main(["vault", "probe", str(file)]) == 2
    assert "2 masked partition(s) have no file in the vault" in capsys.readouterr().out
    file.write_text("找张建国\n")
    assert main(["vault", "probe", str(file)]) == 1
    for path in vault.files():
        path.unlink()
    assert main(["vault", "probe", str(file)]) == 2 and "the vault is empty" in capsys.readouterr().err


def test_forgetting_a_conversation_takes_its_values_out_of_every_masking(capsys):
    from pipelines.__main__ import main

    vaulted(OF_BOTH, [*MORE, *ROWS[:1]])
    os.utime(vault.path_of(OF_BOTH), (5, 5))
    assert main(["vault", "forget", "--conversation", "c1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"3 value(s) removed, of the partition {KEY}",
        f"1 value(s) removed, of the partition {OTHER}",
    ]
    assert list(vault.values()) == MORE + MORE and vault.leaks(["张建国"]) == []
    assert vault.path_of(OF_BOTH).stat().st_mtime == 5, "it is no newer masking for that"
    assert stat.S_IMODE(vault.path_of(OF_BOTH).stat().st_mode) == 0o600
    assert main(["vault", "forget", "--conversation", "c1"]) == 2
    assert "holds no value of the conversation c1" in capsys.readouterr().err


def test_forgetting_a_partition_leaves_the_others():
    vaulted(OF_BOTH, MORE)
    assert vault.forget(partition=OTHER) == {OTHER: 2}
    assert list(vault.values()) == ROWS and len(vault.files()) == 3


def test_what_is_to_be_forgotten_must_be_said(capsys):
    from pipelines.__main__ import main

    with pytest.raises(SystemExit):
        main(["vault", "forget"])
    assert len(list(vault.values())) == 4


def test_a_file_that_cannot_be_probed_is_named(tmp_path):
    with pytest.raises(KefuError, match="cannot be read"):
        probe.probe(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KefuError, match="UnicodeDecodeError"):
        probe.probe(tmp_path / "binary")
