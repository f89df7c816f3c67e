"""What ingest writes, what it does not write again, and when it stops."""

import hashlib
import json
import secrets

import pytest

from pipelines.errors import KefuError
from pipelines.fingerprint import digest, fingerprint_code
from pipelines.ingest import stage
from tests.code.ingest.conftest import message

SECRET = "张三丰13800138000"


def week(start, count=3):
    return [
        message(f"c{i}", role, f"{SECRET} {role} {i}", customer_id=f"u{i}")
        for i in range(start, start + count)
        for role in ("customer", "agent")
    ]


@pytest.fixture
def weeks(checkout):
    checkout.jsonl("2026-W01.jsonl", week(0))
    checkout.jsonl("2026-W02.jsonl", week(3))
    return checkout


def test_manifest_and_partitions(weeks):
    weeks.run()
    assert [{**part, "key": len(part["key"])} for part in weeks.manifest] == [
        {
            "partition": f"shop/{name}",
            "key": 64,
            "sha256": hashlib.sha256((weeks.logs / name).read_bytes()).hexdigest(),
            "rows": 3,
            "rejected": 0,
        }
        for name in ("2026-W01.jsonl", "2026-W02.jsonl")
    ]
    ids = [row for table in weeks.stored().values() for row in table["conversation_id"].to_pylist()]
    assert ids == [f"c{i}" for i in range(6)]
    assert weeks.metrics["metrics"]["customers"] == 6


def test_no_text_and_no_customer_id_outside_the_restricted_area(weeks, own_home, capsys):
    good = json.dumps(week(3)[0])
    weeks.put("2026-W02.jsonl", "\n".join([json.dumps(message("c", "robot", SECRET)), good + SECRET, good]))
    weeks.settings["max_rejected_share"] = 1
    weeks.run()
    assert [reason for _, _, reason in weeks.rejected] == ["unknown_role", "not_json"]
    written = [p for p in weeks.root.rglob("*") if p.is_file() and weeks.logs not in p.parents]
    held = b"".join(p.read_bytes() for p in [*written, *own_home.rglob("*.parquet")])
    assert held and SECRET.encode() not in held and b"13800138000" not in held
    assert "u3" not in b"".join(p.read_bytes() for p in written).decode()
    assert "13800138000" not in capsys.readouterr().out


def test_the_stewards_lists_count_for_ids_and_labels_and_only_they_read_again(weeks):
    rows = [message("c9", "customer", "hi", channel="400-820-6655", intent="project chestnut")]
    weeks.jsonl("2026-W03.jsonl", rows)
    pii = weeks.root / "data/knowledge/pii.yaml"
    pii.parent.mkdir(parents=True, exist_ok=True)

    def labels(content):
        pii.write_text(content)
        weeks.run()
        [row] = [r for table in weeks.stored().values() for r in table.to_pylist() if r["source_row"] == 1][
            2:
        ]
        return row["channel"], row["intent"], weeks.metrics["metrics"]["partitions_reused"]

    assert labels("") == ("", "project chestnut", 0)
    assert labels("types: {PHONE: {mask: true, threshold: 0.9}}") == ("", "project chestnut", 3)
    listed = "allow: ['400 820 6655']\ndeny: [{text: Project Chestnut, type: USERNAME}]"
    assert labels(listed) == ("400-820-6655", None, 0)


def test_a_file_named_after_a_phone_number_goes_by_a_hash(weeks, own_home):
    weeks.jsonl("chat 13800138000.jsonl", week(9))
    weeks.run()
    assert len(weeks.manifest) == 3 and sum(part["rows"] for part in weeks.manifest) == 9
    written = [p for p in [*weeks.root.rglob("*"), *own_home.rglob("*")] if weeks.logs not in p.parents]
    assert not [p for p in written if "13800138000" in p.name]
    assert b"13800138000" not in b"".join(p.read_bytes() for p in written if p.is_file())
    names = [part["partition"] for part in weeks.manifest]
    assert all(name.startswith("shop/") and name.endswith(".jsonl") for name in names)
    weeks.run()
    assert [part["partition"] for part in weeks.manifest] == names


