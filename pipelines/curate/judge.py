"""What becomes of a turn: kept, corrected from the FAQ, a hand-over, or dropped, each with its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pipelines.curate.match import Match, Matcher
from pipelines.curate.review import key
from pipelines.curate.rules import SAME_QUESTION, Case, fault, question_fault
from pipelines.curate.turns import Turn
from pipelines.knowledge import Brand, FaqEntry, Taxonomy, facts_found
from pipelines.knowledge.reviews import DROP
from pipelines.knowledge.taxonomy import OUT_OF_SCOPE
from pipelines.params.sections import Curate

OWN_WORDING = 0.98  # similarity at which a question is one of the FAQ, whatever phrases stand in it
MIN_OUTSIDE_CHARS = 6  # a shorter message is a remark in passing


@dataclass(frozen=True)
class Verdict:
    """`answer` is what is taught: the agent's own, the FAQ's, or the brand's fallback; "" if dropped."""

    kind: Literal["kept", "corrected", "handed_over", "dropped"]
    code: str  # reason code; "" for a reply that is kept
    answer: str = ""
    intent: str = ""
    confidence: float = 0.0
    key_facts: tuple[tuple[str, ...], ...] = ()
    candidates: tuple[tuple[str, float], ...] | None = None  # likely intents, where a person should decide


@dataclass(frozen=True)
class House:
    """What the judge goes by."""

    brand: Brand
    taxonomy: Taxonomy
    matcher: Matcher
    limits: Curate
    decisions: Mapping[tuple[str, str], str] = field(default_factory=dict)  # what a steward decided


def judge_all(turns: list[Turn], house: House) -> list[Verdict]:
    matches = house.matcher.match([t.question for t in turns], [t.language for t in turns])
    return [_with_doubt(judge(t, m, house), t, m, house) for t, m in zip(turns, matches, strict=True)]


def judge(turn: Turn, match: Match | None, house: House) -> Verdict:
    if code := question_fault(turn.question, house.limits):
        return Verdict("dropped", code)
    decided = house.decisions.get(key(turn.question, turn.language))
    if decided == DROP:
        return Verdict("dropped", "reviewed_out")
    match = None if _foreign(turn, house) and not decided else match
    intent, confidence = (decided, 1.0) if decided else intent_of(turn, match, house)
    same = match if match and _is_entry(turn, match, decided, house) else None
    if code := _hand_over(turn, same, intent, house):
        fallback = house.brand.fallback_reply.of(turn.language)
        intent = OUT_OF_SCOPE if code == "out_of_scope" else intent
        return Verdict("handed_over", code, fallback, intent or OUT_OF_SCOPE, confidence or 1.0)
    if not intent:
        return Verdict("dropped", "no_intent")
    if confidence < house.limits.review_confidence and not _settled(turn, match, house):
        return Verdict("dropped", "unsure_intent", confidence=confidence)
    code = fault(Case(turn, same, house.brand, house.limits))
    if code is None and house.brand.hands_over(turn.reply) and same:
        code = "no_answer"
    if code is None:
        facts = _facts(turn.reply, same.entry) if same else ()
        return Verdict("kept", "", turn.reply.strip(), intent, confidence, facts)
    if same is None:
        return Verdict("dropped", code)
    entry = same.entry
    return Verdict("corrected", f"corrected_{code}", entry.answer, intent, confidence, _tuples(entry))


def _foreign(turn: Turn, house: House) -> bool:
    """Does the log name an intent that is not of this company?"""
    return bool(turn.intent) and turn.intent not in house.taxonomy.names


def _is_entry(turn: Turn, match: Match, decided: str | None, house: House) -> bool:
    """Is the question that of the matched FAQ entry? Not if steward or order status say otherwise."""
    entry = match.entry
    if match.similarity < house.limits.correct_similarity or (decided and decided != entry.intent):
        return False
    if match.similarity < SAME_QUESTION and match.intent != entry.intent and not decided:
        return False  # a few words alike, and the whole of it asks something else
    status = entry.context.get("order_status")
    return not status or not turn.order_status or status == turn.order_status


def _with_doubt(verdict: Verdict, turn: Turn, match: Match | None, house: House) -> Verdict:
    """`verdict`, with the likely intents where a person should say which one it is."""
    sure = verdict.confidence >= house.limits.review_confidence and verdict.code != "out_of_scope"
    if sure or _settled(turn, match, house) or question_fault(turn.question, house.limits):
        return verdict
    return replace(verdict, candidates=match.likely if match else ())


def _settled(turn: Turn, match: Match | None, house: House) -> bool:
    """Does the log, the steward, a wording of the FAQ or a phrase of the brand say what is asked?"""
    return bool(
        turn.intent
        or key(turn.question, turn.language) in house.decisions
        or (match and match.similarity >= house.limits.correct_similarity)
        or house.brand.hand_over_code(turn.question)
    )


def intent_of(turn: Turn, match: Match | None, house: House) -> tuple[str, float]:
    """(intent, confidence): that of an FAQ entry with this very question, else the log's, else the likeliest.

    A log names one intent for a conversation, in which a customer may ask several things. An intent that
    the taxonomy lacks is kept as `log/<intent>`. ("", 0) where nothing is likely enough.
    """
    if match and match.similarity >= house.limits.correct_similarity:
        return match.entry.intent, match.similarity
    if turn.intent:
        return (turn.intent if turn.intent in house.taxonomy.names else f"log/{turn.intent}"), 1.0
    likely = match and match.confidence >= house.limits.min_intent_confidence
    if match and likely and match.intent != OUT_OF_SCOPE:
        return match.intent, match.confidence
    return "", 0.0


def _hand_over(turn: Turn, same: Match | None, intent: str, house: House) -> str | None:
    """The code under which the right reply hands over to a person, None if it does not."""
    if same and same.similarity >= OWN_WORDING:
        return None
    if code := house.brand.hand_over_code(turn.question):
        return code
    if intent == OUT_OF_SCOPE:
        return "out_of_scope"
    surely = same and same.similarity >= SAME_QUESTION
    if house.brand.hands_over(turn.reply) and not surely:
        return "agent_handed_over"
    return "out_of_scope" if not intent and _outside(turn, house) else None


def _outside(turn: Turn, house: House) -> bool:
    """Is it an opening question on something that the taxonomy does not know, whatever greets before it?"""
    asked = house.taxonomy.without_small_talk(turn.question)
    return turn.index == 0 and len(asked) >= MIN_OUTSIDE_CHARS and not house.taxonomy.names_business(asked)


def _facts(answer: str, entry: FaqEntry) -> tuple[tuple[str, ...], ...]:
    """The entry's key facts if `answer` states all of them, else none."""
    return _tuples(entry) if facts_found(answer, entry.key_facts) == len(entry.key_facts) else ()


def _tuples(entry: FaqEntry) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, entry.key_facts))
