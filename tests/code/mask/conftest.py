"""A recognizer by itself: what it finds in a text at the default threshold, models loaded once."""

import pytest

from pipelines.mask.labels import Finding
from pipelines.mask.language import language_of
from pipelines.mask.normalise import Normalised
from pipelines.mask.pii_file import read_policy
from pipelines.mask.resolve import resolve
from tests.conftest import ROOT

THRESHOLD = 0.5


@pytest.fixture(scope="session")
def policy():
    """That of the sample company."""
    return read_policy(ROOT / "data/knowledge/pii.yaml", THRESHOLD)


@pytest.fixture(scope="session")
def nlp():
    from pipelines.mask.nlp import TwoLanguages

    engine = TwoLanguages()
    engine.load()
    return engine


@pytest.fixture
def find(request, policy):
    """find(Recognizer, text) -> the values found, as typed."""

    def values(recognizer, text):
        plain = Normalised(text)
        language = language_of(plain.text)
        needs_nlp = recognizer.__name__ in (
            "NamedEntity",
            "AddressZh",
            "NameCued",
            "NameZh",
            "NameBeside",
            "NameCalledZh",
        )
        artifacts = request.getfixturevalue("nlp").process_text(plain.text, language) if needs_nlp else None
        own = recognizer(language)
        results = own.analyze(plain.text, own.supported_entities, artifacts)
        results = own.enhance_using_context(plain.text, results, [], artifacts)
        found = [
            Finding(*plain.span(r.start, r.end), r.entity_type, r.score, "")
            for r in results
            if r.score >= THRESHOLD
        ]
        return [text[f.start : f.end] for f in resolve(text, found, policy)]

    return values
