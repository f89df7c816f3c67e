"""What came, changed, was renamed and vanished, and whom it is told."""

import os
import subprocess

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines import outputs
from pipelines.errors import KefuError, UnavailableError
from pipelines.home import home
from pipelines.ingest import stage
from pipelines.ingest.arrivals import Arrivals, compare
from pipelines.retention import objects
from pipelines.snapshot import AUTHOR
from tests.code.ingest.conftest import ROOT, message

files = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(lambda sha, rows: {"sha256": sha, "rows": rows}, st.sampled_from("xyz"), st.integers(0, 9)),
)


@given(files, files)
def test_each_file_that_differs_is_told_once(before, now):
    found = compare(before, now)
    assert sorted([*found.new, *found.renamed]) == sorted(now.keys() - before.keys())
    assert sorted([*found.vanished, *found.renamed.values()]) == sorted(before.keys() - now.keys())
    assert set(found.changed) == {
        n for n in before.keys() & now.keys() if before[n]["sha256"] != now[n]["sha256"]
    }
    assert all(now[name]["sha256"] == before[old]["sha256"] for name, old in found.renamed.items())
    shas = {before[name]["sha256"] for name in found.vanished}
    assert shas.isdisjoint(now[name]["sha256"] for name in found.new)


def week(name):
    return [message(f"{name}{i}", role, "hi") for i in range(2) for role in ("customer", "agent")]


@pytest.fixture
def weeks(checkout, monkeypatch):
    """Two files, ingested by a run of the schedule that is published."""
    monkeypatch.delenv("KEFU_RUN", raising=False)
    git(checkout.root, "init", "-q", "-b", "main")
    git(checkout.root, "commit", "-q", "--allow-empty", "-m", "first")
    for name in "ab":
        checkout.jsonl(f"{name}.jsonl", week(name))
    checkout.run()
    publish(checkout, "scheduled__1")
    return checkout


def git(root, *args):
    env = {**os.environ, **AUTHOR}
    subprocess.run(["git", *args], cwd=root, env=env, check=True, capture_output=True)


def publish(checkout, run, before=()):
    """What ingest has left as the run's data: in DVC's cache, in dvc.lock, under the run's tag."""
    folder = checkout.root / "data/ingested"
    cache, md5 = home() / "dvc-cache", outputs.md5_of(folder)
    for file in folder.rglob("*"):
        put(cache, outputs.md5_of(file), file.read_bytes())
    put(cache, md5, outputs._listing(folder))
    lock = {"stages": {"ingest": {"outs": [{"path": "data/ingested", "md5": md5}]}}}
    (checkout.root / "dvc.lock").write_text(yaml.safe_dump(lock))
    git(checkout.root, "checkout", "-q", "--detach", "main")
    for subject in before:
        git(checkout.root, "commit", "-q", "--allow-empty", "-m", subject)
    git(checkout.root, "add", "-f", "dvc.lock")
    git(checkout.root, "commit", "-q", "-m", f"Data of {run}")
    git(checkout.root, "tag", f"data/{run}")
    git(checkout.root, "checkout", "-q", "main")


def put(cache, md5, content):
    path = outputs.stored(cache, md5)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def told(checkout):
    """None where there is nothing to compare with."""
    checkout.run()
    found = checkout.metrics["metrics"]["arrivals"].get("shop")
    return Arrivals(**found) if found else None


GONE = Arrivals(vanished={"shop/a.jsonl": 2})


def test_where_nothing_was_published_nothing_is_told(checkout):
    checkout.jsonl("a.jsonl", week("a"))
    assert told(checkout) is None
    git(checkout.root, "init", "-q", "-b", "main")
    assert told(checkout) is None


def test_what_came_changed_and_vanished_is_told_until_it_is_published(weeks, capsys):
    assert told(weeks) == Arrivals()
    weeks.jsonl("c.jsonl", week("c"))
    weeks.jsonl("b.jsonl", week("x"))
    (weeks.logs / "a.jsonl").unlink()
    news = Arrivals(new=["shop/c.jsonl"], changed=["shop/b.jsonl"], vanished={"shop/a.jsonl": 2})
    assert told(weeks) == told(weeks) == news
    assert {row["source_file"] for row in weeks.run()} == {"shop/b.jsonl", "shop/c.jsonl"}
    said = capsys.readouterr().out
    assert "ingest: shop/a.jsonl has vanished; its 2 conversations are in no table any more" in said
    assert "ingest: files of shop: 1 new, 1 changed" in said
    publish(weeks, "scheduled__2")
    assert told(weeks) == Arrivals()


