"""Made-up facts of a run, with hostile text wherever a customer's could stand."""

from types import SimpleNamespace

from pipelines.evaluate.summary import INTENT_METHOD
from pipelines.report.answers import compare
from pipelines.report.compliance import compliance
from pipelines.report.masking import masking
from pipelines.report.previous import Previous
from pipelines.report.questions import Reference
from tests.code.evaluate.checkout import tiny_params

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \" onmouseover='x' 退款"
COUNT = {"right": 6, "of": 10, "share": 0.6}
NONE = {"right": 0, "of": 0, "share": None}
GAIN = {"gain": 0.5, "low": 0.4, "high": 0.6, "n": 10}
FIGURES = {
    "n": 12,
    "key_facts": COUNT,
    "key_facts_all": COUNT,
    "right": COUNT,
    "intent": COUNT,
    "in_style": 0.9,
    "hand_over_precision": NONE,
    "hand_over_recall": COUNT,
    "forbidden_answers": 0,
    "pii_answers": 0,
    "chrf": 31.5,
    "loss": {"loss": 1.25, "tokens": 90},
    "latency": None,
}
PREVIOUS = Previous(
    "weekly-1",
    "2026-09-07 04:00 UTC",
    {"PHONE": 1, "QQ": 3},
    {"mask.score_threshold": "0.8"},
    "allow:\n- 小栗\n- 旧名\n",
    100,
)
LATENCY = {"n": 2, "p50_s": 1.0, "p95_s": 2.0, "target_s": 1.5, "met": False, "tokens_per_s": 20.0}


def sample(model, number=1, **changed):
    return {
        "example_id": f"e{number}",
        "model": model,
        "origin": "faq",
        "intent": "refund/time",
        "language": "zh",
        "prompt": "退款多久",
        "reference": "3个工作日",
        "answer": "3个工作日",
        "facts_found": 1,
        "facts_total": 1,
        "hand_over_expected": False,
        "hand_over_given": False,
        "predicted_intent": "refund/time",
        "forbidden": 0,
        "pii": 0,
        "chrf": 90.0,
        "latency_s": None,
        "failed": ["soothed"],
        **changed,
    }


def spoken(**more):
    place = {"conversation_id": "c7", "turn": 3, "role": "customer", "before": HOSTILE}
    return place | {"text": f"打<手机号1>找我{HOSTILE}"} | more


def made_masking(root, previous=PREVIOUS):
    """The section's facts where the steward has changed the file since the run before."""
    path = root / tiny_params().knowledge / "pii.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"allow:\n- 小栗\n- {HOSTILE}\n")
    found = {
        "metrics": {
            "masked_by_type": {"PHONE": 4, "PERSON": 2},
            "masked_by_recognizer": {"Mobile": {"PHONE": 4}, "NamedEntity": {"PERSON": 2}},
            "conversations": {"all": 9, "masked": 3},
            "messages": {"all": 40, "masked": 5, "mostly_masked": 1},
        },
        "samples": {
            "masked": [spoken(type="PHONE", recognizer="Mobile")],
            "mostly_masked": [spoken(share=0.6)],
        },
    }
    return masking(tiny_params(), root, found, previous)


def made_questions(state="compared"):
    """The facts of the section on questions, with a drift beyond chance."""
    rows = [
        {
            "name": name,
            "before": before,
            "now": now,
            "before_share": before / 10,
            "share": now / 12,
            "change": change,
        }
        for name, before, now, change in (("refund/time", 4, 9, 35.0), ("order/place", 6, 3, -35.0))
    ]
    drift = {"distance": 0.091, "by_chance": 0.05, "beyond": True} if state == "compared" else None
    group = {
        "questions": 2,
        "asked": 5,
        "languages": ["zh"],
        "certain": False,
        "samples": [HOSTILE, "能开<卡号1>吗"],
    }
    return {
        "n": 12,
        "new": 7 if state == "compared" else None,
        "state": state,
        "by": [
            {"by": by, "rows": rows, "drift": drift, "drift_of_new": drift} for by in ("intent", "language")
        ],
        "groups": [
            group | {"intent": "dropped: no_intent"},
            group | {"intent": "refund/time", "certain": True},
        ],
        "groups_total": 2,
    }


