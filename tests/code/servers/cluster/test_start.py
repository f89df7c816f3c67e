"""A store that does not come up says why."""

import sys

import pytest

from pipelines.errors import KefuError
from pipelines.servers import control
from pipelines.servers.cluster import start


def refuse():
    raise ConnectionError


def test_a_store_that_ends_at_once_shows_its_log(own_home):
    control._save({"servers": {}})
    control.begin("redis", [sys.executable, "-c", "import sys; sys.exit('address in use')"], {})
    with pytest.raises(KefuError, match="redis did not come up\naddress in use"):
        start._wait("redis", refuse)


def test_a_store_is_waited_for_until_it_answers(own_home):
    control._save({"servers": {}})
    control.begin("s3", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    asked = []

    def answer():
        asked.append(1)
        return refuse() if len(asked) < 2 else None

    start._wait("s3", answer)
    assert len(asked) == 2 and control.down() == ["s3"]
