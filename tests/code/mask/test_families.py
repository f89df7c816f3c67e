"""What a conversation calls a person whom it has named in full."""

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.labels import Finding


def then(name, text):
    """`text` masked, in a talk that shows `name` and nothing else."""
    known = {name: [Finding(0, len(name), "PERSON", 0.8, "x")]}
    return mask_conversation([("customer", name), ("agent", text)], known).texts[1]


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("暴玉珍", "喊她暴奶奶", "喊她<姓名2>"),
        ("暴玉珍", "姓暴的那位", "姓<姓名2>的那位"),
        ("暴玉珍", "玉珍您好,珍姐在吗", "<姓名2>您好,<姓名3>在吗"),
        ("邝先生", "老邝说的", "<姓名2>说的"),
        ("欧阳晓婷", "欧阳老师,小婷在", "<姓名2>,<姓名3>在"),
        ("和建军", "和太太一起,叫和师傅来", "和太太一起,叫<姓名2>来"),
    ],
)
def test_another_name_of_the_same_person_is_masked(name, text, masked):
    assert then(name, text) == masked


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("李明", "明天到"),
        ("王安全", "安全的"),
        ("高小时", "提高高温,小时工"),
        ("李小米", "小米手机"),
        ("kevin", "kevlar"),
        ("洪", "洪水"),
    ],
)
def test_what_may_be_a_word_stays(name, text):
    assert then(name, text) == text
