"""A training is seen in MLflow while it goes, once, and goes on where MLflow does not answer."""

import json

import pytest

from pipelines.stage import StageRun
from pipelines.training.cost import Meter, cost
from pipelines.training.live import FILE, open_run
from pipelines.training.watch import WAIT_S, live_callback
from pipelines.training.worker import train
from pipelines.training.zero import zero_config
from tests.code.training import forked
from tests.code.training.test_killed import items
from tests.code.training.tiny import tiny_job, tiny_params

RUN = "scheduled__2026-11-23T03:00:00+08:00"
LIVE = ("loss", "eval_loss", "learning_rate", "grad_norm", "tokens_per_second", "memory_gib", "seconds_left")


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    monkeypatch.setenv("KEFU_RUN", RUN)
    monkeypatch.chdir(tmp_path)
    from pipelines.register.tracking import connect

    return connect()


def started(home, folder, **own):
    job = tiny_job(home, folder, items(23), items(7), **own)
    open_run(StageRun("tune", tiny_params(), folder), folder, zero_config(job))
    return job


def points(client, job, name):
    run_id = json.loads((job.result.parent / FILE).read_text())["run_id"]
    return [(m.step, m.value) for m in client.get_metric_history(run_id, name)]


def test_every_logged_figure_is_a_metric_of_its_step(home, tmp_path, store, capsys):
    job = started(home, tmp_path / "job")
    train(job)
    history = json.loads((job.result / "history.json").read_text())
    for name in LIVE[:4]:
        assert points(store, job, name) == [(h["step"], pytest.approx(h[name])) for h in history if name in h]
    for name in LIVE[4:]:
        assert points(store, job, name)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("tune: step")]
    assert len(lines) >= len(history)
    for said in ("loss", "validation loss", "rate", "gradient", "tokens/s", "GiB", "s left"):
        assert said in lines[-2]


def test_a_killed_one_goes_on_in_the_same_run_and_writes_no_point_twice(home, tmp_path, store):
    from pipelines.register.tracking import DAG_RUN, ROLE, curve, new_points

    job = started(home, tmp_path / "job")
    forked.kill(job, ("step", 20))
    again = started(home, tmp_path / "job")
    train(again)
    runs = store.search_runs([e.experiment_id for e in store.search_experiments()])
    assert sorted(run.data.tags[ROLE] for run in runs) == ["parent", "tune"]
    assert {run.data.tags[DAG_RUN] for run in runs} == {RUN}
    child = next(run for run in runs if run.data.tags[ROLE] == "tune")
    whole = curve(job.result / "history.json")
    left = new_points(store, child, whole)  # what the killed one had not written yet, register adds
    for name in ("loss", "eval_loss"):
        steps = [step for step, _ in points(store, job, name)] + [m.step for m in left if m.key == name]
        assert sorted(steps) == [m.step for m in whole if m.key == name]
        assert len(steps) > len([m for m in left if m.key == name])


def test_deepspeeds_configuration_is_logged_with_the_run(home, tmp_path, store):
    from mlflow.artifacts import load_dict

    job = started(home, tmp_path / "job", zero_stage=2)
    run_id = json.loads((tmp_path / "job" / FILE).read_text())["run_id"]
    found = load_dict(f"{store.get_run(run_id).info.artifact_uri}/deepspeed.json")
    assert found == zero_config(job)


def test_a_server_that_is_gone_stops_nothing(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    job = started(home, tmp_path / "job", epochs=1)
    assert "not live in MLflow" in capsys.readouterr().out
    (tmp_path / "job" / FILE).write_text(json.dumps({"url": "http://127.0.0.1:9", "run_id": "gone"}))
    train(job)
    assert job.result.exists() and WAIT_S
    assert "no longer live in MLflow" in capsys.readouterr().out


def test_without_a_server_nothing_is_looked_for(home, tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("KEFU_RUN", raising=False)
    started(home, tmp_path / "job")
    assert live_callback(tmp_path / "job", dict) is None


def test_cost_is_seconds_times_devices_watts_and_price(monkeypatch):
    from pipelines.training import cost as room

    settings = tiny_params(
        training={
            "watts": {"core": 10, "gpu": 700},
            "prices": {"currency": "EUR", "core_hour": 0.5, "gpu_hour": 4},
        }
    ).training
    monkeypatch.setattr(room, "gpu_count", lambda: 0)
    monkeypatch.setattr(room, "core_count", lambda: 2)
    assert cost(1800, 1, 1, settings) == {"core_seconds": 3600, "energy_wh": 10.0, "cost_EUR": 0.5}
    monkeypatch.setattr(room, "gpu_count", lambda: 8)
    assert cost(3600, 16, 2, settings) == {"gpu_seconds": 57600, "energy_wh": 11200.0, "cost_EUR": 64.0}
    assert cost(3600, 2, 1, settings)["gpu_seconds"] == 7200  # the other six GPUs are not this training's


def test_the_seconds_of_a_killed_attempt_count(tmp_path):
    (tmp_path / "attempts").mkdir()
    (tmp_path / "attempts/17").write_text("100.5")
    meter = Meter(tmp_path)
    meter.started -= 20
    assert meter.spent() == {"seconds": pytest.approx(120.5, abs=1), "attempts": 2}
