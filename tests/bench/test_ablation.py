"""What each variant of the ablation changes, and that nothing of it is left behind."""

import json
from pathlib import Path

import pytest

from bench.ablation import FULL, VARIANTS, absolute, changed, no_curation, table
from pipelines.curate import conversation, stage
from pipelines.curate.judge import House
from pipelines.curate.match import Matcher
from pipelines.curate.turns import Turn
from pipelines.knowledge import load_brand, load_faq, load_taxonomy

KNOWLEDGE = Path("data/knowledge")


@pytest.fixture
def house(own_home, params):
    brand = load_brand(KNOWLEDGE)
    return House(brand, load_taxonomy(KNOWLEDGE), Matcher(load_faq(KNOWLEDGE), brand), params.curate)


def test_without_curation_a_bad_reply_is_taught_and_remembered_apart(house):
    insult = Turn("c", 0, "怎么退货", "你是白痴吗，自己看", "zh")
    with_judge, own = conversation.judge_all([insult], house), stage.memo_of(KNOWLEDGE, house).folder
    with no_curation():
        [taught] = conversation.judge_all([insult], house)
        assert (taught.kind, taught.answer) == ("kept", insult.reply)
        assert stage.memo_of(KNOWLEDGE, house).folder != own
    assert with_judge[0].answer != insult.reply
    assert conversation.judge_all([insult], house) == with_judge
    assert stage.memo_of(KNOWLEDGE, house).folder == own


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if variant.change])
def test_a_changed_parameter_is_another_than_before(params, name):
    for section, parameter, value in VARIANTS[name].change:
        assert getattr(getattr(params, section), parameter) != value
        assert getattr(getattr(changed(params, VARIANTS[name].change), section), parameter) == value


def test_the_table_takes_seeds_that_both_have(tmp_path):
    for name, seed, right in ((FULL, 0, "ab"), (FULL, 1, "a"), ("half", 0, "b")):
        answers = {question: question in right for question in "abcd"}
        told = {"right": answers, "rows_out": 2400, "seconds": 1.0, "steps": 7}
        (tmp_path / f"{name}.{seed}.json").write_text(json.dumps(told))
    full, half = (line.split(" | ") for line in table(tmp_path, VARIANTS).splitlines()[2:])
    assert full[1:5] == ["2", "2,400", "7", "37.5%"]
    assert half[1:5] == ["1", "2,400", "7", "25.0%"] and half[6] == "-25.0%"


def test_sources_are_found_from_a_variants_folder(params):
    assert all(Path(source.path).is_absolute() for source in absolute(params).sources)
