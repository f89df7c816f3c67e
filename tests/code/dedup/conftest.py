import pytest


@pytest.fixture(autouse=True)
def _own_store(own_home):
    """No test finds what another remembered."""
