"""The facts that the pages of these tests are made from."""

import pytest

from tests.code.report.made import made_facts


@pytest.fixture
def facts(tmp_path):
    return made_facts(tmp_path)
