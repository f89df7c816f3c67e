"""From the rows of one file, of any shape, to its conversations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pipelines.fingerprint import digest
from pipelines.ingest.drafts import Draft, Message, Refer, conversation_table, in_order
from pipelines.ingest.formats import Record
from pipelines.ingest.language import from_tag
from pipelines.ingest.mapping import Mapping, Unreadable
from pipelines.ingest.values import rating, string, time_ms, yes_no
from pipelines.mask.policy import DEFAULT, Policy

FIRST = ("customer_id", "channel", "intent")  # a conversation takes the first value given
LAST = {"resolved": yes_no, "satisfaction": rating}  # and of these the last


@dataclass
class Notes:
    """What reading one file came to; it travels in the encrypted table's metadata. No text."""

    read: int = 0  # message rows, the rejected ones included
    rejected: list[tuple[int, str]] = field(default_factory=list)  # (line, reason code)
    dropped: Counter[str] = field(default_factory=Counter)  # left out or ignored, in conversations or values
    seen: set[str] = field(default_factory=set)  # our columns that at least one row had

    def dump(self) -> bytes:
        return json.dumps({**vars(self), "seen": sorted(self.seen)}, sort_keys=True).encode()

    @classmethod
    def parse(cls, raw: bytes) -> Notes:
        held = json.loads(raw)
        rejected = [(line, reason) for line, reason in held["rejected"]]
        return cls(held["read"], rejected, Counter(held["dropped"]), set(held["seen"]))


class Gathering:
    """The conversations of one file, gathered row by row."""

    def __init__(self, mapping: Mapping, refer: Refer) -> None:
        self.mapping, self.refer = mapping, refer
        self._rows: Counter[str] = Counter()  # without an id, by digest
        self.drafts: dict[str, Draft] = {}
        self.notes = Notes()
        self._unseen = set(mapping.columns)
        self._expand: Callable[[Draft, int, dict[str, Any]], Iterator[Message]] = getattr(
            self, f"_{mapping.source.shape}"
        )

    def add(self, records: Iterable[Record]) -> None:
        for line, row in records:
            if isinstance(row, str):
                self._reject(line, row)
                continue
            if self._unseen:
                self._look(row)
            try:
                self._add(line, row)
            except Unreadable as error:
                self._reject(line, error.reason)

    def _look(self, row: dict[str, Any]) -> None:
        found = {
            name
            for name in self._unseen
            if self.mapping.columns[name] in row or self.mapping.value(row, name) is not None
        }
        self._unseen -= found
        self.notes.seen |= found

    def _reject(self, line: int, reason: str) -> None:
        self.notes.read += 1
        self.notes.rejected.append((line, reason))

    def _add(self, line: int, row: dict[str, Any]) -> None:
        identity = self._identity(row)
        draft = self.drafts.get(identity)
        if draft and self.mapping.source.shape == "conversations":
            raise Unreadable("conversation_id_twice")
        draft = draft or Draft(line)
        about = {name: self.mapping.string(row, name) for name in FIRST}
        messages = list(self._expand(draft, line, row))
        if not messages:
            return
        self.notes.read += len(messages) if self.mapping.source.shape != "qa" else 1
        draft.messages += messages
        self._describe(draft, about, row)
        self.drafts[identity] = draft

    def _identity(self, row: dict[str, Any]) -> str:
        given = self.mapping.string(row, "conversation_id")
        if given:
            return given
        if self.mapping.source.shape == "messages":
            raise Unreadable("no_conversation_id")
        return f"{self.mapping.source.name}-{self._made_id(row)}"

    def _made_id(self, row: dict[str, Any]) -> str:
        """20 hex digits: HMAC of the question (shape qa) or of the row, and of how often it came in the file.

        So rows keep their ids when others come or go, when an answer is corrected, when the file is renamed.
        """
        qa = self.mapping.source.shape == "qa"
        name = digest(self.mapping.string(row, "question") if qa else row)
        self._rows[name] += 1
        return self.refer(f"{name} {self._rows[name]}")[:20]

    def _describe(self, draft: Draft, about: dict[str, str], row: dict[str, Any]) -> None:
        for name, text in about.items():
            if text:
                draft.fields.setdefault(name, text)
        for name, parse in LAST.items():
            try:
                value = parse(self.mapping.value(row, name))
            except (ValueError, Unreadable):
                self.notes.dropped[f"ignored_{name}"] += 1
                continue
            if value is not None:
                draft.fields[name] = value
        tag = self.mapping.value(row, "language")
        language = from_tag(str(tag)) if tag else None
        if language:
            draft.languages.add(language)

    def _messages(self, draft: Draft, line: int, row: dict[str, Any]) -> Iterator[Message]:
        value = self.mapping.value
        yield self._message(value(row, "role"), value(row, "text"), value(row, "sent_at"), line)

    def _conversations(self, draft: Draft, line: int, row: dict[str, Any]) -> Iterator[Message]:
        keys = self.mapping.inside
        draft.started_ms = time_ms(self.mapping.value(row, "started_at"))
        for item in _listed(self.mapping.value(row, "messages")):
            if not isinstance(item, dict):
                self._reject(line, "message_not_an_object")
                continue
            try:
                role, text, sent_at = (
                    key[1:] if key.startswith("=") else item.get(key) for key in keys.values()
                )
                yield self._message(role, text, sent_at, line)
            except Unreadable as error:
                self._reject(line, error.reason)

    def _qa(self, draft: Draft, line: int, row: dict[str, Any]) -> Iterator[Message]:
        sent_at = self.mapping.value(row, "sent_at")
        for role, name in (("customer", "question"), ("agent", "answer")):
            if not self.mapping.string(row, name):
                raise Unreadable(f"no_{name}")
            yield self._message(role, self.mapping.value(row, name), sent_at, line)

    def _message(self, role: Any, text: Any, sent_at: Any, line: int) -> Message:
        content = string(text)
        if not content:
            raise Unreadable("no_text")
        return Message(self.mapping.role(role), content, time_ms(sent_at), line)

    def table(self, policy: Policy = DEFAULT) -> pa.Table:
        """CONVERSATIONS in order of first row, without the name of the file."""
        for draft in self.drafts.values():
            draft.messages = in_order(draft.messages)
            if draft.started_ms is None:
                draft.started_ms = next((m.sent_ms for m in draft.messages if m.sent_ms is not None), None)
        return conversation_table(self.drafts, self.mapping.source.language, self.refer, policy)


def _listed(messages: Any) -> list[Any]:
    """The messages of a row: a list, or the JSON text of one."""
    if isinstance(messages, str):
        try:
            messages = json.loads(messages)
        except (ValueError, RecursionError):
            raise Unreadable("messages_not_json") from None
    if not isinstance(messages, list):
        raise Unreadable("messages_not_a_list")
    if not messages:
        raise Unreadable("no_messages")
    return messages
