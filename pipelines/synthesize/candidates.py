"""Candidates from training rows, and the rows made of those that pass."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.curate.examples import text_hash
from pipelines.dedup.normalise import normalise
from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.policy import Policy
from pipelines.split.leaks import question
from pipelines.synthesize.judge import MAX_SIMILARITY, similarity, verdict

Row = dict[str, Any]
Drop = Callable[[str, "Candidate"], None]  # with the reason


class Judged(NamedTuple):
    """What is known of a candidate from itself and its source."""

    fault: str | None  # reason code
    likeness: float  # 0 to 1


@dataclass(frozen=True)
class Candidate:
    source: Row
    text: str
    judged: Judged
    by_model: bool = False

    @property
    def name(self) -> tuple[str, str]:
        return self.source["example_id"], self.text


@dataclass(frozen=True)
class Known:
    """What is known of the candidates (by name) from all other rows, and what stands."""

    leaking: Container[str] = ()  # texts that are near a held-out question
    drifting: Container[tuple[str, str]] = ()  # those that ask what another intent asks
    personal: Container[str] = ()  # texts in which the recognizers find personal data
    copies: Container[str] = ()  # texts that nearly repeat a training row
    taken: set[str] = field(default_factory=set)  # normalised questions; grows by those accepted


def fit_for_paraphrase(row: Row) -> bool:
    """FAQ wordings, log questions whose answer is known to be right, and questions outside the taxonomy;
    none that need the turns before them or name masked details."""
    asked_alone = sum(m["role"] == "user" for m in row["messages"]) == 1
    sure = row["origin"] == "faq" or row["key_facts"] or row["hand_over"]
    plain = "\n" not in question(row) and not PLACEHOLDER.search(question(row))
    return bool(asked_alone and sure and plain and row["language"] in ("zh", "en"))


def judge(text: str, source: str, language: str, policy: Policy, by_model: bool = False) -> Judged:
    """`text` as another wording of the question `source`."""
    likeness = similarity(normalise(text), normalise(source))
    return Judged(verdict(text, source, language, policy, by_model), likeness)


def judged(
    candidates: Iterable[Candidate],
    known: Known,
    per_source: int,
    drop: Drop,
) -> tuple[list[Row], int]:
    """(rows of the candidates that pass, how many more would have).

    At most `per_source` a source are taken: those that differ most from it.
    """
    passed: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if reason := _reason(candidate, known):
            drop(reason, candidate)
        else:
            passed[candidate.source["example_id"]].append(candidate)
    rows, spare = [], 0
    for of_source in passed.values():
        accepted: list[str] = []
        for candidate in sorted(of_source, key=_likeness):
            plain = normalise(candidate.text)
            if len(accepted) >= per_source:
                spare += 1
            elif plain in known.taken or _repeats(plain, accepted):
                drop("duplicate", candidate)
            else:
                known.taken.add(plain)
                accepted.append(plain)
                rows.append(as_row(candidate))
    return rows, spare


def fit(candidates: Iterable[Candidate], taken: Container[str]) -> list[Candidate]:
    """Those against which nothing is known yet."""
    return [c for c in candidates if c.judged.fault is None and normalise(c.text) not in taken]


def _reason(candidate: Candidate, known: Known) -> str | None:
    fault = candidate.judged.fault
    if fault != "unchanged" and normalise(candidate.text) in known.taken:
        return "duplicate"
    reason = fault or ("near_copy" if candidate.text in known.copies else None)
    reason = reason or ("near_held_out" if candidate.text in known.leaking else None)
    reason = reason or ("personal_data" if candidate.text in known.personal else None)
    return reason or ("other_intent" if candidate.name in known.drifting else None)


def _repeats(plain: str, accepted: Sequence[str]) -> bool:
    return any(similarity(plain, other) > MAX_SIMILARITY for other in accepted)


def _likeness(candidate: Candidate) -> tuple[float, str]:
    return candidate.judged.likeness, candidate.text


def as_row(candidate: Candidate) -> Row:
    """The source's example with another question: same answer, same group, the source as its parent."""
    source = candidate.source
    messages = [dict(message) for message in source["messages"]]
    messages[-2] = {"role": "user", "content": candidate.text}
    return {
        **source,
        "example_id": f"{source['example_id']}~{text_hash(candidate.text)}",
        "parent_ids": [source["example_id"]],
        "origin": "paraphrase",
        "messages": messages,
        "asked": 1,
    }


def within_share(
    rows: Sequence[Row], real: Mapping[str, int], share: float, share_per_intent: float
) -> tuple[list[Row], Counter[str]]:
    """(rows that may stand beside the `real` ones of each intent, how many may not by reason).

    First each intent keeps its own limit, by hash of id; then the whole does, intents in turn.
    """
    turn: Counter[str] = Counter()
    ranked = []
    for row in sorted(rows, key=lambda row: text_hash(row["example_id"])):
        if turn[row["intent"]] < _most(real.get(row["intent"], 0), share_per_intent):
            ranked.append((turn[row["intent"]], row["intent"], row))
            turn[row["intent"]] += 1
    ordered = [row for *_, row in sorted(ranked, key=lambda item: item[:2])]
    kept = ordered[: _most(sum(real.values()), share)]
    over = {"over_intent_share": len(rows) - len(ordered), "over_share": len(ordered) - len(kept)}
    return kept, +Counter(over)


def _most(real: int, share: float) -> int:
    """How many synthetic rows beside `real` ones make at most `share` of both."""
    return int(real * share / (1 - share) + 1e-9)
