"""What one answer is worth, by rules that a person can check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.evaluate.intent import NearestIntent
from pipelines.knowledge import Brand, FaqEntry, facts_found, load_brand, load_faq
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy


class Judge:
    """Judges answers by the company's own knowledge: FAQ, forbidden words, how it hands over."""

    def __init__(self, faq: list[FaqEntry], brand: Brand, policy: Policy = DEFAULT) -> None:
        self.nearest = NearestIntent([(entry.intent, entry.language, entry.answer) for entry in faq])
        self.brand, self.policy = brand, policy

    @classmethod
    def of(cls, knowledge: Path, policy: Policy = DEFAULT) -> Judge:
        """From data/knowledge; raises KefuError where a file there is faulty."""
        return cls(load_faq(knowledge), load_brand(knowledge), policy)

    def sample(self, example: dict[str, Any], said: str) -> dict[str, Any]:
        """A row of the SAMPLES table but for `model` and `latency_s`.

        An answer that holds personal data is judged and counted, and its text is withheld from the row.
        """
        found = find_simple(said, self.policy)
        language, reference = example["language"], example["messages"][-1]["content"]
        return {
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
        }


def chrf(said: str, reference: str) -> float:
    """chrF, 0 to 100 (Popović 2015, by sacrebleu): character n-grams, so that Chinese needs no words."""
    from sacrebleu.metrics.chrf import CHRF

    return round(float(CHRF().sentence_score(said, [reference]).score), 2)


def shown(messages: list[dict[str, str]]) -> str:
    """What the model was asked, without the system prompt; who spoke is named where there is a history."""
    turns = [m for m in messages[:-1] if m["role"] != "system"]
    if len(turns) == 1:
        return turns[0]["content"]
    return "\n".join(f"{m['role']}: {m['content']}" for m in turns)
