"""Clauses are facts about every match: a text without them holds no match, whatever the pattern."""

import re

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mask.choice import Choice
from pipelines.mask.recognizers import ALL
from pipelines.mask.recognizers.base import FLAGS, Recognizer
from pipelines.mask.required import alternatives, fold, required

PATTERNS = [
    r"order (?:number|no)\.? ?#?\d{6}",
    r"(?:我叫|名叫|叫做)[\u4e00-\u9fff]{2,3}",
    r"(?-i:[A-Z]{2})\d{2}[A-Z0-9]{4,6}",
    r"(?:my|his|her)? ?name(?:'s| is) [a-z]+(?: [a-z]+){0,2}",
    r"(?<![0-9])1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9])",
    r"(?=.*\d)(?=.*[A-Z])[A-Z\d]{5,10}",
    r"(?:\d[ -]?){12}|box \d+",
    r"[À-Þ][a-zà-ÿ]+|[^a-z]x[.@]y",
    r"(?:a|ab|abc)+d?(?:ef){2}",
    r"[*#]{1,2}(?P<word>pin|code)\b.{0,3}(?P=word)",
    r"k(?:ey)?s?|straße|ſie",
    r"i(?:ı|d)",
]


def texts_of(pattern):
    return st.from_regex(re.compile(pattern, re.IGNORECASE | re.MULTILINE))


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_matches_is_possible(pattern, data):
    text = data.draw(texts_of(pattern))
    if regex.search(pattern, text, FLAGS):
        assert Choice([required(pattern)]).possible(text) == [0]
        assert Choice(alternatives(pattern)).possible(text)


@settings(max_examples=200, deadline=None)
@given(st.text("İIıiſsSKkΣσς", max_size=6), st.text("İIıiſsSKkΣσς", min_size=1, max_size=3))
def test_letters_that_case_folds_oddly(text, word):
    if regex.search(word, text, FLAGS):
        assert Choice([required(word)]).possible(text) == [0]


@pytest.mark.parametrize(
    ("pattern", "clauses"),
    [
        ("colou?r", [{"color", "colour"}]),
        ("(?:the )?name", [{"name"}]),
        (r"\d{3}-\d{4}", [{"DIGITS4"}, {"-"}, {"COUNT7"}, {"DIGITS3"}]),
        (r"\d{3}(?!9)\d{4}", [{"DIGITS7"}, {"COUNT7"}]),
        (r"(?:pin|code)\s+\d{4,6}", [{"pin", "code"}, {"DIGITS4"}, {"COUNT4"}]),
        (r"收件人\K[\u4e00-\u9fff]{2}", [{"收件人"}, {"HAN"}]),
        (r"(?-i:[A-Z]{4})x?", [{"UPPER"}]),
        (r"(?<=to )paris", [{"paris"}, {"to "}]),
        (r"(?:\d[ -]?){8}", [{"COUNT8"}, {"DIGITS1"}]),
        (r"[一二三四五六七八九十百千万]{2}号", [{"号"}, set("一二三四五六七八九十百千万"), {"HAN"}]),
        (r"a?b*", []),
        (r"[^a]+", []),
        (r".{3}", []),
    ],
)
def test_clauses(pattern, clauses):
    assert set(required(pattern)) == {frozenset(clause) for clause in clauses}


@pytest.mark.parametrize(
    "pattern", [r"[[:alpha:]]x", r"(?:word){e<=1}", r"(?:word){1<=s<=2}", r"\p{Han}y", r"(?R)?z", r"(open"]
)
def test_what_only_regex_understands_requires_nothing(pattern):
    assert required(pattern) == ()
    assert alternatives(pattern) == ((),)


def test_alternatives_have_clauses_of_their_own():
    assert alternatives(r"(?:cat|dog \d{2})") == ((frozenset(["cat"]),), required(r"dog \d{2}"))


def test_the_rules_of_every_recognizer_can_be_read():
    """Nearly every rule needs something; one that Python's parser cannot read would be searched always."""
    rules = [rule for one in ALL if issubclass(one, Recognizer) for rule in one.rules]
    unread = [name for name, pattern, _ in rules if not required(pattern)]
    assert len(unread) <= len(rules) // 50


def test_fold_is_what_ignoring_case_sees():
    assert fold("STRASSE") == "strasse"
    assert fold("İıſΣς") == "iisσσ"
