import re
from ipaddress import ip_address, ip_network
from random import Random

import pytest

from pipelines.mask.surrogates import handles

DOCUMENTATION = [
    ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("zhang.wei88@qq.com", r"[a-z]{5}\.[a-z]{3}\d\d@example\.(com|net|org)"),
        ("123456@qq.com", r"\d{6}@example\.(com|net|org)"),
        ("bob@mail.shop.co.uk", r"[a-z]{3}@example\.(com|net|org)"),
        ("abc@qq", r"[a-z]{3}@example"),
        ("bob at gmail dot com", r"[a-z]{3} at example dot (com|net|org)"),
        ("bob艾特qq点com", r"[a-z]{3}艾特example点(com|net|org)"),
        ("BOB#qq.com", r"[A-Z]{3}#example\.(com|net|org)"),
        ("bob ＠ qq.com", r"[a-z]{3} ＠ example\.(com|net|org)"),
    ],
)
def test_an_address_is_at_a_domain_for_examples_and_typed_as_before(value, form):
    for seed in range(20):
        assert re.fullmatch(form, handles.email(value, Random(seed)))


@pytest.mark.parametrize(
    "value",
    [
        "10.0.0.1",
        "8.8.8.8",
        "fe80::1",
        "::1",
        "fe80::1ff:fe23:4567:890a",
        "2001:0db8:85a3:0:0:8a2e:0370:7334",
        "FE80:1::2",
    ],
)
def test_an_ip_is_of_a_range_for_documentation(value):
    for seed in range(20):
        found = ip_address(handles.ip(value, Random(seed)))
        assert any(found in net for net in DOCUMENTATION if net.version == found.version)
        assert found.version == ip_address(value).version


@pytest.mark.parametrize("value", ["wx_lily2023", "Abc@1234", "momo-88", "小明88"])
def test_a_handle_keeps_its_shape(value):
    new = handles.handle(value, Random(3))
    assert len(new) == len(value)
    for old, char in zip(value, new, strict=True):
        assert (old.isdigit(), old.isupper(), old.islower()) == (
            char.isdigit(),
            char.isupper(),
            char.islower(),
        )
        assert char == old if not old.isalnum() else True
