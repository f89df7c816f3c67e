"""What goes by its age alone."""

import os

from pipelines.mask import store, vault
from pipelines.params.sections import Retention
from pipelines.retention import places
from tests.code.mask.vaulted import vaulted

NOW = 1_900_000_000
DAY_S = 86400
KEEPING = Retention(
    failed_days=7,
    run_days=60,
    rejected_days=90,
    newest_versions=2,
    store_days=30,
    log_days=90,
    max_gb=0,
    min_free_gb=0,
)


def made(home, name, days, text="x"):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    for one in (path, *path.parents):
        if home in one.parents:
            os.utime(one, (NOW - days * DAY_S,) * 2)
    return path


def take(items):
    for item in items:
        item.take()
    return sorted(item.kind for item in items)


def test_each_kind_goes_at_its_age(own_home):
    old = {
        "worktree": made(own_home, "runs/failed/params.yaml", 8),
        "checkpoints": made(own_home, "checkpoints/abc/training.json", 8),
        "store": made(own_home, "store/masked/k.parquet", 31),
        "logs": made(own_home, "logs/tasks/dag_id=retrain/run_id=r/attempt=1.log", 91),
    }
    young = [
        made(own_home, "runs/failed2/params.yaml", 6),
        made(own_home, "checkpoints/def/training.json", 6),
        made(own_home, "store/masked/l.parquet", 29),
        made(own_home, "logs/tasks/dag_id=retrain/run_id=s/attempt=1.log", 89),
        made(own_home, "store/paraphrases.sqlite", 999),
        made(own_home, "models/base/model.bin", 999),
        made(own_home, "keys.env", 999),
        made(own_home, "restricted/conversations/k.parquet", 999),
    ]
    assert take(places.by_age(KEEPING, NOW)) == sorted(old)
    assert not any(path.exists() for path in old.values()) and all(path.exists() for path in young)


def test_a_worktree_that_is_written_to_deep_inside_stays(own_home):
    made(own_home, "runs/long/params.yaml", 30)
    deep = made(own_home, "runs/long/data/adapters/a.bin", 30)
    os.utime(deep, (NOW - DAY_S,) * 2)
    assert places.by_age(KEEPING, NOW) == []


def test_remembered_work_that_was_read_lately_stays(own_home):
    path = made(own_home, "store/dedup/k.parquet", 99)
    os.utime(path, (NOW - DAY_S, NOW - 99 * DAY_S))
    assert places.by_age(KEEPING, NOW) == []


def test_partitions_that_a_manifest_names_stay(own_home):
    for key in ("named", "gone"):
        made(own_home, f"restricted/conversations/{key}.parquet", 99)
    made(own_home, "restricted/conversations/young.parquet", 1)
    take(places.forgotten_partitions({"named"}, KEEPING, NOW))
    assert {p.stem for p in (own_home / "restricted/conversations").iterdir()} == {"named", "young"}


def test_of_a_named_partition_the_masking_used_last_stays_in_the_vault(own_home):
    rows = [vault.Row("c1", 0, "PERSON", "张建国", "<姓名1>")]
    for name, days in (("named-1", 200), ("named-2", 99), ("gone-1", 61), ("gone-2", 59), ("old", 61)):
        path = vaulted(name, rows)
        os.utime(path, (NOW - days * DAY_S,) * 2)
        made(own_home, f"store/masked/{name}.parquet", 0)
    items = places.forgotten_partitions({"named"}, KEEPING, NOW)
    assert take(items) == ["vault"]
    assert [path.stem for path in vault.files()] == ["gone-2", "named-2"] == store.keys()
    assert list(vault.values()) == rows * 2


def test_an_empty_home_has_nothing_to_take(own_home):
    assert places.by_age(KEEPING, NOW) == [] and places.forgotten_partitions(set(), KEEPING, NOW) == []
