"""How often curate tells calm, anxious and angry customers apart.

    python bench/emotion.py [--split dev|held] [--errors]

The messages (bench/emotion/messages.jsonl) were written and labelled for this project before the lexicon was.
`dev` is what the lexicon was tuned on, with its errors read; `held` was measured only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.curate.emotion import emotion_of  # noqa: E402
from pipelines.records import EMOTIONS  # noqa: E402

MESSAGES = Path(__file__).with_name("emotion") / "messages.jsonl"
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--split", choices=("dev", "held"), action="append")
    parser.add_argument("--errors", action="store_true", help="print the messages of dev that are told wrong")
    args = parser.parse_args()
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    for split in args.split or ("dev", "held"):
        for language in ("zh", "en"):
            held = [r for r in rows if (r["split"], r["language"]) == (split, language)]
            print("\n".join(f"{split} {language} {line}" for line in figures(held)))
    for row in rows if args.errors else ():
        if row["split"] == "dev" and (told := emotion_of(row["text"])) != row["emotion"]:
            print(f"{row['emotion']} told as {told}: {row['text']}")


def figures(rows: list[Row]) -> list[str]:
    """Accuracy, then precision and recall of each emotion, as lines."""
    pairs = Counter((row["emotion"], emotion_of(row["text"])) for row in rows)
    right = sum(pairs[name, name] for name in EMOTIONS)
    lines = [f"right: {right} of {len(rows)} ({right / len(rows):.0%})"]
    for name in EMOTIONS:
        hit = pairs[name, name]
        told = sum(pairs[other, name] for other in EMOTIONS)
        meant = sum(pairs[name, other] for other in EMOTIONS)
        lines.append(f"{name}: precision {hit}/{told}, recall {hit}/{meant}")
    return lines


if __name__ == "__main__":
    main()
