"""What the benches measured goes between its marks of the page, and nowhere else."""

import pytest

from bench.masking import PAGE, put

TEXT = "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter <!-- speed -->\n"


def test_only_what_stands_between_the_marks_is_replaced():
    page = put(TEXT, "speed", "| 1 | \\1 |\n")
    assert page == "before\n<!-- speed -->\n| 1 | \\1 |\n<!-- /speed -->\nafter <!-- speed -->\n"
    assert put(page, "speed", "old") == TEXT


def test_a_page_without_the_marks_is_an_error():
    with pytest.raises(ValueError, match="accuracy"):
        put(TEXT, "accuracy", "")


@pytest.mark.parametrize("name", ["accuracy", "speed"])
def test_the_page_has_the_marks(name):
    page = PAGE.read_text(encoding="utf-8")
    assert put(page, name, "new") != page
