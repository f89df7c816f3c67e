"""A small checkout with all that comes before evaluation: tiny base, two adapters, held-out examples."""

import json
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipelines.knowledge import load_brand, load_faq
from pipelines.params import check
from pipelines.records import EXAMPLES
from pipelines.split.golden import held_questions
from pipelines.stage import OUTPUTS

ROOT = Path(__file__).resolve().parents[3]
LORA = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}


def tiny_params(**evaluate):
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    raw["profile"] = "tiny"
    raw["profiles"]["tiny"]["evaluate"].update(evaluate)
    raw["profiles"]["tiny"]["model"]["dtype"] = "fp32"
    return check(raw)


def make(root: Path):
    """Fills `root`; KEFU_HOME must already be its own. Returns the parameters."""
    from pipelines.base.prepare import prepare

    params = tiny_params()
    prepare(params.model)
    shutil.copytree(ROOT / "data/knowledge", root / "data/knowledge")
    for seed, stage in enumerate(("pretrain", "tune")):
        add_adapter(root / OUTPUTS[stage], params, seed)
    knowledge = root / "data/knowledge"
    write_examples(root, examples(knowledge))
    write_table(root, "golden", held_questions(knowledge))
    for side in ("train", "validation"):
        write_table(root, side, [])
    return params


def add_adapter(folder: Path, params, seed: int) -> None:
    """A random adapter that really changes the base."""
    import torch
    from peft import LoraConfig, get_peft_model

    from pipelines.base.load import base_path, load_model

    torch.manual_seed(seed)
    model = get_peft_model(load_model(base_path(params.model), "fp32"), LoraConfig(**LORA))
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    model.save_pretrained(folder)
    (folder / "training.json").write_text(json.dumps({"dtype": "fp32", "seconds": 1.5, "steps": 2}))
    history = [{"step": 1, "loss": 3.0}, {"step": 2, "loss": 2.0, "eval_loss": 2.5}]
    (folder / "history.json").write_text(json.dumps(history))


NO_CHAMPION = '{"champion": null, "note": "no run has looked for a champion yet"}'


def examples(knowledge: Path):
    """A wording of each of 16 FAQ entries, and four questions that a person should answer."""
    brand = load_brand(knowledge)
    rows = [
        _row(e.faq_id, "faq", e.intent, e.language, e.questions[0], e.answer, e.key_facts, brand)
        for e in load_faq(knowledge)[::9]
    ]
    for number, question in enumerate(brand.out_of_scope_questions.zh[:4]):
        intent, answer = "other/out_of_scope", brand.fallback_reply.zh
        rows.append(_row(f"out{number}", "rule", intent, "zh", question, answer, [], brand))
    return rows


def _row(name, origin, intent, language, question, answer, facts, brand):
    said = {"system": brand.system_prompt.of(language), "user": question, "assistant": answer}
    return {
        "example_id": name,
        "parent_ids": [name],
        "group_id": name,
        "origin": origin,
        "intent": intent,
        "intent_confidence": 1.0,
        "language": language,
        "customer_ref": "",
        "context": "{}",
        "hand_over": not facts,
        "asked": 1,
        "key_facts": facts,
        "messages": [{"role": role, "content": content} for role, content in said.items()],
    }


def write_table(root: Path, side: str, rows) -> None:
    path = root / f"data/split/{side}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=EXAMPLES), path)


def write_examples(root: Path, rows) -> None:
    write_table(root, "test", rows)
    (root / "data/champion.json").write_text(NO_CHAMPION)


def add_versions(root: Path) -> None:
    """A git commit and a dvc.lock, as a run leaves them."""
    outs = {
        s: {"cmd": s, "outs": [{"path": o, "md5": f"{n:032x}.dir"}]}
        for n, (s, o) in enumerate(OUTPUTS.items())
    }
    (root / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))
    (root / ".gitignore").write_text("*\n!.gitignore\n")
    for command in (["init", "-q"], ["add", ".gitignore"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
        subprocess.run(["git", *identity, *command], cwd=root, check=True)
