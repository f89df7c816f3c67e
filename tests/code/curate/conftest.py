from pathlib import Path

import pytest

from pipelines.curate.entities import EntityFinder
from pipelines.curate.judge import House
from pipelines.curate.match import Matcher
from pipelines.knowledge import load_brand, load_faq, load_products, load_taxonomy

KNOWLEDGE = Path(__file__).parents[3] / "data/knowledge"


@pytest.fixture(autouse=True)
def _own_store(own_home):
    """No test finds what another remembered."""


@pytest.fixture(scope="session")
def faq():
    return load_faq(KNOWLEDGE)


@pytest.fixture(scope="session")
def brand():
    return load_brand(KNOWLEDGE)


@pytest.fixture(scope="session")
def matcher(faq, brand):
    return Matcher(faq, brand)


@pytest.fixture
def house(brand, matcher, params):
    return House(brand, load_taxonomy(KNOWLEDGE), matcher, params.curate)


@pytest.fixture(scope="session")
def finder():
    return EntityFinder(load_taxonomy(KNOWLEDGE), load_products(KNOWLEDGE))
