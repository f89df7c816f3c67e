"""The weights that are shipped are those that README.md tells of."""

import hashlib

import numpy as np
import pytest

from pipelines.mask.reader import FOLDER
from pipelines.mask.reader.net import TYPES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_readme_has_the_hash(language):
    digest = hashlib.sha256((FOLDER / f"{language}.npz").read_bytes()).hexdigest()
    assert f"| {language}.npz | {digest} |" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_weights_are_finite_and_of_our_types(language):
    with np.load(FOLDER / f"{language}.npz") as stored:
        assert tuple(stored["types"].tolist()) == TYPES
        assert all(np.isfinite(stored[name]).all() for name in stored.files if name != "types")
