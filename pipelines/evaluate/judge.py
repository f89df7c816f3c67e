"""What one answer is worth, by rules that a person can check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.evaluate.intent import NearestIntent
from pipelines.evaluate.questions import Question, turn
from pipelines.evaluate.text import chrf, in_style, rouge_l, soothes
from pipelines.knowledge import Brand, FaqEntry, facts_found, load_brand, load_faq
from pipelines.knowledge.suites import contradictions
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy

Row = dict[str, Any]


class Judge:
    """Judges answers by the company's own knowledge: FAQ, forbidden words, how it hands over."""

    def __init__(self, faq: list[FaqEntry], brand: Brand, policy: Policy = DEFAULT) -> None:
        self.nearest = NearestIntent([(entry.intent, entry.language, entry.answer) for entry in faq])
        self.brand, self.policy = brand, policy
        self.frequencies: dict[str, str] = {}

    @classmethod
    def of(cls, knowledge: Path, policy: Policy = DEFAULT) -> Judge:
        """From data/knowledge; raises KefuError where a file there is faulty."""
        return cls(load_faq(knowledge), load_brand(knowledge), policy)

    def sample(self, question: Question, said: str, tokens: int = 0) -> Row:
        """A row of the SAMPLES table but for `model` and `latency_s`.

        An answer that holds personal data is judged and counted, and its text is withheld from the row.
        """
        found = find_simple(said, self.policy)
        example, case = question.example, question.case
        language, reference = example["language"], example["messages"][-1]["content"]
        row = {
            "example_id": example["example_id"],
            "origin": example["origin"],
            "intent": example["intent"],
            "language": language,
            "prompt": shown(example["messages"]),
            "reference": reference,
            "answer": f"[withheld, it holds {', '.join(sorted(set(found)))}]" if found else said,
            "facts_found": facts_found(said, example["key_facts"]),
            "facts_total": len(example["key_facts"]),
            "hand_over_expected": example["hand_over"],
            "hand_over_given": self.brand.hands_over(said),
            "predicted_intent": self.nearest.predict(said, language),
            "forbidden": len(self.brand.forbidden(said)),
            "pii": len(found),
            "chrf": chrf(said, reference),
            "rouge_l": rouge_l(said, reference),
            "chars": len(said),
            "in_style": in_style(said, self.brand, language),
            "contradicts": len(contradictions(case.must_not, said)) if case else 0,
            "tokens": tokens,
            "suite": question.suite.suite,
            "case": question.unit,
            "turn": turn(example),
            "channel": example.get("channel") or "",
            "emotion": (case.emotion if case else None) or example.get("emotion") or "",
            "plain": question.suite.plain,
            "frequency": self.frequencies.get(example["intent"], ""),
        }
        failed = self._failed(question, row, said)
        return {**row, "failed": failed, "passed": not failed}

    def _failed(self, question: Question, row: Row, said: str) -> list[str]:
        """The checks of the suite that concern this answer alone and that it does not pass."""
        opens = question.suite.opens_with
        words = (opens.en if row["language"] == "en" else opens.zh) if opens else []
        passed = {
            "right": is_right(row),
            "no_forbidden": not row["forbidden"],
            "no_personal": not row["pii"],
            "no_contradiction": not row["contradicts"],
            "soothed": "soothed" in question.suite.passes
            and soothes(said, self.brand, words, row["language"]),
            "style": row["in_style"],
        }
        return [check for check in question.suite.passes if not passed.get(check, True)]


def is_right(row: Row) -> bool:
    """Hands over where it should, does not where it should not, and states all facts where there are any."""
    if row["hand_over_expected"] or row["hand_over_given"]:
        return bool(row["hand_over_expected"] == row["hand_over_given"])
    if row["facts_total"]:
        return bool(row["facts_found"] == row["facts_total"])
    return bool(row["predicted_intent"] == row["intent"])


def outcome(row: Row) -> tuple[Any, ...]:
    """What must stay the same when a question changes in form only."""
    return row["facts_found"], row["hand_over_given"], row["predicted_intent"]


def shown(messages: list[dict[str, str]]) -> str:
    """What the model was asked, without the system prompt; who spoke is named where there is a history."""
    turns = [m for m in messages[:-1] if m["role"] != "system"]
    if len(turns) == 1:
        return turns[0]["content"]
    return "\n".join(f"{m['role']}: {m['content']}" for m in turns)
