"""In a real object store: what a kept folder names never goes, whatever shares its content."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

from dvc_data.hashfile.db.local import LocalHashFileDB
from dvc_objects.fs.local import LocalFileSystem
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.retention import objects
from pipelines.retention.policy import DAY_S

NOW = 2_000_000_000.0
CONTENT = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3", "4"]), max_size=4)


def md5(raw):
    return hashlib.md5(raw).hexdigest()


def add(root, raw, suffix="", days=9.0):
    name = md5(raw) + suffix
    path = Path(root) / name[:2] / name[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, (NOW - days * DAY_S,) * 2)
    return name


def add_folder(root, files, **how):
    entries = [{"md5": add(root, text.encode(), **how), "relpath": n} for n, text in sorted(files.items())]
    return add(root, json.dumps(entries).encode(), ".dir", **how)


def stores(cache, remote):
    fs = LocalFileSystem()
    made = [LocalHashFileDB(fs, str(path)) for path in (cache, remote)]
    return objects.Stores(*made)


def held(root):
    return {p.parent.name + p.name for p in Path(root).rglob("*") if p.is_file()}


@settings(max_examples=40)
@given(st.lists(st.tuples(CONTENT, st.booleans(), st.booleans()), max_size=6))
def test_what_a_kept_folder_names_never_goes_and_all_else_does(folders):
    """`folders`: (files, kept, whether the cache has it too)."""
    with tempfile.TemporaryDirectory() as where:
        cache, remote = Path(where) / "cache", Path(where) / "remote"
        kept = {}
        for files, keep, cached in folders:
            name = add_folder(remote, files)
            if cached:
                add_folder(cache, files)
            if keep:
                kept[name] = {md5(text.encode()) for text in files.values()} | {name}
        both = stores(cache, remote)
        keep = objects.needed(both, kept)
        assert keep == set().union(*kept.values())
        before = held(cache)
        for item in objects.unneeded(both, keep, NOW):
            item.take()
            item.take()  # again, as after a kill
        assert held(remote) == keep and held(cache) == before & keep


def test_what_is_younger_than_a_day_stays(tmp_path):
    young = add_folder(tmp_path / "cache", {"a": "new"}, days=0.5)
    old = add_folder(tmp_path / "cache", {"a": "old"}, days=1.5)
    [item] = objects.unneeded(stores(tmp_path / "cache", tmp_path / "none"), set(), NOW)
    assert (item.kind, item.count) == ("dvc cache", 2) and item.bytes > 3
    item.take()
    assert young in held(tmp_path / "cache") and old not in held(tmp_path / "cache")


def test_a_store_that_does_not_say_when_loses_nothing():
    assert objects._written({"size": 3}) == float("inf")
    assert objects._written({"mtime": 12}) == 12


def test_a_folder_is_read_from_the_remote_where_the_cache_lost_it(tmp_path):
    name = add_folder(tmp_path / "remote", {"manifest.json": "{}"})
    both = stores(tmp_path / "cache", tmp_path / "remote")
    assert objects.needed(both, {name}) == {name, md5(b"{}")}
    assert objects.file_of(both, name, "manifest.json") == b"{}"
    assert objects.file_of(both, name, "other") is None
    assert objects.needed(both, {"ab" * 16 + ".dir"}) == {"ab" * 16 + ".dir"}


def test_entries_of_the_run_cache_go_with_their_data(own_home):
    for name, outs in (("whole", ["a" * 32]), ("half", ["a" * 32, "b" * 32])):
        path = own_home / "dvc-cache/runs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"outs": [{"path": "x", "md5": one} for one in outs]}))
    (own_home / "dvc-cache/runs/damaged").write_text("{")
    empty = SimpleNamespace(fs=LocalFileSystem(), path=str(own_home / "none"))
    [item] = objects.unneeded(objects.Stores(empty, empty), {"a" * 32}, NOW)
    item.take()
    assert {p.name for p in (own_home / "dvc-cache/runs").iterdir()} == {"whole", "damaged"}
