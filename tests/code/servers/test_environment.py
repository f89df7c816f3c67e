"""Who logs in as what."""

import pytest

from pipelines.errors import KefuError
from pipelines.servers import environment


def test_one_engineer_and_one_steward_by_default(monkeypatch):
    monkeypatch.delenv("KEFU_LOGINS", raising=False)
    assert environment.logins() == {"engineer": "engineer", "steward": "steward"}
    assert environment.stewards() == ["steward"]


def test_stewards_are_those_of_that_role(monkeypatch):
    monkeypatch.setenv("KEFU_LOGINS", "zhao:steward, li:engineer,wang:steward")
    assert environment.stewards() == ["wang", "zhao"]


def test_the_pipeline_speaks_as_the_first_engineer(monkeypatch, own_home):
    from pipelines import bootstrap
    from pipelines.servers.rest import Airflow

    monkeypatch.setenv("KEFU_AIRFLOW_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(Airflow, "_log_in", lambda self: environment.password(self.user))
    bootstrap.make_passwords()
    assert Airflow().user == "engineer"
    monkeypatch.setenv("KEFU_LOGINS", "wang:steward,li:engineer,zhao:engineer")
    with pytest.raises(KefuError, match="knows no login li"):
        Airflow()
    before = environment.password("steward")
    bootstrap.make_passwords()
    assert Airflow().user == "li" and environment.password("steward") == before
    monkeypatch.setenv("KEFU_LOGINS", "wang:steward")
    with pytest.raises(KefuError, match="no login has the role engineer"):
        Airflow()


@pytest.mark.parametrize("logins", ["li", "li:admin", ":steward", "a:b:c", "li:engineer,"])
def test_a_login_without_a_role_that_exists(monkeypatch, logins):
    monkeypatch.setenv("KEFU_LOGINS", logins)
    with pytest.raises(KefuError, match="not a login and a role"):
        environment.logins()


def test_without_a_steward_nobody_could_approve(monkeypatch):
    """Airflow lets everybody answer a request that is assigned to no one."""
    monkeypatch.setenv("KEFU_LOGINS", "li:engineer")
    with pytest.raises(KefuError, match="no login has the role steward"):
        environment.stewards()
