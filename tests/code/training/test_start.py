"""Going on from the champion: the training really starts at its weights, on what is new and a replay."""

import json
import shutil
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from safetensors.torch import load_file

from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.champion import Champion
from pipelines.fingerprint import sha256_of
from pipelines.news.count import count
from pipelines.records import CORPUS
from pipelines.stage import OUTPUTS, execute
from pipelines.start.pinned import Start, seen_by, write_start
from pipelines.start.seen import FILE, Seen, read_seen, sides, write_seen
from pipelines.training.adapter import CONFIG, WEIGHTS, misfit_of
from pipelines.training.job import Items
from pipelines.training.trainer import make_model
from tests.code.evaluate.checkout import add_adapter
from tests.code.training.test_runs import items
from tests.code.training.tiny import checker, tiny_job, tiny_params, write_shop

PARAMS = tiny_params(
    pretrain={"max_tokens": 256}, tune={"epochs": 1, "evals_per_epoch": 1, "gradient_accumulation": 1}
)


@pytest.fixture
def champion(home, tmp_path):
    """A version that had twelve examples, fetched into the home as a run would have it."""
    from pipelines.base.load import resolve

    root, folder = tmp_path / "first", tmp_path / "fetched"
    add_adapter(folder, PARAMS, 1)
    write_shop(root, 12)
    rows = {}
    for side, table in sides():
        rows.setdefault(side, []).extend(pq.read_table(root / table).to_pylist())
    sha, seen_sha = adapter_sha256(folder), write_seen(folder / FILE, rows)
    shutil.rmtree(home / "store/champions" / sha, ignore_errors=True)
    shutil.copytree(folder, home / "store/champions" / sha)
    return Champion("kefu-instruction", "1", resolve(PARAMS.model).sha256, sha, 0, seen_sha)


@pytest.fixture
def second(home, champion, tmp_path):
    """The next run's checkout: four more examples, one changed document."""
    root = tmp_path / "second"
    write_shop(root, 16)
    corpus = root / "data/split/corpus.parquet"
    rows = pq.read_table(corpus).to_pylist()
    rows[0]["text"] = "新规定：15天内可退货。" * 8
    pq.write_table(pa.Table.from_pylist(rows, schema=CORPUS), corpus)
    write_start(root, Start(champion, 1))
    return root


def metrics(root, stage):
    return json.loads((root / f"data/metrics/{stage}.json").read_text())["metrics"]


def test_the_weights_at_step_0_are_the_champions(home, champion, tmp_path):
    job = tiny_job(home, tmp_path, items(4), parent=str(champion.adapter()))
    train = Items(job.train_file)
    started = dict(make_model(job, train).named_parameters())
    wanted = load_file(champion.adapter() / WEIGHTS)
    for name, weight in wanted.items():
        assert torch.equal(started[name.replace(".weight", ".default.weight")].float(), weight.float())
    fresh = dict(make_model(replace(job, parent=None), train).named_parameters())
    assert not fresh["base_model.model.model.layers.0.self_attn.q_proj.lora_B.default.weight"].any()


def test_both_stages_go_on_with_what_is_new(champion, second):
    for stage in ("pretrain", "tune"):
        execute(stage, PARAMS, second, checker)
    domain, instruction = (
        json.loads((second / OUTPUTS[s] / "training.json").read_text()) for s in ("pretrain", "tune")
    )
    assert domain["parent_sha256"] == champion.adapter_sha256
    assert instruction["parent_sha256"] == domain["adapter_sha256"] and instruction["generation"] == 1
    found = metrics(second, "pretrain")
    assert 0 < found["new_tokens"] < found["new_tokens"] + found["replayed_tokens"] <= 256
    found = metrics(second, "tune")
    assert (found["new_examples"], found["replayed_examples"]) == (4, 4)
    dropped = json.loads((second / "data/metrics/tune.json").read_text())["dropped"]
    assert dropped["seen_by_champion"] == 8
    left = second / OUTPUTS["tune"] / FILE
    assert (
        sha256_of(left) == instruction["seen_sha256"]
        and not count(second, read_seen(left, instruction["seen_sha256"])).any
    )


def test_what_is_new_is_counted(champion, second):
    news = count(second, seen_by(champion))
    assert (news.examples, news.documents, news.knowledge) == (4, 1, 5) and news.any
    assert (news.conversations, news.all_conversations) == (0, 3)
    everything = count(second, Seen())
    assert (everything.examples, everything.documents, everything.conversations) == (16, 8, 3)


def test_a_list_that_is_not_the_registered_one_is_not_believed(home, champion):
    assert seen_by(replace(champion, seen_sha256="0" * 64)) is None
    assert seen_by(replace(champion, seen_sha256="")) is None


@pytest.mark.parametrize(("lora", "says"), [
    ({}, ""), ({"r": 8}, "r 4 and alpha 8, lora.r is 8"), ({"alpha": 16}, "alpha 16"),
    ({"targets": ["q_proj"]}, "other layers"),
])  # fmt: skip
def test_a_champion_of_another_shape_does_not_fit(home, champion, lora, says):
    from pipelines.base.load import resolve

    found = misfit_of(champion.adapter(), resolve(PARAMS.model).path, PARAMS.lora.model_dump() | lora)
    assert says in found and bool(says) == bool(found)


def test_the_registered_folder_holds_its_configuration(champion, home):
    assert {WEIGHTS, CONFIG, "seen.parquet"} <= {path.name for path in champion.adapter().iterdir()}
