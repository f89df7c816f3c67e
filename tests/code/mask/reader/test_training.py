"""The texts that the reader is trained on, and how they are varied."""

from random import Random

import pytest

from bench.pii_sets import unmark
from bench.reader.called import TITLES, called
from bench.reader.encode import UNITS, batches, encode
from bench.reader.examples import NOTHING, Example, joined, of_sets, of_written
from bench.reader.vary import Varied
from pipelines.mask.english import EnglishNer
from pipelines.mask.labels import LABELS
from pipelines.mask.lac import Lac
from pipelines.mask.reader.net import TYPES


def example(marked):
    text, spans = unmark(marked)
    return Example(text, tuple(spans))


MARKED = [
    example("我叫[[PERSON:王芳]],电话[[PHONE:13800138000]]"),
    example("[[PERSON:卜医生]]在吗,[[PERSON:老车]]呢"),
    example("it is [[PERSON:Mr Tobenna de Wit]], ref [[ORDER_NUMBER:EH240311]]"),
    example("[[ADDRESS:14 Chapel Steps]] and dob [[BIRTH_DATE:03/22/88]]"),
    example("商品编码100038004353有货吗"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_written_turns_are_marked_with_types_that_exist(language):
    written = of_written(language)
    assert len(written) > 100 and not any("[[" in one.text or "]]" in one.text for one in written)
    assert {kind for one in written for _, _, kind in one.spans} <= {*LABELS, NOTHING}


def test_a_set_is_left_out():
    assert len(of_sets("zh", ["zh.dev5"])) < len(of_sets("zh"))


def test_variants_keep_the_types_in_their_order_and_hold_every_value():
    vary = Varied(MARKED, 1)
    for one in MARKED * 40:
        varied = vary(one)
        assert [kind for _, _, kind in varied.spans] == [kind for _, _, kind in one.spans]
        last = 0
        for start, end, _ in varied.spans:
            assert last <= start < end <= len(varied.text)
            last = end


def test_the_same_seed_gives_the_same_variants():
    first, second = Varied(MARKED, 5), Varied(MARKED, 5)
    drawn = [first(one) for one in MARKED * 5]
    assert drawn == [second(one) for one in MARKED * 5]
    assert len(set(drawn)) > len(MARKED)


def test_titles_stay_and_names_change():
    vary = Varied(MARKED, 2)
    values = {
        varied.text[s:e] for varied in (vary(MARKED[1]) for _ in range(60)) for s, e, _ in varied.spans[:1]
    }
    assert len(values) > 10 and all(value.endswith(TITLES) for value in values)
    assert 5 < sum(value.endswith("医生") for value in values) < len(values)


def test_some_names_become_what_nobody_is_registered_by():
    drawn = {called(lambda: "婷", Random(seed)) for seed in range(200)}
    assert {"婷婷", "小婷", "阿婷", "婷子"} <= drawn and len(drawn) > 50


def test_units_bear_the_tag_of_their_value():
    [one] = encode([MARKED[2]], EnglishNer())
    begins = 1 + 2 * TYPES.index("PERSON")
    assert one.tags == [0, 0, begins, *[begins + 1] * 3, 0, 0, 1 + 2 * TYPES.index("ORDER_NUMBER")]
    assert len(one.rows) == len(one.tags) and one.states is None


def test_batches_are_bounded_and_lose_nothing():
    encoded = encode(MARKED[2:4] * 60, EnglishNer())
    groups = batches(encoded, Random(0))
    assert sum(map(len, groups)) == len(encoded)
    assert all(len(group) * max(len(one.rows) for one in group) <= UNITS for group in groups)


def test_two_texts_become_one_with_all_their_values():
    both = joined(MARKED[0], "。", MARKED[3])
    assert [both.text[start:end] for start, end, _ in both.spans] == [
        "王芳",
        "13800138000",
        "14 Chapel Steps",
        "03/22/88",
    ]


def test_a_name_that_is_written_by_sound_mostly_stays_one():
    vary, one = Varied(MARKED, 4), example("[[PERSON:热依扎·阿里木江]]")
    values = [varied.text for varied in (vary(one) for _ in range(60))]
    assert sum("·" in value for value in values) > 30 and len(set(values)) > 30


@pytest.mark.parametrize(
    "one",
    [
        Example("does Ninja sell lids", ((5, 10, NOTHING),)),
        Example("那孙尚香的皮肤呢", ((1, 4, NOTHING),)),
        example("flights to Malaga"),
        example("张小泉的刀快吗"),
    ],
)
def test_what_is_nobodys_is_changed_and_has_no_tag(one):
    vary = Varied([*MARKED, one], 6)
    texts = [vary(one) for _ in range(60)]
    assert len({text.text for text in texts}) > 15
    nlp = Lac() if "刀" in one.text or "皮" in one.text else EnglishNer()
    assert not any(tag for encoded in encode(texts, nlp) for tag in encoded.tags)
