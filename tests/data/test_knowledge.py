"""The committed knowledge of the sample company is complete and agrees with itself."""

from collections import Counter
from pathlib import Path

import pytest

from pipelines.knowledge import (
    facts_found,
    load_brand,
    load_faq,
    load_policies,
    load_products,
    load_rules,
    load_taxonomy,
)
from pipelines.mask.detect import find_simple
from pipelines.mask.pii_file import read_policy

KNOWLEDGE = Path(__file__).parents[2] / "data/knowledge"
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def faq():
    return load_faq(KNOWLEDGE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_60_entries_a_language_with_10_wordings_each(faq, language):
    entries = [entry for entry in faq if entry.language == language]
    assert len(entries) >= 60
    assert [entry.faq_id for entry in entries if len(entry.questions) < 10] == []


def test_every_entry_has_its_other_language(faq):
    languages = Counter(entry.link_id for entry in faq)
    assert [name for name, count in languages.items() if count != 2] == []


def test_linked_entries_agree_on_intent_and_context(faq):
    by_id = {entry.faq_id: entry for entry in faq}
    for entry in faq:
        other = by_id[f"{entry.link_id}.zh"]
        assert (entry.intent, entry.context) == (other.intent, other.context), entry.faq_id


def test_answers_state_their_key_facts_within_the_brands_length(faq):
    style = load_brand(KNOWLEDGE).sentence_style
    for entry in faq:
        assert facts_found(entry.answer, entry.key_facts) == len(entry.key_facts), entry.faq_id
        if entry.language == "zh":
            assert len(entry.answer) <= style.max_chars_zh, entry.faq_id
        else:
            assert len(entry.answer.split()) <= style.max_words_en, entry.faq_id


def test_no_answer_has_a_forbidden_word_hands_over_or_names_a_person(faq):
    brand, policy = load_brand(KNOWLEDGE), read_policy(KNOWLEDGE / "pii.yaml", 0.5)
    for entry in faq:
        assert brand.forbidden(entry.answer) == [], entry.faq_id
        assert not brand.hands_over(entry.answer), entry.faq_id
        assert find_simple(entry.answer, policy) == [], entry.faq_id


def test_rules_answers_have_no_forbidden_word_and_say_when_they_hand_over():
    brand = load_brand(KNOWLEDGE)
    for rule in load_rules(KNOWLEDGE):
        for case in rule.cases:
            for language in LANGUAGES:
                assert brand.forbidden(case.answer(language)) == [], rule.id
                assert brand.hands_over(case.answer(language)) == case.hand_over, rule.id


def test_every_intent_but_small_talk_is_asked_about(faq):
    asked = {entry.intent for entry in faq} | {"other/out_of_scope", "other/small_talk"}
    assert load_taxonomy(KNOWLEDGE).names == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_6_policies_a_language_with_the_same_names(language):
    policies = load_policies(KNOWLEDGE)
    names = {policy.name for policy in policies if policy.language == language}
    assert len(names) >= 6
    assert names == {policy.name for policy in policies}


def test_at_least_40_products():
    assert len(load_products(KNOWLEDGE)) >= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fallback_has_questions_in_each_language(language):
    questions = load_brand(KNOWLEDGE).out_of_scope_questions.of(language)
    assert len(set(questions)) == len(questions) >= 30
