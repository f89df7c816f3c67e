"""Labelled texts as the network takes them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import numpy as np
import torch

from bench.pii_sets import Span
from bench.reader.examples import NOTHING, Example
from pipelines.mask.english import EnglishNer
from pipelines.mask.entity import Entity
from pipelines.mask.lac import Lac
from pipelines.mask.normalise import Normalised
from pipelines.mask.reader.net import TYPES, between
from pipelines.mask.reader.units import features, rows_seen, units
from pipelines.mask.recognizers.named_entity import can_hold_name

UNITS = 600  # of a batch
UNSEEN = 0.12  # share of the features that a batch does not see
LEFT_OUT = -100  # the tag of padding


class Encoded(NamedTuple):
    """One text; an entry a unit."""

    rows: list[tuple[int, ...]]  # buckets
    states: np.ndarray | None  # (units, width)
    tags: list[int]


def encode(examples: Sequence[Example], nlp: Lac | EnglishNer) -> list[Encoded]:
    """Those of `examples` that have units."""
    plain = [Normalised(example.text) for example in examples]
    texts = [one.text for one in plain]
    places = [units(text) for text in texts]
    states: list[np.ndarray | None] = [None] * len(texts)
    entities: list[Sequence[Entity]] = [()] * len(texts)
    if isinstance(nlp, Lac):
        read = zip(nlp.read(texts), places, strict=True)
        states = [between(state, spans) if spans else None for (_, state), spans in read]
    else:
        seen = [i for i, text in enumerate(texts) if can_hold_name(text)]
        for i, found in zip(seen, nlp.find([texts[i] for i in seen]), strict=True):
            entities[i] = found
    return [
        Encoded(_rows(texts[i], places[i], entities[i]), states[i], _tags(plain[i], places[i], example.spans))
        for i, example in enumerate(examples)
        if places[i]
    ]


def _rows(text: str, spans: list[tuple[int, int]], entities: Sequence[Entity]) -> list[tuple[int, ...]]:
    return [(gap, label, *features(unit)) for gap, label, unit in rows_seen(text, spans, entities)]


def _tags(plain: Normalised, places: list[tuple[int, int]], spans: Sequence[Span]) -> list[int]:
    """0, or 1 + 2 x type for the first unit of a value, one more for the rest; a unit's middle decides."""
    tags = [0] * len(places)
    middles = [plain.origin[(start + end - 1) // 2] for start, end in places]
    for start, end, kind in spans:
        if kind == NOTHING:
            continue
        within = [i for i, middle in enumerate(middles) if start <= middle < end]
        for i in within:
            tags[i] = 1 + 2 * TYPES.index(kind) + (i != within[0])
    return tags


def batches(encoded: Sequence[Encoded], random: Random) -> list[list[Encoded]]:
    """Texts of like length together, in an order drawn anew."""
    groups: list[list[Encoded]] = [[]]
    for one in sorted(encoded, key=lambda one: (len(one.rows), random.random())):
        if groups[-1] and (len(groups[-1]) + 1) * len(one.rows) > UNITS:
            groups.append([])
        groups[-1].append(one)
    random.shuffle(groups)
    return groups


def tensors(
    group: Sequence[Encoded], rng: np.random.Generator
) -> tuple[tuple[torch.Tensor | None, ...], torch.Tensor]:
    """(what Net.forward takes, tags (B, L)); some features are hidden."""
    length = max(len(one.rows) for one in group)
    mask = np.zeros((len(group), length), np.float32)
    tags = np.full((len(group), length), LEFT_OUT)
    bags: list[int] = []
    offsets: list[int] = []
    for i, one in enumerate(group):
        mask[i, : len(one.rows)], tags[i, : len(one.rows)] = 1, one.tags
        for row in one.rows:
            offsets.append(len(bags))
            bags += row
        offsets += [len(bags)] * (length - len(one.rows))
    shown = torch.from_numpy((rng.random(len(bags)) > UNSEEN).astype(np.float32))
    inputs = torch.tensor(bags), torch.tensor(offsets), shown, _states(group, length), torch.from_numpy(mask)
    return inputs, torch.from_numpy(tags)


def _states(group: Sequence[Encoded], length: int) -> torch.Tensor | None:
    if group[0].states is None:
        return None
    padded = np.zeros((len(group), length, group[0].states.shape[1]), np.float32)
    for i, one in enumerate(group):
        padded[i, : len(one.rows)] = one.states
    return torch.from_numpy(padded)