@pytest.mark.parametrize(
    "before", ["Parameters of x", "Data of scheduled__1", "Snapshot of uncommitted edits"]
)
def test_an_experiment_or_a_rebuilt_week_takes_no_news_away(weeks, before):
    (weeks.logs / "a.jsonl").unlink()
    assert told(weeks) == GONE
    publish(weeks, "x", [before])
    assert told(weeks) == GONE


def test_a_run_that_is_cleared_after_it_was_published_is_told_the_same_again(weeks, monkeypatch):
    (weeks.logs / "a.jsonl").unlink()
    weeks.run()
    publish(weeks, "scheduled__2")
    monkeypatch.setenv("KEFU_RUN", "scheduled__2")
    assert told(weeks) == GONE
    monkeypatch.setenv("KEFU_RUN", "scheduled__3")
    assert told(weeks) == Arrivals()


def test_an_emptied_cache_is_asked_of_the_remote_and_its_silence_is_told(weeks, monkeypatch):
    monkeypatch.setattr(objects, "main_checkout", lambda: ROOT)
    (weeks.logs / "a.jsonl").unlink()
    (home() / "dvc-cache/files").rename(home() / "files")
    assert told(weeks) is None  # nobody holds it any more
    (home() / "dvc-remote").mkdir()
    (home() / "files").rename(home() / "dvc-remote/files")
    assert told(weeks) == GONE
    monkeypatch.setattr(objects, "open_stores", lambda: 1 / 0)
    with pytest.raises(UnavailableError, match="what the last run ingested cannot be read"):
        weeks.run()


def test_a_half_mounted_share_stops_the_run_before_anything_is_written(weeks):
    for name in "cd":
        weeks.jsonl(f"{name}.jsonl", week(name))
    weeks.run()
    publish(weeks, "scheduled__2")
    (weeks.logs / "a.jsonl").rename(weeks.logs / "z.jsonl")
    for name in "bc":
        (weeks.logs / f"{name}.jsonl").unlink()
    weeks.run()
    (weeks.logs / "d.jsonl").unlink()
    held = weeks.output("manifest.json")
    with pytest.raises(
        KefuError, match="3 of the 4 files that the source 'shop' had have vanished"
    ) as caught:
        weeks.run()
    assert "shop/b.jsonl, shop/c.jsonl, shop/d.jsonl" in str(caught.value)
    assert "ingest.max_vanished_share (0.5)" in str(caught.value) and weeks.output("manifest.json") == held
    weeks.settings["max_vanished_share"] = 0.75
    weeks.run()


def test_a_renamed_file_is_not_read_again(weeks, monkeypatch):
    keys = {part["key"] for part in weeks.manifest}
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    (weeks.logs / "a.jsonl").rename(weeks.logs / "z.jsonl")
    assert told(weeks) == Arrivals(renamed={"shop/z.jsonl": "shop/a.jsonl"})
    assert {part["key"] for part in weeks.manifest} == keys
    assert [row["source_file"] for row in weeks.run()] == ["shop/b.jsonl"] * 2 + ["shop/z.jsonl"] * 2


def test_a_file_that_comes_back_costs_nothing(weeks, monkeypatch):
    held = (weeks.logs / "a.jsonl").read_bytes()
    (weeks.logs / "a.jsonl").unlink()
    weeks.run()
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    weeks.put("a.jsonl", held)
    assert told(weeks) == Arrivals()


def test_another_name_is_another_source(weeks):
    weeks.sources = [{"name": "store", "path": "logs"}]
    weeks.run()
    assert weeks.metrics["metrics"]["arrivals"] == {}


def test_ids_that_are_made_stay_when_the_file_is_renamed_or_grows(checkout):
    checkout.source(shape="qa")
    rows = [{"question": f"q{i % 2}", "answer": "a"} for i in range(3)]
    checkout.jsonl("a.jsonl", rows)
    before = [row["conversation_id"] for row in checkout.run()]
    assert len(set(before)) == 3
    (checkout.logs / "a.jsonl").unlink()
    checkout.jsonl("b.jsonl", [{"question": "new", "answer": "a"}, *rows])
    assert [row["conversation_id"] for row in checkout.run()][1:] == before
