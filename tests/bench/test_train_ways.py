"""The ways that are compared train the same weights."""

import pytest

from bench.train import check_same_weights
from bench.train_ways import adapted, trained_weights
from pipelines.training.job import Items
from pipelines.training.trainer import make_model
from tests.code.training.conftest import home, tiny_home  # noqa: F401
from tests.code.training.test_runs import items
from tests.code.training.tiny import tiny_job


@pytest.mark.parametrize("depth", [0.5, 1.0])
def test_every_way_adapts_the_layers_that_the_worker_does(home, tmp_path, depth):  # noqa: F811
    lora = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": "all-linear", "depth": depth}
    job = tiny_job(home, tmp_path, items(4), lora=lora)
    own = make_model(job, Items(job.train_file))
    assert trained_weights(adapted(job)) == trained_weights(own) > 0


def test_ways_that_train_other_weights_are_not_compared():
    assert check_same_weights({"kefu": {"weights": 7}, "trl": {"weights": 7}}) is None
    with pytest.raises(SystemExit, match="kefu 7, trl 14"):
        check_same_weights({"kefu": {"weights": 7}, "trl": {"weights": 14}})
