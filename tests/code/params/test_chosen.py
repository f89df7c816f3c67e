"""Parameters chosen at trigger time: where they stand, and what cannot be."""

import pytest
import yaml

from pipelines import workspace
from pipelines.errors import KefuError
from pipelines.params import load
from tests.worktrees import git


def test_parameters_chosen_at_trigger_time_are_in_the_commit(checkout):
    workspace.create(
        "r1", {"profile": "tiny", "base": "smollm2-135m", "since": "2026-09-14", "until": "2026-09-21"}
    )
    path = workspace.path_of("r1")
    raw = yaml.safe_load(git(path, "show", "HEAD:params.yaml"))
    days = (str(raw["ingest"]["since"]), str(raw["ingest"]["until"]))
    assert (raw["profile"], *days) == ("tiny", "2026-09-14", "2026-09-21")
    assert raw["profiles"]["tiny"]["model"]["base"] == "smollm2-135m"
    assert "# characters a shingle" in (path / "params.yaml").read_text()
    assert yaml.safe_load((checkout / "params.yaml").read_text())["profile"] == "laptop"


def test_another_base_does_not_inherit_licence_and_revision(checkout):
    workspace.create("r1", {"profile": "gpu-8b", "base": "some/other"})
    raw = yaml.safe_load((workspace.path_of("r1") / "params.yaml").read_text())
    model = raw["profiles"]["gpu-8b"]["model"]
    assert (model["base"], model["license"], model["revision"]) == ("some/other", None, None)


def test_any_parameter_can_be_chosen_at_trigger_time(checkout):
    chosen = "tune.epochs=2\n\n lora.targets = [q_proj, v_proj]\ngate.max_pii_answers=1\n"
    workspace.create("r1", {"profile": "tiny", "set": chosen})
    held = load(workspace.path_of("r1") / "params.yaml")
    assert (held.tune.epochs, held.lora.targets, held.gate.max_pii_answers) == (2, ["q_proj", "v_proj"], 1)
    assert held.tune.max_examples == 64  # the profile's other words stay


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tune.epoch=2", "tune.epoch"),
        ("lora.r=many", "lora.r"),
        ("tune.batch_size.first=1", "batch_size holds no parameters"),
        ("nowhere=1", "nowhere"),
        ("tune.epochs", "'tune.epochs' is not NAME=VALUE"),
        ("=2", "'=2' is not NAME=VALUE"),
        ("lora.targets=[q_proj", "is not NAME=VALUE"),
    ],
)
def test_a_parameter_that_cannot_be_is_told_before_anything_runs(checkout, line, says):
    with pytest.raises(KefuError, match=says):
        workspace.create("r1", {"profile": "laptop", "set": line})


@pytest.mark.parametrize("chosen", [{}, {"profile": "laptop", "set": "split.salt=kefu"}])
def test_parameters_that_are_as_the_file_says_leave_no_commit(checkout, chosen):
    path = workspace.create("r1", chosen)
    assert git(path, "rev-parse", "HEAD") == git(checkout, "rev-parse", "HEAD")


def test_a_bad_parameter_stops_the_run_before_it_starts(checkout):
    with pytest.raises(KefuError, match="fault"):
        workspace.create("r1", {"profile": "tiny", "since": "soon"})
