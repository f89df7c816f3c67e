"""Deny list and own patterns as a recognizer; what they find is in test_policy.py."""

import pytest

from pipelines.errors import KefuError
from pipelines.mask.policy import DENY_LIST, Denied, OwnPattern, Policy
from pipelines.mask.recognizers import own
from pipelines.mask.recognizers.own import Own

TICKET = OwnPattern("ticket", "QQ", r"T\d{4}", 0.5, ("工单",))


def found(policy, text):
    recognizer = Own(policy)
    return recognizer, recognizer.analyze(text, recognizer.supported_entities)


def test_results_say_where_they_come_from():
    policy = Policy(deny=(Denied("栗子仓", "ADDRESS"),), patterns=(TICKET,))
    recognizer, (denied, near, alone) = found(policy, "栗子仓的工单T1234,另外还有很多很多很多很多很多个T5678")
    assert sorted(recognizer.supported_entities) == ["ADDRESS", "QQ"]
    assert (denied.entity_type, denied.score) == ("ADDRESS", 1.0)
    assert denied.recognition_metadata["recognizer_name"] == DENY_LIST
    assert (near.score, near.analysis_explanation.supportive_context_word) == (0.85, "工单")
    assert (near.analysis_explanation.pattern_name, near.analysis_explanation.original_score) == (
        "ticket",
        0.5,
    )
    assert (alone.score, alone.analysis_explanation.supportive_context_word) == (0.5, "")


def test_a_pattern_that_explodes_ends_the_run_and_quotes_no_text(monkeypatch):
    monkeypatch.setattr(own, "TIMEOUT_S", 0.05)
    slow = OwnPattern("slow", "QQ", r"(?:a|aa)+$", 0.9)
    with pytest.raises(KefuError, match="'slow' takes too long") as caught:
        found(Policy(patterns=(slow,)), "a" * 5000 + "!")
    assert "aaa" not in str(caught.value)
