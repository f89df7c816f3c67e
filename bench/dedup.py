"""Near-duplicate removal beside three other ways: `python bench/dedup.py [--rows 10000 100000]`.

Rows are short dialogues of three sentences (two of a customer, one of an agent), recombined by a fixed seed
from the sample logs of data/raw; a quarter are earlier rows with some characters changed, a seventh earlier
rows with other punctuation. Every way runs in a process of its own on the same rows:

- kefu: the room: index of a partition, join, clusters (character 3-grams, 20 bands x 6 rows, all verified).
  "new week" is the same again when all but the last fiftieth of the rows is remembered.
- datasketch: MinHash and MinHashLSH of that library on the same 3-grams, nothing verified. It is no package
  of this project: `pip install datasketch`, or name an interpreter that has it with `--datasketch PYTHON`.
- rensa: RMinHash and RMinHashLSH of that library on the same 3-grams and bands, nothing verified.
- text_dedup: the MinHash command of text-dedup (ChenghaoMou) as it is: 5-grams of the words that `\\W+`
  leaves, 250 permutations at 0.7, nothing verified; in one process, no text too short to take part. Pairs
  are those of its clusters. It pins other versions than this project, so give it an environment of its own
  (`pip install text-dedup==0.4.0`) and name its interpreter with `--text-dedup PYTHON`.
- words: the same shingles and bands with rensa's signatures.

Recall and precision are of pairs in which a drawn sample of rows stands, against brute-force Jaccard >= 0.8
over all rows. Duplicates are the rows that would go. "Before" is what the process held with the rows alone.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SEED, SAMPLE, JACCARD, NGRAM, BANDS, BAND_ROWS = 20260907, 400, 0.8, 3, 20, 6
MARKS = "。！？~，,!?. "
Pairs = set[tuple[int, int]]


def dialogues(rows: int) -> list[tuple[str, str]]:
    """(what the customer said, what the agent replied)"""
    said: dict[str, list[str]] = {"customer": [], "agent": []}
    for file in sorted((ROOT / "data/raw").glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            if row["role"] in said and 8 <= len(row["text"]) <= 60:
                said[row["role"]].append(row["text"])
    customer, agent = (sorted(set(texts)) for texts in said.values())
    rng, made = random.Random(SEED), []
    for _ in range(rows):
        draw = rng.random()
        if made and draw < 0.25:
            made.append(tuple(typed(text, rng) for text in rng.choice(made)))
        elif made and draw < 0.25 + 1 / 7:
            made.append(tuple(text.strip(MARKS) + rng.choice(MARKS) for text in rng.choice(made)))
        else:
            made.append((f"{rng.choice(customer)} {rng.choice(customer)}", rng.choice(agent)))
    return made


def typed(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.randint(0, 3)):
        letters[rng.randrange(len(letters))] = rng.choice("的了吗呢啊在是我你a")
    return "".join(letters)


def normal(rows: list[tuple[str, str]]) -> list[str]:
    from pipelines.dedup.normalise import normalise

    return [normalise(question) + normalise(answer) for question, answer in rows]


def kefu(rows: list[tuple[str, str]], sample: list[int]) -> dict:
    from pipelines.dedup.clusters import clusters
    from pipelines.dedup.index import index_of, join
    from pipelines.params import load

    params = load(ROOT / "params.yaml").dedup
    table = conversations(rows)
    before = memory()
    clusters(join([index_of(table.slice(0, 100), params)], params.bands), params.jaccard)  # imports
    started = clock()
    index = index_of(table, params)
    found = clusters(join([index], params.bands), params.jaccard)
    spent, peak = clock(started), memory()
    week = len(rows) // 50
    started = clock()
    indexes = [index.slice(0, len(rows) - week), index_of(table.slice(len(rows) - week), params)]
    known = join(indexes, params.bands)
    again = clusters(known, params.jaccard)
    told = {"week": clock(started)[0], "peak": peak, "before": before}
    assert np.array_equal(found.order, again.order), "the week's result is not that of an empty start"
    return told | result(spent, len(rows) - len(found.starts), verified(known, sample))


def conversations(rows: list[tuple[str, str]]):
    """CONVERSATIONS, whose ids are in the order of the rows."""
    import pyarrow as pa

    from pipelines.records import CONVERSATIONS

    pieces = [CONVERSATIONS.empty_table()]
    for start in range(0, len(rows), 10_000):
        part = [
            {
                "conversation_id": f"c{start + number:08}",
                "messages": [{"role": "customer", "content": asked}, {"role": "agent", "content": reply}],
            }
            for number, (asked, reply) in enumerate(rows[start : start + 10_000])
        ]
        pieces.append(pa.Table.from_pylist(part, CONVERSATIONS))
    return pa.concat_tables(pieces).combine_chunks()


def verified(known, sample: list[int]) -> Pairs:
    """The pairs that the room finds: candidates of the sample's texts by band keys, then exact Jaccard."""
    from pipelines.dedup.shingles import similar

    mine = np.unique(known.text[sample])
    low, high = np.array(sorted(sharing(known.keys, mine)), np.int64).reshape(-1, 2).T
    near = similar(known.grams, low, known.grams, high, JACCARD)
    texts: dict[int, list[int]] = {}
    for row, text in enumerate(known.text.tolist()):
        texts.setdefault(text, []).append(row)
    near_texts: dict[int, set[int]] = {text: {text} for text in mine.tolist()}
    for one, other in zip(low[near].tolist(), high[near].tolist(), strict=True):
        near_texts[one].add(other)
    return {
        (row, other)
        for row in sample
        for text in near_texts[int(known.text[row])]
        for other in texts[text]
        if other != row
    }


