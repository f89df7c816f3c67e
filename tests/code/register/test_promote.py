"""The steward's decision."""

from datetime import UTC, datetime

import pytest

from pipelines.errors import KefuError
from pipelines.register.promote import read_answer, record_decision

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)


def answer(option="Approve", reason=""):
    return {
        "chosen_options": [option],
        "params_input": {"reason": reason},
        "responded_by_user": {"id": "steward", "name": "steward"},
        "responded_at": AT,
    }


@pytest.fixture(params=["BLESSED", "NOT BLESSED"])
def version(request, client, here):
    """The registered version under each verdict, without a champion."""
    result = here[2]
    client.set_model_version_tag(result["name"], result["version"], "verdict", request.param)
    for name in (result["name"], result["domain_name"]):
        client.delete_registered_model_alias(name, "champion")
    return result


def champions(client, version):
    models = [client.get_registered_model(version[name]) for name in ("name", "domain_name")]
    found = [model.aliases.get("champion") for model in models]
    return [version and str(version) for version in found]


def test_approval_moves_the_alias_of_both_models_and_is_stored(client, version):
    found = record_decision(version, answer(reason="better on refunds"))
    assert champions(client, version) == [version["version"], version["domain_version"]]
    tags = client.get_model_version(version["name"], version["version"]).tags
    assert (tags["decision"], tags["decided_by"]) == ("approved", "steward")
    assert (tags["reason"], tags["decided_at"]) == ("better on refunds", AT.isoformat())
    assert found["decision"] == "approved"


def test_rejection_moves_nothing_and_is_stored(client, version):
    record_decision(version, answer("Reject", "tone"))
    assert champions(client, version) == [None, None]
    tags = client.get_model_version(version["name"], version["version"]).tags
    assert (tags["decision"], tags["reason"]) == ("rejected", "tone")


@pytest.mark.parametrize("reason", ["", "   "])
def test_only_a_blessed_version_is_approved_without_a_reason(client, version, reason):
    verdict = client.get_model_version(version["name"], version["version"]).tags["verdict"]
    if verdict == "BLESSED":
        record_decision(version, answer(reason=reason))
        assert champions(client, version)[0] == version["version"]
    else:
        with pytest.raises(KefuError, match="needs a reason"):
            record_decision(version, answer(reason=reason))
        assert champions(client, version) == [None, None]


def test_the_champion_is_pinned_for_evaluation(client, version, here):
    from pipelines.base.load import resolve
    from pipelines.evaluate.champion import pin, pinned

    root, params, _ = here
    base = resolve(params.model).sha256
    assert pin(version["name"], root) == f"no version of {version['name']} is champion yet"
    assert pinned(root, base)[0] is None
    record_decision(version, answer(reason="yes"))
    assert f"version {version['version']}" in pin(version["name"], root)
    champion, _ = pinned(root, base)
    assert champion is not None and champion.version == version["version"]
    assert (champion.adapter() / "adapter_model.safetensors").exists()
    assert pinned(root, "0" * 64)[0] is None


@pytest.mark.parametrize("chosen", [None, [], ["Maybe"], ["Approve", "Reject"]])
def test_an_unclear_answer_is_an_error(chosen):
    with pytest.raises(KefuError, match="chose"):
        read_answer({"chosen_options": chosen})


@pytest.mark.parametrize("user", [None, {"id": "engineer", "name": "steward"}])
def test_only_a_steward_decides(user):
    given = {"chosen_options": ["Reject"], "params_input": None, "responded_by_user": user}
    with pytest.raises(KefuError, match="is not a steward"):
        read_answer(given)
