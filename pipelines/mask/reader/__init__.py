"""A small network of ours that reads a text unit by unit: which type of personal data, and how surely.

Chinese is read over the last hidden states of the Chinese NER, English over its words and the English NER's
entities. README.md says from what the weights were made and how they are made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.mask.entity import Entity
from pipelines.mask.reader.net import Net, Seen

FOLDER = Path(__file__).parent


class Reader:
    """Both networks; a mixed text is read as a Chinese one."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        self._chinese, self._english = Net(folder / "zh.npz"), Net(folder / "en.npz")

    def read(
        self,
        texts: Sequence[str],
        language: str,
        entities: Sequence[Sequence[Entity]],
        states: Sequence[np.ndarray],
    ) -> list[Seen]:
        """What is seen of each text; `entities` are the English NER's, `states` the Chinese NER's."""
        if language == "en":
            return self._english.read(texts, entities)
        return self._chinese.read(texts, [()] * len(texts), states)
