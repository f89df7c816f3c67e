"""What is wrong with a reply: one rule a function, one reason code a rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.curate.language import is_other_language
from pipelines.curate.match import Match
from pipelines.curate.phrases import has_words, only, pattern
from pipelines.curate.quantities import contradicts
from pipelines.curate.turns import Turn
from pipelines.knowledge import Brand, facts_found
from pipelines.mask.labels import PLACEHOLDER
from pipelines.params.sections import Curate

MAX_MESSAGES = 4  # of a customer in one turn; what more of them ask, one answer cannot serve
SAME_QUESTION = 0.7  # similarity to a wording at which a question is surely that of the entry


@dataclass(frozen=True)
class Case:
    """A turn with all that a rule may look at; `match` is the FAQ entry of the same question, if any."""

    turn: Turn
    match: Match | None
    brand: Brand
    limits: Curate

    @property
    def reply(self) -> str:
        return self.turn.reply.strip()


def no_answer(case: Case) -> bool:
    """No reply, or one that only asks to wait or asks back."""
    return not case.reply or (has_words(case.reply) and only(case.reply, "holds", "greetings"))


def placeholder_only(case: Case) -> bool:
    """Nothing is left beside masked personal data."""
    return bool(case.reply) and not has_words(case.reply)


def greets_only(case: Case) -> bool:
    return has_words(case.reply) and only(case.reply, "greetings")


def too_short(case: Case) -> bool:
    return 0 < len(case.reply) < case.limits.min_answer_chars


def too_long(case: Case) -> bool:
    return len(case.reply) > case.limits.max_answer_chars


def insult(case: Case) -> bool:
    return pattern("insults").search(case.reply) is not None


def off_platform_contact(case: Case) -> bool:
    """Invites the customer to another channel, where nobody sees what is agreed."""
    return pattern("off_platform").search(case.reply) is not None


def forbidden_word(case: Case) -> bool:
    """A word of brand.yaml's list."""
    return bool(case.brand.forbidden(case.reply))


def wrong_language(case: Case) -> bool:
    return is_other_language(case.reply, case.turn.language)


def unfinished(case: Case) -> bool:
    """Breaks off: ends with a comma, or with a word after which something must come."""
    return pattern("unfinished").search(re.sub(r"(?:…|\.{2,}|[~～\s])+$", "", case.reply)) is not None


def contradicts_policy(case: Case) -> bool:
    """Gives another number, time or amount than the FAQ entry of the same question."""
    if case.match is None:
        return False
    entry = case.match.entry
    truth = " ; ".join([entry.answer, *(form for forms in entry.key_facts for form in forms)])
    return contradicts(case.reply, truth)


def misses_facts(case: Case) -> bool:
    """Answers the FAQ's own question and states none of its key facts."""
    if case.match is None or case.match.similarity < SAME_QUESTION:
        return False
    return not facts_found(case.reply, case.match.entry.key_facts)


def personal_detail(case: Case) -> bool:
    """Names masked personal data that the customer did not just give: a model would make it up."""
    given = set(PLACEHOLDER.findall(case.turn.question))
    return any(placeholder not in given for placeholder in PLACEHOLDER.findall(case.reply))


def low_satisfaction(case: Case) -> bool:
    """The customer rated the conversation lower than `curate.min_satisfaction`."""
    rating = case.turn.satisfaction
    return rating is not None and rating < case.limits.min_satisfaction


Rule = Callable[[Case], bool]
RULES: tuple[Rule, ...] = (  # the first that holds gives the reason code: its name
    placeholder_only,
    greets_only,
    no_answer,
    insult,
    off_platform_contact,
    forbidden_word,
    unfinished,
    too_short,
    too_long,
    wrong_language,
    contradicts_policy,
    personal_detail,
    misses_facts,
    low_satisfaction,
)


def fault(case: Case) -> str | None:
    """The reason code of the first rule that the reply breaks, None for a good reply."""
    return next((rule.__name__ for rule in RULES if rule(case)), None)


def question_fault(question: str, limits: Curate) -> str | None:
    """Why nothing can be learned from answering this: too_short, placeholder_only, no_question or
    many_messages."""
    masked = PLACEHOLDER.search(question) is not None
    if not has_words(question) or (masked and only(question, "details")):
        return "placeholder_only" if masked else "too_short"
    if len(question.strip()) < limits.min_question_chars:
        return "too_short"
    if only(question, "acknowledgements", "greetings"):
        return "no_question"
    return "many_messages" if question.count("\n") >= MAX_MESSAGES else None
