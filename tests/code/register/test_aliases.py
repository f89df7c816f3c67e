"""champion and previous of both models, forth and back, also after a crash half-way."""

import pytest
from mlflow import MlflowClient

from pipelines.errors import KefuError
from pipelines.register import aliases, lookup

DOMAIN, INSTRUCTION = "kefu-domain", "kefu-instruction"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A registry with three versions of each model; version n was trained on from domain version n."""
    folder = tmp_path_factory.mktemp("registry")
    url = f"sqlite:///{folder / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=url, registry_uri=url)
    for name in (DOMAIN, INSTRUCTION):
        client.create_registered_model(name)
        for number in (1, 2, 3):
            tags = {"parent_version": f"{DOMAIN}/{number}"} if name == INSTRUCTION else {}
            client.create_model_version(name, str(folder), tags=tags)
    return client


@pytest.fixture
def client(store):
    yield store
    for name in (DOMAIN, INSTRUCTION):
        for alias in store.get_registered_model(name).aliases:
            store.delete_registered_model_alias(name, alias)


def approve(client, number):
    aliases.promote(client, aliases.pair_of(client, INSTRUCTION, str(number)))


def back(client):
    return aliases.roll_back(client, INSTRUCTION, "tone", "li", "2026-09-14T04:00:00+00:00")


def stands(client):
    """(champion, previous), the same for both models."""
    found = {
        (aliases.number(client, name, "champion"), aliases.number(client, name, "previous"))
        for name in (DOMAIN, INSTRUCTION)
    }
    assert len(found) == 1
    return found.pop()


def test_the_former_champion_becomes_previous(client):
    approve(client, 1)
    assert stands(client) == ("1", "")
    approve(client, 2)
    assert stands(client) == ("2", "1")
    approve(client, 2)
    assert stands(client) == ("2", "1")


def test_rollback_goes_back_step_by_step_and_is_recorded(client):
    for number in (1, 2, 3):
        approve(client, number)
    assert back(client) == ("3", "2") and stands(client) == ("2", "1")
    for name in (DOMAIN, INSTRUCTION):
        tags = client.get_model_version(name, "3").tags
        assert (tags["rolled_back_by"], tags["rollback_reason"]) == ("li", "tone")
    assert back(client) == ("2", "1") and stands(client) == ("1", "")
    with pytest.raises(KefuError, match="no version before version 1"):
        back(client)
    approve(client, 3)
    assert stands(client) == ("3", "1")


def test_without_a_champion_there_is_nothing_to_roll_back(client):
    with pytest.raises(KefuError, match="before the first"):
        back(client)


@pytest.mark.parametrize("calls", range(4))
def test_a_promotion_that_died_half_way_is_finished_by_a_second_one(client, monkeypatch, calls):
    approve(client, 1)
    dies_after(monkeypatch, calls)
    with pytest.raises(ConnectionError):
        approve(client, 2)
    monkeypatch.undo()
    approve(client, 2)
    assert stands(client) == ("2", "1")


@pytest.mark.parametrize("calls", [0, 1])
def test_a_rollback_that_died_before_it_moved_can_be_repeated(client, monkeypatch, calls):
    approve(client, 1)
    approve(client, 2)
    dies_after(monkeypatch, calls)
    with pytest.raises(ConnectionError):
        back(client)
    monkeypatch.undo()
    assert back(client) == ("2", "1") and stands(client) == ("1", "")


def dies_after(monkeypatch, calls):
    """The server is gone after so many aliases were set."""
    honest, made = MlflowClient.set_registered_model_alias, []

    def set_alias(*args):
        if len(made) == calls:
            raise ConnectionError
        made.append(args)
        honest(*args)

    monkeypatch.setattr(MlflowClient, "set_registered_model_alias", set_alias)


@pytest.mark.parametrize(
    "asked",
    [
        *["2", "champion", " 2 ", f"{INSTRUCTION}/2", f"{INSTRUCTION}@champion"],
        *[f"models:/{INSTRUCTION}/2", f"models:/{INSTRUCTION}@champion"],
    ],
)
def test_a_version_is_found_by_what_people_call_it(client, asked):
    approve(client, 2)
    found = lookup.resolve(client, asked, INSTRUCTION)
    assert (found.name, str(found.version)) == (INSTRUCTION, "2")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("9", "choose among 1, 2, 3; champion is 1"),
        ("previous", "champion is 1"),
        (f"{DOMAIN}/7", "choose among 1, 2, 3"),
        ("other/1", f"{DOMAIN}, {INSTRUCTION}"),
        ("", "a number, an alias"),
        ("models:/a/b/c", "a number, an alias"),
    ],
)
def test_a_version_that_is_not_there(client, asked, told):
    approve(client, 1)
    with pytest.raises(KefuError, match=told):
        lookup.resolve(client, asked, INSTRUCTION)
