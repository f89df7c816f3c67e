"""The promises, over every type that the sample generator knows and over any text at all."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mask.detect import find_simple
from pipelines.mask.labels import LABELS, PLACEHOLDER
from pipelines.mask.normalise import value_key
from pipelines.mask.surrogates import NO_LEAKS, Surrogates
from pipelines.mask.surrogates.draw import Draw
from pipelines.sample.people import Person
from pipelines.sample.values import TYPES
from tests.conftest import ROOT

KEY = b"k" * 32
MADE_ANEW = {"ADDRESS", "EMAIL", "IP", "BIRTH_DATE"}  # whose signs or lengths may change
people = st.builds(Person, st.just(7), st.integers(0, 10_000), st.sampled_from(["zh", "en"]))
anything = st.text(
    st.sampled_from("0123456789０abXYZ王小 李明路号省市区@.-+()一二十年月日·*:/'é"), min_size=1, max_size=24
)


def values_of(person):
    """(type, value) of everything personal that a customer may say, without repetitions."""
    found = {(TYPES[slot], value) for slot, value in person.fixed.items() if slot in TYPES}
    return sorted(found)


def surrogates(found, scope="c1", key=KEY):
    replacer = Surrogates(Draw(key, scope), [(type_, value, "") for type_, value in found])
    return [replacer(type_, value, any(char >= "一" for char in value)) for type_, value in found]


def shape(text):
    """The class of each sign."""
    return "".join(
        "9" if c.isdecimal() else "A" if c.isupper() else "a" if c.islower() else "字" if c >= "㐀" else c
        for c in text
    )


@settings(max_examples=60, deadline=None)
@given(people)
def test_each_value_has_a_surrogate_of_its_form_that_is_nobodys_and_no_one_elses(person):
    found = values_of(person)
    made = surrogates(found)
    own = {value_key(value) for _, value in found}
    assert not own & set(map(value_key, made))
    assert not [new for new in made if PLACEHOLDER.search(new) or find_simple(new, NO_LEAKS)]
    spellings = {}
    for (_, value), new in zip(found, made, strict=True):
        assert spellings.setdefault(value_key(new), value_key(value)) == value_key(value)
    for (type_, value), new in zip(found, made, strict=True):
        if type_ not in MADE_ANEW | {"PERSON", "ID_CARD"}:
            assert len(new) == len(value) and shape(new) == shape(value), type_


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*LABELS, "OWN_TYPE"]), anything), min_size=1, max_size=6))
def test_any_text_is_replaced_whatever_its_type(found):
    found = [(type_ if type_ in LABELS or value_key(value) else "PHONE", value) for type_, value in found]
    found = [(type_, value) for type_, value in found if type_ in LABELS]
    for (_, value), new in zip(found, surrogates(found), strict=True):
        assert new and new != value and not find_simple(new, NO_LEAKS)
        assert PLACEHOLDER.fullmatch(new) or value_key(new) not in {value_key(v) for _, v in found}


@given(people)
@settings(max_examples=10, deadline=None)
def test_the_same_key_and_customer_give_the_same_in_every_conversation(person):
    found = values_of(person)
    assert surrogates(found) == surrogates(found)
    assert surrogates(found) != surrogates(found, scope="c2")
    assert surrogates(found) != surrogates(found, key=b"x" * 32)


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_another_process_with_another_hash_seed_gives_the_same(seed):
    found = values_of(Person(7, 42, "zh")) + values_of(Person(7, 43, "en"))
    script = (
        "import json,sys; from tests.code.mask.surrogates.test_surrogates import surrogates;"
        "print(json.dumps(surrogates(json.load(sys.stdin))))"
    )
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        env=env,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == surrogates(found)


def test_spellings_of_one_number_have_one_surrogate_also_as_a_wechat_id():
    made = surrogates(
        [
            ("PHONE", "13812345678"),
            ("PHONE", "+86 138-1234-5678"),
            ("PHONE", "１３８１２３４５６７８"),
            ("PHONE", "一三八一二三四五六七八"),
            ("WECHAT", "13812345678"),
        ]
    )
    assert made[0] == made[4] and made[1].replace("-", "") == f"+86 {made[0]}"
    assert made[2].translate({0xFF10 + d: str(d) for d in range(10)}) == made[0]
    assert made[3].translate(str.maketrans("零一二三四五六七八九", "0123456789")) == made[0]


def test_where_nothing_is_left_to_draw_the_placeholder_stands():
    codes = [("OTP", f"{number:03d}") for number in range(1000)]
    assert set(surrogates(codes)) <= {f"<OTP_{number}>" for number in range(1, 1001)}
    assert surrogates([("PERSON", "先生")]) == ["<姓名1>"]


def test_a_wechat_id_with_a_sign_in_it_bears_the_mark():
    [made] = surrogates([("WECHAT", "ab_c12")])
    assert find_simple(f"微信:{made}", NO_LEAKS) == [] != find_simple("微信:ab_c12", NO_LEAKS)
