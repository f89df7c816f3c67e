"""Whose data a real registry holds: what was rejected, for a time; all else, as long as it is there."""

import time

import pytest
from mlflow.entities import ViewType

from pipelines.register.tracking import connect
from pipelines.retention.registry import deleted_runs, needs
from tests.code.retention.conftest import DAY_S
from tests.code.retention.test_collect import PARAMS

REJECTED = {
    "rejected": {"decision": "rejected", "verdict": "BLESSED"},
    "blocked": {"decision": "rejected", "verdict": "NOT BLESSED"},
}
HELD = {
    "approved despite": {"decision": "approved", "verdict": "NOT BLESSED"},
    "waiting": {"verdict": "BLESSED"},
    "blocked and waiting": {"verdict": "NOT BLESSED"},
    "of old": {},
}


@pytest.fixture
def held(installation):
    """Runs that are held so many days later, of versions with these tags, the oldest first."""
    client = connect()

    def ask(versions, days, alias=None, keeping=PARAMS.retention):
        client.create_registered_model("other-instruction")
        for name, tags in versions.items():
            made = client.create_model_version(
                "other-instruction", "nowhere", tags={"data_tag": f"data/{name}", **tags}
            )
            if name == alias:
                client.set_registered_model_alias("other-instruction", "champion", made.version)
        return needs(client, keeping, time.time() + days * DAY_S).runs - {"version"}

    return ask


def test_what_was_rejected_is_held_for_a_time_and_all_else_for_good(held):
    newest = {"one": {"decision": "rejected"}, "two": {"decision": "rejected"}}
    assert held({**REJECTED, **HELD, **newest}, days=91) == {*HELD, *newest}


def test_until_then_it_is_held(held):
    assert held({**REJECTED, **HELD, "one": {}, "two": {}}, days=89) >= set(REJECTED)


def test_an_alias_holds_what_was_rejected(held):
    assert "blocked" in held({**REJECTED, **HELD}, days=9000, alias="blocked")


def test_a_version_of_the_same_run_that_is_held_holds_its_data(held):
    """The domain model's version is of the same run as the instruction model's."""
    twin = {"data_tag": "data/waiting", "decision": "rejected"}
    versions = {"waiting": {"verdict": "BLESSED"}, "twin": twin, "one": {}, "two": {}}
    assert "waiting" in held(versions, days=91)


def test_what_was_rejected_may_be_gone_though_it_is_held_again(installation):
    """As when a newer version is deleted: its run may be unknown by now."""
    client = connect()
    client.create_registered_model("other-instruction")
    for name, tags in {"blocked": REJECTED["blocked"], "waiting": HELD["waiting"]}.items():
        client.create_model_version("other-instruction", "nowhere", tags={"data_tag": f"data/{name}", **tags})
    found = needs(client, PARAMS.retention, time.time() + 91 * DAY_S)
    assert {"blocked", "waiting"} <= found.runs
    assert found.sure == found.runs - {"blocked"}


def test_runs_deleted_long_ago_leave_mlflow_where_its_database_is_ours(installation, tmp_path, monkeypatch):
    client = connect()
    run = client.create_run("0").info.run_id
    client.set_terminated(run)
    client.delete_run(run)
    needed, later = needs(client, PARAMS.retention, time.time()), time.time() + 91 * DAY_S
    monkeypatch.delenv("KEFU_MLFLOW_DB", raising=False)
    assert deleted_runs(client, needed, later, 90) == []  # as on a worker
    monkeypatch.setenv("KEFU_MLFLOW_DB", f"sqlite:///{tmp_path / 'mlflow.db'}")
    [item] = deleted_runs(client, needed, later, 90)
    item.take()
    assert client.search_runs(["0"], run_view_type=ViewType.ALL) == []
