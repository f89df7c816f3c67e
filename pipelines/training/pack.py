"""Many segments in one row, none padded, none seeing another, a shared beginning computed once.

The chats of one shop begin with the same system prompt, a third of their tokens here. A row holds that prefix
once and all that follow it as branches: a branch sees itself and its prefix, and goes on with its positions.
Every branch's loss and gradient are what they would be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import torch

from pipelines.training.encode import Segment

NOTHING = -1
FILLER = -2
MIN_SHARED = 8
"""Tokens; a shorter common beginning is not worth a branch."""


@dataclass
class Row:
    """One packed row under construction; all lists have one element a token."""

    input_ids: list[int]
    positions: list[int]
    branch: list[int]  # number of the piece that the token belongs to
    parent: list[int]  # number of the piece that this one follows, or NOTHING
    keep: list[bool]  # the token's hidden state predicts a learned token
    targets: list[int]  # the learned tokens, one for each True in keep

    def add(self, ids: Sequence[int], start: int, parent: int, learned_from: int) -> int:
        """Appends one piece whose first token has position `start`; returns the piece's number.

        `learned_from` counts within `ids`; a learned token is predicted by the one before it, in this piece.
        """
        number = self.branch[-1] + 1 if self.branch else 0
        self.input_ids += ids
        self.positions += range(start, start + len(ids))
        self.branch += [number] * len(ids)
        self.parent += [parent] * len(ids)
        self.keep += [learned_from - 1 <= i < len(ids) - 1 for i in range(len(ids))]
        self.targets += ids[learned_from:]
        return number

    def fill(self, count: int) -> None:
        """Appends `count` tokens that no other sees and that predict nothing."""
        self.input_ids += [0] * count
        self.positions += [0] * count
        self.branch += [FILLER] * count
        self.parent += [FILLER] * count
        self.keep += [False] * count


def pack(rows: Sequence[Sequence[Segment]]) -> dict[str, torch.Tensor]:
    """Model inputs for B rows of T tokens, the shorter ones filled up.

    `input_ids` and `position_ids` (B, T), `attention_mask` (B, 1, T, T) of bool, `logits_to_keep` (B, T) of
    bool, `shift_labels` (N,): the N targets in the order of the kept positions. `labels` asks for a loss.
    """
    packed = [_pack_row(segments) for segments in rows]
    length = max(len(row.input_ids) for row in packed)
    for row in packed:
        row.fill(length - len(row.input_ids))
    ids = torch.tensor([row.input_ids for row in packed])
    return {
        "input_ids": ids,
        "position_ids": torch.tensor([row.positions for row in packed]),
        "attention_mask": _visible(
            torch.tensor([row.branch for row in packed]), torch.tensor([row.parent for row in packed])
        ),
        "logits_to_keep": torch.tensor([row.keep for row in packed]),
        "labels": ids,
        "shift_labels": torch.tensor([target for row in packed for target in row.targets]),
    }


def flat(segments: Sequence[Segment]) -> dict[str, torch.Tensor]:
    """Model inputs for one row without a mask: segments are told apart by positions that begin at 0."""
    row = Row([], [], [], [], [], [])
    for segment in segments:
        row.add(segment.input_ids, 0, NOTHING, segment.answer_from)
    ids = torch.tensor([row.input_ids])
    return {
        "input_ids": ids,
        "position_ids": torch.tensor([row.positions]),
        "logits_to_keep": torch.tensor([row.keep]),
        "labels": ids,
        "shift_labels": torch.tensor(row.targets),
    }


def all_alone(rows: Sequence[Sequence[Segment]]) -> bool:
    """Each row is one segment and none is filled up, so that the causal mask is all that is needed."""
    return all(len(row) == 1 for row in rows) and len({len(row[0].input_ids) for row in rows}) == 1


def into_rows(segments: Sequence[Segment], row_tokens: int) -> list[list[Segment]]:
    """`segments` in their order, a new row where the next would make it longer than `row_tokens`.

    Attention costs the square of a row's length; several rows cost what the shorter ones are filled up with,
    and each repeats the beginnings that its segments share.
    """
    rows: list[list[Segment]] = []
    length = row_tokens
    for segment in segments:
        if length + len(segment.input_ids) > row_tokens:
            rows.append([])
            length = 0
        rows[-1].append(segment)
        length += len(segment.input_ids)
    return rows


def best_fit(segments: Sequence[Segment], row_tokens: int) -> list[list[Segment]]:
    """`segments` in as few rows of `row_tokens` as the longest first, each where the least room is left over,
    makes; one that is longer has a row of its own."""
    rows: list[list[Segment]] = []
    room: list[int] = []
    for segment in sorted(segments, key=lambda segment: -len(segment.input_ids)):
        size = len(segment.input_ids)
        fitting = [number for number, left in enumerate(room) if left >= size]
        if not fitting:
            fitting = [len(rows)]
            rows.append([])
            room.append(row_tokens)
        tightest = min(fitting, key=lambda number: room[number])
        rows[tightest].append(segment)
        room[tightest] -= size
    return rows


def _pack_row(segments: Sequence[Segment]) -> Row:
    row = Row([], [], [], [], [], [])
    for prefix, members in shared_prefixes(segments):
        parent = row.add(prefix, 0, NOTHING, len(prefix) + 1) if prefix else NOTHING
        for segment in members:
            row.add(segment.input_ids[len(prefix) :], len(prefix), parent, segment.answer_from - len(prefix))
    return row


def _visible(branch: torch.Tensor, parent: torch.Tensor) -> torch.Tensor:
    """(B, 1, T, T): token i sees j where j is not later and of i's own piece or of the one it follows."""
    earlier = torch.ones(branch.shape[1], branch.shape[1], dtype=torch.bool).tril()
    own = branch[:, :, None] == branch[:, None, :]
    followed = parent[:, :, None] == branch[:, None, :]
    return (earlier & (own | followed))[:, None]


def shared_prefixes(segments: Sequence[Segment]) -> list[tuple[list[int], list[Segment]]]:
    """(prefix, segments that begin with it): groups that share their first MIN_SHARED tokens.

    A prefix ends before the last given token of each of its segments, since that one predicts the answer.
    """
    groups: dict[tuple[int, ...], list[Segment]] = {}
    for segment in segments:
        shareable = segment.input_ids[: min(MIN_SHARED, segment.answer_from - 1)]
        groups.setdefault(tuple(shareable), []).append(segment)
    return [
        (_common(members) if len(members) > 1 and len(key) == MIN_SHARED else [], members)
        for key, members in groups.items()
    ]


def _common(members: list[Segment]) -> list[int]:
    columns = zip(*(m.input_ids[: m.answer_from - 1] for m in members), strict=False)
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