def made_reference(kind="champion"):
    stages = {"ingest": {"rows_out": 8.0}, "synthesize": {"rows_out": 10.0}}
    return Reference(kind, "3", SimpleNamespace(stages=stages, questions=None))


def past(**changed):
    figures = {"key_facts": 0.5, "intent": 0.6, "hand_over_recall": None, "loss": 1.2, "p95_s": None}
    about = {"run": "r1", "at": "2026-09-07 04:00 UTC", "own": False, "verdict": "BLESSED", "version": "3"}
    return {
        **about,
        "decision": "approved",
        "url": "http://127.0.0.1:5000/r",
        "rows": 10.0,
        "cost": 0.02,
        **figures,
        **changed,
    }


def made_slice(by, value):
    models = {"base": FIGURES, "candidate": FIGURES}
    return {"by": by, "value": value, "models": models, "gain": {"base": {"right": GAIN}}}


def made_facts(root):
    """All that the template reads."""
    candidate = sample("candidate", answer=HOSTILE, prompt=HOSTILE)
    summary = {
        "verdict": "BLESSED",
        "reasons": [{"check": "c", "passed": True, "found": 1, "limit": 0, "says": "all is well"}],
        "models": {"base": FIGURES, "candidate": {**FIGURES, "latency": LATENCY}},
        "gain": {"base": GAIN},
        "gains": {"base": {"key_facts": GAIN, "loss": GAIN}},
        "slices": [made_slice("language", "zh"), made_slice("channel", HOSTILE)],
        "sample": {"n": 12, "by_kind": {"faq": 10, "hand_over": 2}},
        "champion_note": "no version of kefu is champion yet",
        "intent_method": INTENT_METHOD,
        "base": {"name": "tiny"},
    }
    stage = {"dropped": {"too_short": 3}, "rows_out": 9}
    metrics = {"curate": stage, "ingest": stage, "synthesize": stage}
    return {
        "params": tiny_params(),
        "summary": summary,
        "metrics": metrics,
        "stages": [{"stage": "curate", "seconds": 1.0, "rows_in": 12, "rows_out": 9}],
        "flow": [{"stage": "curate", "rows_out": 9, "left_out": 3, "unit": "examples"}],
        "removed": [{"stage": "curate", "reason": "too_short", "count": 3, "samples": [{"text": HOSTILE}]}],
        "masking": made_masking(root),
        "composition": {"train": {"faq/zh": 5, "log/en": 2}},
        "synthetic_share": 0.25,
        "faq": {"linked": 71, "missing": {"zh": [], "en": ["order_place"]}},
        "review": {"to_decide": 5, "uncertain": 9, "decided": 2},
        "synthetic_by_intent": {"refund/time": 0.55, "order/place": 0.4, HOSTILE: 0.0},
        "thin": {"refund/time (zh)": 1},
        "thin_validation": {"product/stock (en)": 0},
        "checks": [{"stage": "curate", "expectations": 4, "failed": 0, "tables": "examples"}],
        "curves": {"pretrain": [{"step": 1, "loss": 2.0}, {"step": 2, "eval_loss": 1.5}], "tune": []},
        "training": {"pretrain": {"steps": 2, "seconds": 3.25}, "tune": {}},
        "costs": {"columns": ["core_seconds", "energy_wh", "money"], "rows": [("tune", [7200.0, 2.5, 0.3])]},
        "against": made_reference(),
        "questions": made_questions(),
        "history": [past(), past(own=True, version="7", decision="")],
        "compliance": compliance(
            tiny_params(), summary, metrics, {"base_license": "gemma", "code_dirty": "true"}
        ),
        "sources": [{"name": f"{HOSTILE}.jsonl", "sha256": "e" * 64, "conversations": 9}],
        "answers": compare([sample("base", facts_found=0), candidate]),
        "registered": {"name": "kefu-instruction", "version": "7", "dag_run_id": HOSTILE},
        "lineage": [("git_sha", "a" * 40), ("airflow_url", "http://127.0.0.1:8080/x"), ("none", "")],
        "docs_url": "http://127.0.0.1:5000/#/docs",
        "approve_url": "",
        "made_at": "2026-09-14 04:00 UTC",
    }
