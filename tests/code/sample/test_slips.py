"""Slips change ordinary text and never a value."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sample import slips
from pipelines.sample.script import Segment, render

SEEDS = st.integers(0, 2**32)
ZH = [Segment("请问我的退款什么时候能到账呢"), Segment("13812345678", "PHONE"), Segment("保温杯", fixed=True)]
EN = [Segment("please tell me when the delivery arrives"), Segment("Ann Lee", "PERSON"), Segment(" thanks")]


@pytest.mark.parametrize(("language", "segments"), [("zh", ZH), ("en", EN)])
@given(seed=SEEDS)
def test_typos_leave_values_whole(language, segments, seed):
    typed = slips.typos(Random(seed), segments, language)
    assert [s for s in typed if s.label or s.fixed] == [s for s in segments if s.label or s.fixed]


@pytest.mark.parametrize(("language", "segments"), [("zh", ZH), ("en", EN)])
def test_typos_do_change_the_text(language, segments):
    changed = [
        render(slips.typos(Random(n), segments, language))[0] != render(segments)[0] for n in range(50)
    ]
    assert sum(changed) > 40


def test_homophones_sound_alike():
    assert "时" in slips.homophones()["是"]
    assert all(c not in others for c, others in slips.homophones().items())


@given(st.text("0123456789-电话 "))
def test_full_width_keeps_length(text):
    [wide] = slips.full_width([Segment(text, "PHONE")])
    assert len(wide.text) == len(text)
    assert not any(c in wide.text for c in "0123456789")


def test_whole_english_words_are_swapped():
    swapped = slips.swap_words(Random(1), [Segment("thanks for the refundable refund")], "en_words", 1.0)
    assert swapped[0].text == "thx for the refundable refound"


@given(seed=SEEDS)
def test_loose_end_touches_the_end_alone(seed):
    [typed] = slips.loose_end(Random(seed), [Segment("为什么？还没到。")])
    assert typed.text.startswith("为什么？还没到")
