"""What is read off an answer's text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluate.text import chrf, in_style, longest_common, rouge_l, soothes, tokens
from pipelines.knowledge import load_brand

BRAND = load_brand(Path(__file__).resolve().parents[3] / "data/knowledge")
WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


def test_chrf_needs_no_spaces_between_chinese_words():
    assert chrf("三个工作日退款", "三个工作日退款") == pytest.approx(100)
    assert chrf("完全不同", "三个工作日退款") == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7天内，可退。", ["7", "天", "内", "可", "退"]),
        ("Don't ship SF123!", ["don't", "ship", "sf123"]),
        ("用Visa付", ["用", "visa", "付"]),
        ("，。 !", []),
    ],
)
def test_tokens_are_characters_and_latin_words(text, found):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("said", "reference", "score"),
    [
        ("3个工作日退款", "3个工作日退款。", 100),
        ("退款", "退货", 50),
        ("we ship today", "We ship now", 66.67),
        ("", "退款", 0),
        ("no", "退款", 0),
    ],
)
def test_rouge_l_by_hand(said, reference, score):
    assert rouge_l(said, reference) == pytest.approx(score, abs=0.01)


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_that_of_the_definition(first, second):
    def slow(a, b):
        if not a or not b:
            return 0
        same = a[-1] == b[-1]
        return slow(a[:-1], b[:-1]) + 1 if same else max(slow(a[:-1], b), slow(a, b[:-1]))

    assert longest_common(first[:7], second[:7]) == slow(first[:7], second[:7])
    assert longest_common(first, second) == longest_common(second, first) <= min(len(first), len(second))
    assert longest_common(first, first) == len(first)


@pytest.mark.parametrize(
    ("said", "language", "good"),
    [
        ("可以的，请您放心。", "zh", True),
        ("可以的，你放心。", "zh", False),
        ("好" * 46, "zh", False),
        ("好" * 45, "zh", True),
        ("", "zh", False),
        ("word " * 30, "en", True),
        ("word " * 31, "en", False),
    ],
)
def test_style_is_length_and_form_of_address(said, language, good):
    assert in_style(said, BRAND, language) is good


@pytest.mark.parametrize(
    ("said", "language", "good"),
    [
        ("很抱歉让您久等了。我们会核查。", "zh", True),
        ("理解您的心情，我马上帮您看。", "zh", True),
        ("我们会核查。很抱歉。", "zh", False),
        ("I'm sorry for the trouble. It ships now.", "en", True),
        ("It ships now. I'm sorry for the trouble.", "en", False),
        ("", "zh", False),
    ],
)
def test_only_the_first_sentence_soothes(said, language, good):
    assert soothes(said, BRAND, [], language) is good


def test_a_suite_adds_words_that_soothe():
    assert not soothes("Oh dear. It ships now.", BRAND, [], "en")
    assert soothes("Oh dear. It ships now.", BRAND, ["oh dear"], "en")
