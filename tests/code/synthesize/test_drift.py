from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from pipelines.curate.match import NGRAMS
from pipelines.dedup.normalise import normalise
from pipelines.synthesize.drift import MARGIN, drifting

STANDING = [
    ("怎么退货", "return/process", "zh"),
    ("退货流程是什么", "return/process", "zh"),
    ("怎么注销账号", "account/privacy", "zh"),
    ("想把我的账号注销掉", "account/privacy", "zh"),
    ("How do I return this?", "return/process", "en"),
    ("How do I delete my account?", "account/privacy", "en"),
]


def test_a_candidate_nearer_to_another_intent_than_to_its_source():
    asked = [
        ("退货该怎么弄", "怎么退货", "return/process"),
        ("怎么注销我的账号", "怎么退货", "return/process"),
        ("怎么注销我的账号", "怎么注销账号", "account/privacy"),
        ("How can I delete the account?", "How do I return this?", "return/process"),
        ("How can I return it?", "How do I return this?", "return/process"),
    ]
    assert drifting(asked, STANDING) == [False, True, False, True, False]


def test_another_wording_of_the_same_intent_is_no_drift():
    assert drifting([("退货流程是什么呀", "怎么退货", "return/process")], STANDING) == [False]


def test_nothing_to_compare():
    assert drifting([], STANDING) == []
    assert drifting([("怎么退", "怎么退货", "return/process")], []) == [False]
    assert drifting([("怎么退", "怎么退货", "return/process")], STANDING[:1]) == [False]


said = st.text("退货账号注销怎", min_size=1, max_size=5)
standing = st.lists(st.tuples(said, st.sampled_from("abc"), st.just("zh")), min_size=1, max_size=8)


@settings(max_examples=50)
@given(standing, st.lists(st.tuples(said, st.integers(0, 7)), max_size=6))
def test_as_pair_by_pair(standing, candidates):
    asked = [(text, *standing[place % len(standing)][:2]) for text, place in candidates]
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=NGRAMS["zh"], sublinear_tf=True, preprocessor=normalise
    )
    rows = vectorizer.fit_transform([question for question, _, _ in standing])

    def nearness(text, row):
        return (vectorizer.transform([text]) @ row.T).toarray().item()

    expected = [
        max([nearness(text, rows[i]) for i, row in enumerate(standing) if row[1] != intent], default=0.0)
        > nearness(text, vectorizer.transform([source])) + MARGIN
        for text, source, intent in asked
    ]
    assert drifting(asked, standing) == expected
