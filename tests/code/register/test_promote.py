"""The steward's decision."""

from datetime import UTC, datetime

import pytest
from mlflow import MlflowClient

from pipelines.errors import KefuError
from pipelines.register.promote import read_answer, record_decision, seal, unsealed
from pipelines.register.request import request

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
DECIDED = {"decision", "reason", "decided_by", "decided_at"}


def answer(option="Approve", reason=""):
    return {
        "chosen_options": [option],
        "params_input": {"reason": reason},
        "responded_by_user": {"id": "steward", "name": "steward"},
        "responded_at": AT,
    }


@pytest.fixture(params=["BLESSED", "NOT BLESSED"])
def version(request, candidate, client):
    """The registered version under each verdict, without a champion."""
    client.set_model_version_tag(candidate["name"], candidate["version"], "verdict", request.param)
    return candidate


@pytest.fixture
def candidate(client, here):
    """The registered version, BLESSED, without a champion."""
    result = here[2]
    client.set_model_version_tag(result["name"], result["version"], "verdict", "BLESSED")
    for name in (result["name"], result["domain_name"]):
        client.delete_registered_model_alias(name, "champion")
    return result


@pytest.fixture
def another(client, candidate):
    """A second version of both models, evaluated when there was no champion; gone after the test."""
    names = ("domain_name", "domain_version"), ("name", "version")
    made, parent = dict(candidate), ""
    for name, number in names:
        tags = {"parent_version": parent, "verdict": "BLESSED", "compared_with": ""}
        found = client.create_model_version(candidate[name], "nowhere", tags=tags)
        made[number], parent = str(found.version), f"{candidate[name]}/{found.version}"
    yield made
    for name, number in names:
        client.delete_model_version(made[name], made[number])


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


def test_a_candidate_whose_champion_has_changed_needs_a_reason(client, candidate, another):
    """Two candidates wait; the first is approved, so the second was never compared with the champion."""
    record_decision(candidate, answer())
    with pytest.raises(KefuError, match=r"champion has changed since its evaluation \(then none, now"):
        record_decision(another, answer())
    assert champions(client, candidate)[0] == candidate["version"]
    assert "decision" not in client.get_model_version(another["name"], another["version"]).tags
    record_decision(another, answer(reason="compared by hand"))
    assert champions(client, candidate) == [another["version"], another["domain_version"]]
    aliases = client.get_registered_model(candidate["name"]).aliases
    assert str(aliases["previous"]) == candidate["version"]
    tags = client.get_model_version(another["name"], another["version"]).tags
    assert "has changed" in tags["approved_despite"] and tags["replaced"] == candidate["version"]


def test_a_stale_candidate_may_be_rejected_without_a_reason(client, candidate, another):
    record_decision(candidate, answer())
    assert record_decision(another, answer("Reject"))["decision"] == "rejected"
    assert champions(client, candidate)[0] == candidate["version"]


def test_a_retry_of_an_approval_is_not_stale_by_itself(client, candidate):
    first = record_decision(candidate, answer())
    assert record_decision(candidate, answer()) == first


@pytest.fixture
def killed(monkeypatch):
    """The next decision is stored, and no alias moves."""
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.register.aliases.promote", dies)
        yield patch


def dies(*_):
    raise SystemExit(137)


def stored(client, version):
    pairs = ("name", "version"), ("domain_name", "domain_version")
    tags = [client.get_model_version(version[name], version[number]).tags for name, number in pairs]
    return [one.get("decision") for one in tags]


def test_an_approval_that_was_killed_before_the_alias_moved_is_taken_up_again(client, candidate, killed):
    with pytest.raises(SystemExit):
        record_decision(candidate, answer())
    assert stored(client, candidate) == ["approved", "approved"]
    assert champions(client, candidate) == [None, None]
    killed.undo()
    record_decision(candidate, answer())
    assert champions(client, candidate) == [candidate["version"], candidate["domain_version"]]


def dies_at(monkeypatch, method, calls):
    """MLflow does so many calls of the method, and the next ends the process."""
    real, left = getattr(MlflowClient, method), iter(range(calls))
    monkeypatch.setattr(MlflowClient, method, lambda *a: dies() if next(left, None) is None else real(*a))


def decided(client, version):
    """What both versions hold of a decision."""
    pairs = ("domain_name", "domain_version"), ("name", "version")
    tags = [client.get_model_version(version[name], version[number]).tags for name, number in pairs]
    return [DECIDED & set(one) for one in tags]


