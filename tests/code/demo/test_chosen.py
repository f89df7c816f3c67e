"""What `demo --set` hands to Airflow."""

import pytest

from pipelines.__main__ import main
from pipelines.commands.servers import _named


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("tune.epochs=2", ("tune.epochs", 2)),
        ("lora.targets=[q_proj, v_proj]", ("lora.targets", ["q_proj", "v_proj"])),
        ("model.base=a=b", ("model.base", "a=b")),
        ("mask.surrogates=false", ("mask.surrogates", False)),
    ],
)
def test_a_value_is_read_as_in_params_yaml(given, found):
    assert _named(given) == found


def test_a_name_without_a_value_is_an_error(capsys):
    assert main(["demo", "--set", "tune.epochs"]) == 2
    assert "'tune.epochs' is not NAME=VALUE" in capsys.readouterr().err
