import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mask.surrogates.addresses import address, city_of
from pipelines.sample.people import Person

_H = r"[一-鿿]"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (
            "浙江省杭州市西湖区文三路477号3幢502室",
            rf"{_H}+(省|自治区){_H}+市{_H}+区{_H}{{2}}路\d{{3}}号\d幢\d{{3}}室",
        ),
        ("杭州西湖区文三路477号", rf"{_H}+区{_H}{{2}}路\d{{3}}号"),
        ("翠苑小区十二幢二单元502", rf"{_H}{{2}}小区十{_H}幢{_H}单元\d{{3}}"),
        (
            "金华市义乌市稠城街道丹溪路12号A座东区",
            rf"{_H}+市{_H}+区{_H}{{2}}街道{_H}{{2}}路\d\d号[A-Z]座[南西北]区",
        ),
        ("建国路88号院5号楼1201", rf"{_H}{{2}}路\d\d号院\d号楼\d{{4}}"),
        ("王家村3组", rf"{_H}{{2}}村\d组"),
        (
            "1204 Main Street, Apt 4B, Springfield, IL 62704",
            r"\d{4} \w+ Street, Apt \d[A-Z], \w+, [A-Z]{2} \d{5}",
        ),
        ("12 rose ln leeds", r"\d\d [a-z]+ ln [a-z]+"),
        ("10 Downing Street, London SW1A 2AA", r"\d\d \w+ Street, \w+ [A-Z]{2}\d[A-Z] \d[A-Z]{2}"),
        ("P.O. Box 123", r"P\.O\. Box \d{3}"),
        ("350 W 42nd St", r"\d{3} W \d{1,2}(st|nd|rd|th) St"),
    ],
)
def test_every_part_has_its_counterpart(value, form):
    for seed in range(20):
        new = address(value, Random(seed), Random(seed))
        assert re.fullmatch(form, new), new


@settings(max_examples=60, deadline=None)
@given(st.builds(Person, st.just(3), st.integers(0, 5000), st.just("zh")), st.integers(0, 9))
def test_no_name_of_the_address_is_left(person, seed):
    for value in (person.fixed["address"], person.fixed["address2"]):
        new = address(value, Random(seed), Random(seed))
        for name in re.findall(rf"({_H}{{2,}}?(?:省|市|区|县|路|街|巷|小区|花园|公寓|大厦))", value):
            assert name not in new
        old_numbers, numbers = (re.findall(r"\d+", text) for text in (value, new))
        assert list(map(len, numbers)) == list(map(len, old_numbers))


def test_two_addresses_of_one_city_stay_in_one_city():
    first, second = "杭州市西湖区文三路1号", "杭州市余杭区天目山路2号"
    assert city_of(first) == city_of("浙江省杭州市") == city_of(second) == "杭州市"
    new = [address(value, Random(at), Random(5)) for at, value in enumerate((first, second))]
    assert new[0].split("市")[0] == new[1].split("市")[0] and new[0] != new[1]