@pytest.mark.parametrize("tags", range(9))
def test_an_approval_that_another_has_overtaken_is_not_left_behind(client, candidate, another, tags):
    """Wherever the try was killed, between two tags too."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
        dies_at(patch, "set_model_version_tag", tags)
        record_decision(another, answer())
    assert sum(map(len, decided(client, another))) == tags
    record_decision(candidate, answer())
    with pytest.raises(KefuError, match="champion has changed"):
        record_decision(another, answer())
    assert decided(client, another) == [set(), set()] and decided(client, candidate) == [DECIDED, DECIDED]
    assert champions(client, candidate) == [candidate["version"], candidate["domain_version"]]


def test_taking_an_approval_back_may_be_killed_too(client, candidate, another, killed):
    with pytest.raises(SystemExit):
        record_decision(another, answer())
    killed.undo()
    record_decision(candidate, answer())
    for left in range(7, 0, -1):
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
            dies_at(patch, "delete_model_version_tag", 1)
            record_decision(another, answer())
        assert sum(map(len, decided(client, another))) == left
    with pytest.raises(KefuError, match="champion has changed"):
        record_decision(another, answer())
    assert decided(client, another) == [set(), set()]


def test_what_a_former_champion_was_approved_with_stays_on_both(client, candidate, another):
    """Its task may be cleared after another has taken its place."""
    record_decision(candidate, answer())
    record_decision(another, answer(reason="compared by hand"))
    with pytest.raises(KefuError, match="champion has changed"):
        record_decision(candidate, answer())
    assert decided(client, candidate) == [DECIDED, DECIDED]


def test_the_request_says_what_an_approval_needs_a_reason_for(client, candidate, another):
    told = {**another, "summary": "**BLESSED** · [report](u)\n\n| figure | value |\n|---|---|\n| x | 1 |"}
    asked = request({**told, "report_url": "u"})
    assert asked["subject"] == f"Promote {another['name']} version {another['version']}? BLESSED"
    assert asked["body"].startswith("**BLESSED** · [report](u)\n\n") and asked["report_url"] == "u"
    assert "Champion now: none." in asked["body"] and "| x | 1 |" in asked["body"]
    assert "compare-runs" not in asked["body"]
    assert "needs a reason" not in asked["body"] and asked["version"]["version"] == another["version"]
    record_decision(candidate, answer())
    client.set_model_version_tag(another["name"], another["version"], "verdict", "NOT BLESSED")
    body = request(told)["body"]
    assert body.count("⚠ Approving needs a reason") == 2 and "it is NOT BLESSED" in body
    assert f"Champion now: version {candidate['version']}." in body
    assert f"version {candidate['version']} becomes `previous`" in body
    assert f"Compare with version {candidate['version']} in MLflow" in body


def test_the_request_is_in_the_reports_language(client, candidate, another):
    record_decision(candidate, answer())
    client.set_model_version_tag(another["name"], another["version"], "verdict", "NOT BLESSED")
    asked = request({**another, "summary": "**x**", "language": "zh"})
    assert asked["subject"].startswith("是否上线") and "未通过" in asked["subject"]
    assert asked["body"].count("⚠ 批准须填写理由") == 2 and "现任版本：版本" in asked["body"]
    assert "Champion" not in asked["body"]


def test_a_champion_that_is_asked_about_again_is_told_so(client, candidate):
    record_decision(candidate, answer())
    body = request({**candidate, "summary": "**BLESSED**"})["body"]
    assert f"Champion now: version {candidate['version']}. That is this very version" in body
    assert "Approve**" not in body and "compare-runs" not in body


@pytest.mark.parametrize("change", ["option", "user", "version", "run", "seal", "none"])
def test_an_answer_holds_for_its_version_and_run_only(change):
    version, run = {"name": "kefu-instruction", "version": "3"}, "asset__1"
    given = answer("Reject")
    sealed = {**given, "seal": seal(given, version, run)}
    if change == "option":
        sealed["chosen_options"] = ["Approve"]
    elif change == "user":
        sealed["responded_by_user"] = {"id": "engineer", "name": "engineer"}
    elif change == "version":
        version = {**version, "version": "4"}
    elif change == "run":
        run = "asset__2"
    elif change == "seal":
        del sealed["seal"]
    else:
        assert unsealed(sealed, version, run) == sealed
        return
    with pytest.raises(KefuError, match="not the one that was given"):
        unsealed(sealed, version, run)