def sharing(keys: np.ndarray, mine: np.ndarray) -> Pairs:
    """(row of mine, any other row) that share the key of a band; keys (bands, rows)."""
    found: Pairs = set()
    for band in keys:
        order = np.argsort(band, kind="stable")
        low = np.searchsorted(band[order], band[mine], "left")
        high = np.searchsorted(band[order], band[mine], "right")
        for row, start, end in zip(mine.tolist(), low.tolist(), high.tolist(), strict=True):
            found.update((row, other) for other in order[start:end].tolist() if other != row)
    return found


def datasketch(rows: list[tuple[str, str]], sample: list[int]) -> dict:
    from datasketch import MinHash, MinHashLSH

    texts = normal(rows)
    started = clock()
    lsh = MinHashLSH(num_perm=BANDS * BAND_ROWS, params=(BANDS, BAND_ROWS))
    parents, kept = list(range(len(texts))), {}
    for row, text in enumerate(texts):
        minhash = MinHash(num_perm=BANDS * BAND_ROWS)
        minhash.update_batch([text[i : i + NGRAM].encode() for i in range(max(len(text) - NGRAM + 1, 1))])
        for other in lsh.query(minhash):
            join_sets(parents, row, other)
        lsh.insert(row, minhash, check_duplication=False)
        kept[row] = minhash
    spent, peak = clock(started), memory()
    pairs = {(row, other) for row in sample for other in lsh.query(kept[row]) if other != row}
    return {"peak": peak} | result(spent, duplicates(parents), pairs)


def rensa(rows: list[tuple[str, str]], sample: list[int]) -> dict:
    from rensa import RMinHash, RMinHashLSH

    started = clock()
    texts = normal(rows)
    minhashes = []
    for text in texts:
        minhash = RMinHash(num_perm=BANDS * BAND_ROWS, seed=SEED)
        minhash.update([text[i : i + NGRAM] for i in range(max(len(text) - NGRAM + 1, 1))])
        minhashes.append(minhash)
    lsh = RMinHashLSH(threshold=JACCARD, num_perm=BANDS * BAND_ROWS, num_bands=BANDS)
    lsh.insert_many(minhashes)
    parents = list(range(len(texts)))
    for row, minhash in enumerate(minhashes):
        for other in lsh.query(minhash):
            join_sets(parents, row, other)
    spent, peak = clock(started), memory()
    pairs = {(row, other) for row in sample for other in lsh.query(minhashes[row]) if other != row}
    return {"peak": peak} | result(spent, duplicates(parents), pairs)


def words(rows: list[tuple[str, str]], sample: list[int], bands: int = 25, band_rows: int = 10) -> dict:
    from pipelines.dedup.near import band_keys
    from pipelines.dedup.shingles import Shingles, offsets_of

    started = clock()
    hashes, sizes = [], []
    for asked, reply in rows:
        split = [word for word in re.split(r"\W+", f"{asked}\n{reply}".lower()) if word]
        grams = {" ".join(split[i : i + 5]) for i in range(max(len(split) - 4, 1))}
        hashes += [int.from_bytes(hashlib.blake2b(g.encode(), digest_size=8).digest()) for g in grams]
        sizes.append(len(grams))
    keys = band_keys(Shingles(np.array(hashes, np.uint64), offsets_of(np.array(sizes))), bands, band_rows)
    parents = list(range(len(rows)))
    for band in keys:
        _, first, which = np.unique(band, return_index=True, return_inverse=True)
        for row, other in enumerate(first[which].tolist()):
            join_sets(parents, row, other)
    spent, peak = clock(started), memory()
    return {"peak": peak} | result(spent, duplicates(parents), sharing(keys, np.array(sample)))


def text_dedup(rows: list[tuple[str, str]], sample: list[int]) -> dict:
    from text_dedup import minhash

    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "rows.jsonl"
        texts.write_text("".join(json.dumps({"text": "\n".join(row)}) + "\n" for row in rows))
        given = {"path": "json", "data_files": texts, "split": "train", "cache_dir": f"{folder}/cache"}
        given |= {"output": f"{folder}/out", "column": "text", "min_length": 1, "num_proc": 1}
        words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
        started = clock()
        with contextlib.redirect_stdout(sys.stderr):
            minhash.main.main(words, standalone_mode=False)
        spent, peak = clock(started), memory()
    clusters: dict[int, list[int]] = {}
    for row in range(len(rows)):
        clusters.setdefault(minhash.uf.find(row), []).append(row)
    pairs = {(row, other) for row in sample for other in clusters[minhash.uf.find(row)] if other != row}
    return {"peak": peak} | result(spent, len(rows) - len(clusters), pairs)


