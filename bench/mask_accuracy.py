"""How well the mask stage does on the sample logs: `python bench/mask_accuracy.py [--show 5]`.

The truth is what the sample's generator put in (data/raw_spans); the texts are our own templates, so the
figures say that the recognizers do what they are meant to, not how they do on logs of another shop.

Recall: share of true spans that findings cover wholly, of whatever type. Typed: covered by one of the same
type. Precision: share of masked characters that lie in a true span of any type, by the type masked.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.mask.conversation import mask_conversation  # noqa: E402
from pipelines.mask.language import is_chinese  # noqa: E402
from pipelines.mask.workers import Workers  # noqa: E402


def load(raw: Path, spans: Path):
    """({conversation: [(role, text)]}, {(conversation, turn): [(start, end, type)]})."""
    talks, truth = defaultdict(list), defaultdict(list)
    for file in sorted(raw.glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            talks[row["conversation_id"]].append((row["role"], row["text"]))
    for file in sorted(spans.glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            truth[row["conversation_id"], row["turn"]].append((row["start"], row["end"], row["type"]))
    return talks, truth


def score(text, true, found, tally, examples):
    language = "zh" if is_chinese(text) else "en"
    masked = {i for f in found for i in range(f.start, f.end)}
    personal = {i for start, end, _ in true for i in range(start, end)}
    for start, end, kind in true:
        row = tally[language, kind]
        row["true"] += 1
        covered = all(i in masked or not text[i].strip() for i in range(start, end))
        row["covered"] += covered
        row["typed"] += covered and any(f.type == kind and f.start <= start and end <= f.end for f in found)
        if covered and not any(f.type == kind for f in found if f.start <= start < f.end):
            other = [f"{f.type} {f.source}" for f in found if f.start <= start < f.end]
            examples["other type"][language, kind].append((f"{text[start:end]} {other}", text))
        if not covered:
            examples["missed"][language, kind].append((text[start:end], text))
    for finding in found:
        row = tally[language, finding.type]
        row["masked chars"] += finding.end - finding.start
        right = sum(i in personal for i in range(finding.start, finding.end))
        row["right chars"] += right
        if right < finding.end - finding.start:
            piece = text[finding.start : finding.end]
            examples["over" if not right else "too long"][language, finding.type].append(
                (f"{piece} [{finding.source} {finding.score}]", text)
            )
    row = tally[language, "ALL MESSAGES"]
    row["clean"] += not true
    row["clean but masked"] += not true and bool(found)


def share(part, whole):
    return f"{part / whole:8.3f}" if whole else "       -"


def report(tally):
    print(f"{'':4}{'type':18}{'true':>7}{'recall':>8}{'typed':>8}{'precision':>10}")
    for language in ("zh", "en"):
        total = sum((row for key, row in tally.items() if key[0] == language), Counter())
        rows = sorted((kind, row) for (lang, kind), row in tally.items() if lang == language)
        for kind, row in [*rows, ("total", total)]:
            if kind == "ALL MESSAGES":
                continue
            print(
                f"{language:4}{kind:18}{row['true']:7}{share(row['covered'], row['true'])}"
                f"{share(row['typed'], row['true'])}  {share(row['right chars'], row['masked chars'])}"
            )
        masked = total["clean but masked"]
        print(f"{language:4}messages with nothing personal: {total['clean']}, of them masked: {masked}")


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--raw", type=Path, default=ROOT / "data/raw")
    parser.add_argument("--spans", type=Path, default=ROOT / "data/raw_spans")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many examples of each kind of error")
    args = parser.parse_args()
    talks, truth = load(args.raw, args.spans)
    texts = [text for talk in talks.values() for _, text in talk]
    started = time.monotonic()
    with Workers(args.threshold, args.processes, 256) as workers:
        workers.find(["热身", "warm up"])
        loaded = time.monotonic()
        known = workers.find(texts)
    analysed = time.monotonic()
    tally, examples = defaultdict(Counter), defaultdict(lambda: defaultdict(list))
    for name, talk in talks.items():
        for turn, found in enumerate(mask_conversation(talk, known).findings):
            score(talk[turn][1], truth.get((name, turn), []), found, tally, examples)
    report(tally)
    print(
        f"{len(texts):,} messages, {len(known):,} distinct; load {loaded - started:.1f} s, "
        f"analysis {analysed - loaded:.1f} s ({len(texts) / (analysed - loaded):,.0f} messages/s), "
        f"dialogue and placeholders {time.monotonic() - analysed:.1f} s with this count"
    )
    for kind, by_type in examples.items() if args.show else ():
        for (language, label), rows in sorted(by_type.items()):
            print(f"\n{kind} {language} {label}: {len(rows)}")
            for piece, text in rows[: args.show]:
                print(f"   {piece!r:40} | {text!r}")


if __name__ == "__main__":
    main()
