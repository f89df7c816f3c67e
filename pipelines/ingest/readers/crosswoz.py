"""CrossWOZ (Zhu et al., TACL 2020): one JSON object, dialogue id to dialogue.

Records: `conversation_id` and the dialogue's own keys, of which `messages` holds `role` (usr | sys) and
`content`. Shape: conversations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipelines.errors import KefuError


def read(text: str, where: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
        dialogues = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        raise KefuError("not a JSON file", where, "a CrossWOZ file is one JSON object") from None
    if not isinstance(dialogues, dict):
        raise KefuError(
            f"the JSON file holds a {type(dialogues).__name__}, not an object of dialogues",
            where,
            "give the CrossWOZ file as published (train.json, val.json or test.json)",
        )
    for row, (dialogue_id, dialogue) in enumerate(dialogues.items(), start=1):
        usable = isinstance(dialogue, dict)
        yield row, {**dialogue, "conversation_id": dialogue_id} if usable else "not_an_object"