def join_sets(parents: list[int], row: int, other: int) -> None:
    while parents[row] != row:
        parents[row] = row = parents[parents[row]]
    while parents[other] != other:
        parents[other] = other = parents[parents[other]]
    parents[max(row, other)] = min(row, other)


def duplicates(parents: list[int]) -> int:
    return sum(parent != row for row, parent in enumerate(parents))


WAYS: dict[str, Callable[[list[tuple[str, str]], list[int]], dict]] = {
    "kefu": kefu, "rensa": rensa, "words": words, "datasketch": datasketch, "text_dedup": text_dedup,
}  # fmt: skip


def brute_force(texts: list[str], sample: list[int]) -> Pairs:
    """Pairs (of the sample, any) at Jaccard >= 0.8 of character 3-grams, by sparse products."""
    from scipy.sparse import csr_array

    names: dict[str, int] = {}
    columns, ends = [], [0]
    for text in texts:
        grams = {text[i : i + NGRAM] for i in range(max(len(text) - NGRAM + 1, 1))}
        columns += [names.setdefault(gram, len(names)) for gram in grams]
        ends.append(len(columns))
    sets = csr_array((np.ones(len(columns), np.int32), columns, ends), (len(texts), len(names)))
    sizes, found = np.diff(ends), set()
    for start in range(0, len(sample), 50):
        rows = sample[start : start + 50]
        shared = (sets[rows] @ sets.T).tocoo()
        mine = np.array(rows)[shared.row]
        near = shared.data + 1e-9 >= JACCARD * (sizes[mine] + sizes[shared.col] - shared.data)
        found |= set(zip(mine[near].tolist(), shared.col[near].tolist(), strict=True))
    return {(row, other) for row, other in found if row != other}


def clock(since: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
    """(wall, processor) seconds since, of this process and of those that it started and that ended."""
    return time.perf_counter() - since[0], sum(os.times()[:4]) - since[1]


def memory() -> int:
    """Peak of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def result(spent: tuple[float, float], gone: int, pairs: Pairs) -> dict:
    return {"wall": spent[0], "cpu": spent[1], "duplicates": gone, "pairs": sorted(pairs)}


def drawn(rows: int) -> list[int]:
    return sorted(random.Random(SEED + 1).sample(range(rows), min(SAMPLE, rows)))


def measure(way: str, rows: int, python: str) -> dict | None:
    """What the way says of itself in a process of its own; None where its library is missing."""
    command = [python, __file__, "--rows", str(rows), "--one", way]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if f"No module named '{way}'" in done.stderr:
        return None
    raise SystemExit(done.stderr)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    given.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    given.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    for way in (other := ("datasketch", "text_dedup")):
        given.add_argument(f"--{way.replace('_', '-')}", default=sys.executable, metavar="PYTHON")
    given.add_argument("--one", choices=list(WAYS), help=argparse.SUPPRESS)
    args = given.parse_args()
    if args.one:
        rows = dialogues(args.rows[0])
        print(json.dumps({"before": memory()} | WAYS[args.one](rows, drawn(len(rows)))))
        return
    print(
        "| rows | way | wall s | CPU s | peak MiB | before | recall | precision | duplicates | new week s |"
    )
    print("|---:|---|" + "---:|" * 8)
    spent: dict[str, list[float]] = {}
    for count in args.rows:
        true = brute_force(normal(dialogues(count)), drawn(count))
        for way in args.ways:
            told = measure(way, count, getattr(args, way) if way in other else sys.executable)
            if told is None:
                print(f"| {count:,} | {way} | not installed: pip install {way} | | | | | | | |")
                continue
            spent.setdefault(way, []).append(told["cpu"])
            print(line(count, way, told, true), flush=True)
    for way, times in spent.items():
        if len(times) > 1:
            power = math.log(times[-1] / times[0]) / math.log(args.rows[-1] / args.rows[0])
            print(f"{way}: CPU time grows as rows ^ {power:.2f}")


def line(count: int, way: str, told: dict, true: Pairs) -> str:
    pairs = {(row, other) for row, other in told["pairs"]}
    recall, precision = len(pairs & true) / max(len(true), 1), len(pairs & true) / max(len(pairs), 1)
    week = f"{told['week']:.1f}" if "week" in told else ""
    return (
        f"| {count:,} | {way} | {told['wall']:.1f} | {told['cpu']:.1f} | {told['peak']:,} "
        f"| {told['before']:,} | {recall:.4f} | {precision:.4f} | {told['duplicates']:,} | {week} |"
    )


if __name__ == "__main__":
    main()