def test_what_stands_already_is_not_read_again(weeks, own_home, monkeypatch):
    first = weeks.run()
    files = {path: path.stat().st_mtime_ns for path in own_home.rglob("*.parquet")}
    manifest = weeks.manifest
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    assert weeks.run() == first and weeks.manifest == manifest
    assert weeks.metrics["metrics"]["partitions_reused"] == 2
    assert {path: path.stat().st_mtime_ns for path in own_home.rglob("*.parquet")} == files


def test_a_new_week_reads_only_itself_and_equals_a_full_run(weeks, own_home, monkeypatch):
    weeks.jsonl("2026-W02.jsonl", [*week(3), message("c", "robot", "x")])
    weeks.run()
    weeks.jsonl("2026-W00.jsonl", [*week(6), message("c9", "agent", "x", satisfaction=11)])
    grown = weeks.run()
    outputs = [weeks.output(name) for name in ("manifest.json", "rejected.json")]
    counts = {name: weeks.metrics[name] for name in ("rows_in", "rows_out", "dropped")}
    assert weeks.metrics["metrics"]["partitions_reused"] == 2
    monkeypatch.setenv("KEFU_RESTRICTED", str(own_home / "another"))
    assert weeks.run() == grown
    assert weeks.metrics["metrics"]["partitions_reused"] == 0
    assert [weeks.output(name) for name in ("manifest.json", "rejected.json")] == outputs
    assert {name: weeks.metrics[name] for name in counts} == counts
    assert counts["dropped"] == {"ignored_satisfaction": 1, "unknown_role": 1}


@pytest.mark.parametrize("change", ["bytes", "name", "mapping", "code", "ref_key"])
def test_the_key_follows_all_that_the_table_depends_on(weeks, monkeypatch, change):
    weeks.run()
    before = {part["key"] for part in weeks.manifest}
    if change == "bytes":
        weeks.jsonl("2026-W01.jsonl", week(0, 4)), weeks.jsonl("2026-W02.jsonl", week(4, 4))
    elif change == "name":
        weeks.sources = [{"name": "store", "path": "logs"}]
    elif change == "mapping":
        weeks.source(language="zh")
    elif change == "code":
        monkeypatch.setattr(stage, "CODE", stage.CODE[1:])
    else:
        monkeypatch.setenv("KEFU_REF_KEY", secrets.token_hex(32))
    weeks.run()
    assert before.isdisjoint(part["key"] for part in weeks.manifest)


def test_a_path_that_moves_keeps_the_work(weeks):
    weeks.run()
    weeks.logs.rename(weeks.root / "moved")
    weeks.sources = [{"name": "shop", "path": str(weeks.root / "moved"), "glob": "*.jsonl"}]
    weeks.run()
    assert weeks.metrics["metrics"]["partitions_reused"] == 2


def test_another_restricted_key_stops_the_run(weeks, monkeypatch):
    weeks.run()
    monkeypatch.setenv("KEFU_RESTRICTED_KEY", secrets.token_hex(32))
    with pytest.raises(KefuError, match="another KEFU_RESTRICTED_KEY"):
        weeks.run()


@pytest.mark.parametrize("name", ["KEFU_REF_KEY", "KEFU_RESTRICTED_KEY"])
def test_a_key_that_is_not_set_stops_the_run(weeks, monkeypatch, name):
    monkeypatch.delenv(name)
    with pytest.raises(KefuError, match=f"the key {name} is not set"):
        weeks.run()


def test_rejected_rows_up_to_the_share_are_counted(checkout):
    checkout.settings["max_rejected_share"] = 0.1
    rows = [message(f"c{i}", "agent", "hi") for i in range(9)]
    checkout.jsonl("a.jsonl", [*rows, message("c", "robot", "hi")])
    checkout.run()
    assert checkout.rejected == [("shop/a.jsonl", 10, "unknown_role")]
    assert checkout.output("rejected.json")["counts"] == {"unknown_role": 1}
    assert checkout.metrics["dropped"] == {"unknown_role": 1}
    assert (checkout.metrics["rows_in"], checkout.metrics["rows_out"]) == (10, 9)


