"""Values of many forms that the reader is trained on."""

import re
from random import Random

import pytest

from bench.reader.forms import FORMS, drawn
from pipelines.mask.labels import LABELS


def test_forms_are_of_types_that_exist():
    assert set(FORMS) <= set(LABELS)


@pytest.mark.parametrize("kind", [*FORMS, "USERNAME", "PASSWORD"])
def test_values_differ_and_hold_no_sign_of_a_form(kind):
    values = [drawn(kind, Random(seed)) for seed in range(40)]
    assert len(set(values)) > 30
    assert not any(re.search(r"[{}~%|]", value) for value in values)


def test_the_same_seed_draws_the_same():
    assert [drawn("PASSPORT", Random(5))] * 2 == [drawn("PASSPORT", Random(5)) for _ in range(2)]


def test_a_type_without_forms_is_left():
    assert drawn("PERSON", Random(1)) is None
