"""What stands in the place of a value: by parameter, and for a whole conversation."""

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.detect import find_simple
from pipelines.mask.labels import PLACEHOLDER, Finding
from pipelines.mask.policy import Policy
from pipelines.mask.replacement import Replacement

TALK = [
    ("customer", "我叫张建国,生日1990年3月5日,电话13812345678"),
    ("agent", "张先生您好,13812345678对吗?"),
    ("customer", "Sarah Miller, born 5 Mar 1990"),
]
VALUES = {
    "PERSON": ("张建国", "张先生", "Sarah Miller"),
    "PHONE": ("13812345678",),
    "BIRTH_DATE": ("1990年3月5日", "5 Mar 1990"),
}
KNOWN = {
    text: [
        Finding(text.index(value), text.index(value) + len(value), type_, 1.0, "")
        for type_, values in VALUES.items()
        for value in values
        if value in text
    ]
    for _, text in TALK
}


def masked(scope="customer", **chosen):
    return mask_conversation(TALK, KNOWN, Policy(), Replacement(key=b"k" * 32, **chosen), scope)


def test_placeholders_by_default(params):
    assert Replacement.from_params(params.mask) == Replacement()
    assert masked().texts[0] == "我叫<姓名1>,生日<出生日期1>,电话<手机号1>"


def test_surrogates_leave_natural_text_and_nothing_of_before():
    result = masked(surrogates=True)
    text = "\n".join(result.texts)
    assert not PLACEHOLDER.search(text) and not find_simple(text, Policy(surrogates=True))
    assert not [value for values in VALUES.values() for value in values if value in text]
    phone = result.replacements[0][-1] if result.replacements[0][-1].isdigit() else result.replacements[0][2]
    assert phone in result.texts[0] and phone in result.texts[1]
    assert result.texts[1].endswith("对吗?") and "先生您好" in result.texts[1]


@pytest.mark.parametrize("surrogates", [False, True])
def test_dates_shift_in_both_modes_by_the_days_of_the_customer(surrogates):
    first, last = (masked(surrogates=surrogates, shift_dates=True).texts[i] for i in (0, 2))
    assert "1990年3月5日" not in first and "年" in first and "5 Mar 1990" not in last
    assert (
        masked(surrogates=surrogates, shift_dates=True).texts
        == masked(surrogates=surrogates, shift_dates=True).texts
    )
    other = masked(scope="another", surrogates=surrogates, shift_dates=True).texts[0]
    assert other != first
    assert bool(PLACEHOLDER.search(first)) != surrogates


def test_a_birth_date_that_cannot_be_read_is_masked_like_anything_else():
    text = "生日正月初五"
    known = {text: [Finding(2, 6, "BIRTH_DATE", 1.0, "")]}
    result = mask_conversation(
        [("customer", text)], known, Policy(), Replacement(shift_dates=True, key=b"k" * 32), "c"
    )
    assert result.texts == ["生日<出生日期1>"]


def test_the_key_is_that_of_the_references_and_only_asked_for_when_needed(params, monkeypatch):
    keyed = params.mask.model_copy(update={"replace": "surrogates"})
    assert len(Replacement.from_params(keyed).key) == 32
    monkeypatch.delenv("KEFU_REF_KEY")
    monkeypatch.setenv("KEFU_HOME", "/nonexistent")
    assert Replacement.from_params(params.mask).key == b""
    with pytest.raises(Exception, match="KEFU_REF_KEY is not set"):
        Replacement.from_params(keyed)


def test_replacements_stand_beside_their_findings():
    result = masked()
    assert (
        [len(found) for found in result.findings] == [len(made) for made in result.replacements] == [3, 2, 2]
    )