def test_more_than_the_share_stops_the_run_and_writes_nothing(checkout, own_home):
    checkout.settings["max_rejected_share"] = 0.1
    good = [message(f"c{i}", "agent", "hi") for i in range(8)]
    checkout.jsonl("a.jsonl", [*good, message("c", "robot", SECRET), message("c", "agent", "")])
    with pytest.raises(KefuError) as error:
        checkout.run()
    assert "2 of 10 rows of the source 'shop' (unknown_role 1, no_text 1)" in str(error.value)
    assert error.value.where == "shop/a.jsonl:9, shop/a.jsonl:10"
    assert SECRET not in str(error.value)
    assert not list(own_home.rglob("*.parquet")) and not (checkout.root / "data/ingested").exists()


def test_a_file_of_which_nothing_can_be_read_stops_the_run(weeks):
    weeks.settings["max_rejected_share"] = 1
    weeks.jsonl("2026-W03.jsonl", [message("c", "robot", "hi")])
    with pytest.raises(KefuError, match=r"no row of shop/2026-W03\.jsonl can be read"):
        weeks.run()


def test_a_week_without_rows_is_named_and_does_not_stop_the_run(weeks):
    weeks.put("2026-W03.jsonl", "")
    assert len(weeks.run()) == 6
    assert weeks.metrics["metrics"]["partitions_empty"] == ["shop/2026-W03.jsonl"]


def test_an_optional_column_may_be_absent_from_a_week_but_not_from_all(weeks):
    columns = {name: name for name in ("conversation_id", "role", "text", "satisfaction")}
    weeks.source(columns=columns)
    with pytest.raises(KefuError, match="columns are missing: satisfaction"):
        weeks.run()
    weeks.jsonl("2026-W02.jsonl", [{**row, "satisfaction": 4} for row in week(3)])
    assert {row["satisfaction"] for row in weeks.run()} == {None, 4}


def test_a_failed_run_keeps_the_earlier_output(weeks):
    weeks.run()
    before = weeks.manifest
    weeks.put("2026-W03.jsonl", b"\xff\xfe\xff")
    with pytest.raises(KefuError, match="not utf-8"):
        weeks.run()
    assert weeks.manifest == before


def test_conversations_that_span_files_are_counted(weeks):
    weeks.jsonl("2026-W03.jsonl", week(2, 2))
    weeks.run()
    assert weeks.metrics["metrics"]["conversations_in_several_files"] == 2


def test_two_files_of_one_name_are_an_error(checkout):
    checkout.jsonl("a/b.jsonl", week(0))
    checkout.jsonl("a__b.jsonl", week(1))
    checkout.source(glob="**/*.jsonl")
    with pytest.raises(KefuError, match=r"would have one name: shop__a__b\.jsonl"):
        checkout.run()


def test_digest_tells_parts_and_kinds_apart():
    keys = [digest("ab", "c"), digest("a", "bc"), digest("abc"), digest(b"abc"), digest(["abc"]), digest()]
    assert len(set(keys)) == len(keys) and {len(key) for key in keys} == {64}
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})


def test_fingerprint_follows_code_and_not_its_place(tmp_path):
    for place in ("one", "two"):
        (tmp_path / place / "room").mkdir(parents=True)
        (tmp_path / place / "room/a.py").write_text("x = 1\n")
        (tmp_path / place / "room/notes.txt").write_text(place)
    first, second = tmp_path / "one/room", tmp_path / "two/room"
    assert fingerprint_code(first) == fingerprint_code(second)
    (second / "a.py").rename(second / "b.py")
    assert fingerprint_code(first) != fingerprint_code(second)
    with pytest.raises(FileNotFoundError):
        fingerprint_code(tmp_path / "absent")
