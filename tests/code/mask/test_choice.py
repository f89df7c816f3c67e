from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.choice import Choice, Vocabulary
from pipelines.mask.required import required


def chosen(text, *patterns):
    return [patterns[at] for at in Choice([required(pattern) for pattern in patterns]).possible(text)]


def test_only_what_a_text_has_words_for():
    patterns = [r"zip \d{5}", r"passport", r"微信号?是", r"\s", r"(?-i:[A-Z]{2})\d"]
    assert chosen("my zip is 9410", *patterns) == [r"\s"]
    assert chosen("my Zip is 94107", *patterns) == [r"zip \d{5}", r"\s", r"(?-i:[A-Z]{2})\d"]
    assert chosen("我的微信是", *patterns) == [r"微信号?是", r"\s"]
    assert chosen("", *patterns) == [r"\s"]


def test_digits_in_a_row_and_in_all():
    row, spread = r"\d{6}", r"(?:\d ?){6}"
    assert chosen("12 34 56", row, spread) == [spread]
    assert chosen("123456", row, spread) == [row, spread]
    assert chosen("1234", row, spread) == []
    assert chosen("٣٣٣٣٣٣", row) == [row]  # \d matches these too


def test_the_order_is_that_of_the_patterns():
    assert Choice([required("b"), required("x*"), required("a")]).possible("ab") == [0, 1, 2]


WORDS = st.text("ab1中", min_size=1, max_size=3)


@given(
    st.lists(st.lists(st.frozensets(WORDS, min_size=1, max_size=3), max_size=3), max_size=6), st.text("ab1中")
)
def test_possible_is_what_has_a_fact_of_each_of_its_clauses(patterns, text):
    held = [at for at, clauses in enumerate(patterns) if all(any(w in text for w in c) for c in clauses)]
    assert Choice(patterns).possible(text) == held


def test_facts():
    words = Vocabulary([frozenset(["name", "na", "zip"])])
    assert {"name", "na", "UPPER", "LATIN"} <= words.facts("My NAME")
    assert "zip" not in words.facts("my name")
    assert {"HAN", "ACCENT", "DIGITS2", "COUNT3"} <= words.facts("号12-3")
    assert not {"DIGITS3", "COUNT4", "LATIN", "UPPER"} & words.facts("号12-3")
