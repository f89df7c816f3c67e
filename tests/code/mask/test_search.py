"""The search against Presidio's own AnalyzerEngine over the same recognizers: same results, same order."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.mask.engine import Analyzer
from pipelines.mask.language import language_of
from pipelines.mask.normalise import Normalised
from pipelines.mask.policy import Policy
from pipelines.mask.presidio import PatternRecognizer
from pipelines.mask.recognizers import ALL, base

ROOT = Path(__file__).resolve().parents[3]
THRESHOLD = 0.5
PIECES = [
    "我叫", "王芳", "欧阳女士", "先生", "·", "阿里", "姓", "的", "收件人", "138", "00138000",
    "1380013 8000", "-", " ", ", ", "\n", ":", "订单", "LMJ260915004213", "SF1380013800012", "微信",
    "vx", "momo_88", "密码是", "Abc@123", "验证码", "4821", "地址", "文三路477号", "3幢502", "邮箱",
    "abc@qq.com", "my name is ", "Sarah Miller", "John", "I'm ", "call me ", "Dr. ", "12 Rose Lane",
    "zip 94107", "WV 25301", "4111 1111 1111 1111", "ssn 123-45-6789", "生日", "1990年3月7日",
    "May 3, 1990", "GB33BUKB20201555555555", "192.168.1.12", "浙A12345", "110101199003078515",
    "1234567890", "user id is ", "Zhang Wei",
]  # fmt: skip


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer(Policy(THRESHOLD))


@pytest.fixture
def presidio_alone(monkeypatch):
    """Recognizers search as Presidio's PatternRecognizer does: every pattern, no gate, no need."""

    def analyze(self, text, entities, nlp_artifacts=None, regex_flags=None):
        results = PatternRecognizer.analyze(self, text, entities, nlp_artifacts)
        for result in results:
            if self.checksum(text[result.start : result.end]):
                base._raise(result, base.CHECKSUM_GAIN, "checksum")
        return results

    monkeypatch.setattr(base.Recognizer, "analyze", analyze)


def told(results):
    return [
        (r.start, r.end, r.entity_type, r.score, r.recognition_metadata["recognizer_name"]) for r in results
    ]


def both(analyzer, texts):
    """(ours, Presidio's) for each text, both over what the NER says of it."""
    for text in texts:
        plain = Normalised(text).text
        language = language_of(plain)
        artifacts = analyzer._engine.nlp_engine.process_text(plain, language)
        ours = analyzer._search[language].analyze(plain, artifacts, THRESHOLD)
        theirs = analyzer._engine.analyze(plain, language, score_threshold=THRESHOLD, nlp_artifacts=artifacts)
        yield text, told(ours), told(theirs)


def test_sample_logs(analyzer, presidio_alone):
    rows = [json.loads(line) for f in sorted(ROOT.glob("data/raw/*.jsonl")) for line in f.open("rb")]
    texts = sorted({row["text"] for row in rows})
    results = list(both(analyzer, texts))
    assert [text for text, ours, theirs in results if ours != theirs] == []
    assert sum(len(ours) for _, ours, _ in results) > 500


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=9).map("".join))
def test_made_up_texts(analyzer, presidio_alone, text):
    for _, ours, theirs in both(analyzer, [text]):
        assert ours == theirs


def test_needs_name_rules_that_exist():
    for recognizer in ALL:
        if issubclass(recognizer, base.Recognizer):
            assert set(recognizer.needs) <= {name for name, _, _ in recognizer.rules}


UNITS = ["1", "12 ", "1-", "1.", "a", "a.", "A ", "Ab ", "a1", "@", "a@", "#a", "号", "区1栋", "路1", "张"]
UNITS += ["张 ", "阿·", " ", "\n", ":", "1*", "+1 ", "(1) ", "姓名:", "密码", "微信", "my name is ", "a_"]
UNITS += ["1 Main St ", "零", "1月", "1/"]


@pytest.mark.parametrize("recognizer", [one for one in ALL if issubclass(one, base.Recognizer)])
def test_no_pattern_explodes_on_a_text_that_is_searched_without_a_clock(recognizer, monkeypatch):
    monkeypatch.setattr(recognizer, "untimed", 0)
    monkeypatch.setattr(base, "TIMEOUT_S", 20)
    search = recognizer(recognizer.languages[0])
    for unit in UNITS:
        text = (unit * base.UNTIMED_CHARS)[: base.UNTIMED_CHARS] + "!"
        assert all(0 <= found.start < found.end <= len(text) for found in search.matches(text))


def test_a_search_that_takes_too_long_ends_the_run(monkeypatch):
    class Exploding(base.Recognizer):
        entity, gate, untimed = "PERSON", "a", 0
        rules = (("nested", "(?:a|a)+(?:a|a)+b", 0.9),)

    monkeypatch.setattr(base, "TIMEOUT_S", 0.01)
    with pytest.raises(TimeoutError):
        Exploding("en").matches("a" * 60 + "c")
