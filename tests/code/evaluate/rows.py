"""Judged answers and questions, made by hand."""

from pipelines.evaluate.questions import Question
from pipelines.knowledge.suites import Case, Suite


def row(number=1, **changed):
    return {
        "example_id": f"e{number}",
        "origin": "faq",
        "language": "zh",
        "intent": "order/place",
        "predicted_intent": "order/place",
        "reference": "好",
        "answer": f"好{number}",
        "facts_found": 1,
        "facts_total": 1,
        "hand_over_expected": False,
        "hand_over_given": False,
        "forbidden": 0,
        "pii": 0,
        "chrf": 50.0,
        "rouge_l": 40.0,
        "chars": 20,
        "in_style": True,
        "contradicts": 0,
        "suite": "faq",
        "case": f"e{number}",
        "failed": [],
        "turn": 1,
        "frequency": "common",
        "emotion": "",
        "channel": "",
        **changed,
    }


def suite(name="faq", **changed):
    given = {"suite": name, "version": 3, "what": "What it is.", "passes": ["right"], **changed}
    return Suite.model_validate({"from": {"table": "test"}, **given})


def example(number, origin="faq", **changed):
    asked = [{"role": "user", "content": "问"}, {"role": "assistant", "content": "答"}]
    return {
        "example_id": f"{origin}{number}",
        "origin": origin,
        "hand_over": False,
        "intent": "order/place",
        "asked": 1,
        "messages": asked,
        **changed,
    }


def question(number=1, of=None, case=None, **changed):
    held = Case.model_validate({"id": f"c{number}.zh", "question": "问", **case}) if case else None
    return Question(example(number, **changed), of or suite(), held)
