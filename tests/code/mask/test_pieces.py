"""Values given in pieces over several turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.dialogue.pieces import Turn, in_pieces


def _found(turns: list[str]) -> list[tuple[str, str]]:
    """(piece, type) of turns written `C:text` or `A:text`, in order."""
    roles = {"A": "agent", "C": "customer"}
    talk = [Turn(roles[turn[0]], turn[2:]) for turn in turns]
    spans = sorted((index, span) for index, found in in_pieces(talk).items() for span in found)
    return [(talk[index].text[start:end], kind) for index, (start, end, kind) in spans]


IN_PIECES = [
    ("PHONE", ["C:我的号是幺三三六七八零", "A:嗯您继续", "C:零二幺五"], ["幺三三六七八零", "零二幺五"]),
    ("PHONE", ["C:号码是139", "A:嗯", "C:2208", "A:嗯嗯", "C:6591"], ["139", "2208", "6591"]),
    ("PHONE", ["C:应该是1596832", "C:4407,刚才不小心点了发送"], ["1596832", "4407"]),
    ("PHONE", ["C:前面是150 中间7788 最后6420"], ["150", "7788", "6420"]),
    ("PHONE", ["C:手机号1368890,哎手滑了,1127"], ["1368890", "1127"]),
    ("PHONE", ["C:座机0571", "C:87654321"], ["0571", "87654321"]),
    ("ID_CARD", ["C:身份证号是430624", "A:您继续", "C:19820916", "A:后四位呢", "C:331x"], None),
    ("ID_CARD", ["A:身份证报一下", "C:511", "C:025", "C:1985", "C:0623", "C:447X"], None),
    ("BANK_CARD", ["C:卡号622848", "C:等一下", "C:0402564890018"], ["622848", "0402564890018"]),
    ("QQ", ["C:扣扣8873", "C:20154"], ["8873", "20154"]),
    ("TRACKING_NUMBER", ["C:快递单号SF1380", "C:224419087"], ["SF1380", "224419087"]),
    ("BANK_CARD", ["C:my card number is 4111 1111", "C:1111 1111"], ["4111 1111", "1111 1111"]),
    ("SSN", ["C:my ssn is 123", "A:go on", "C:and then 45 6789 please"], ["123", "45 6789"]),
    ("EMAIL", ["C:my email is john.smith", "C:@gmail.com"], ["john.smith", "@gmail.com"]),
    ("EMAIL", ["C:jiangnan.yu", "C:@foxmail.com"], ["jiangnan.yu", "@foxmail.com"]),
    ("EMAIL", ["A:邮箱多少", "C:cuihua1990@", "C:qq.com"], ["cuihua1990@", "qq.com"]),
    ("EMAIL", ["A:邮箱多少", "C:cuihua1990", "C:qq的"], ["cuihua1990", "qq"]),
    ("EMAIL", ["C:邮箱是cuihua", "C:网易163邮箱"], ["cuihua", "网易163"]),
    ("EMAIL", ["C:cuihua1990@163", "C:点com"], ["cuihua1990@163", "点com"]),
    ("EMAIL", ["C:cuihua1990艾特qq.", "C:com"], ["cuihua1990艾特qq.", "com"]),
]


@pytest.mark.parametrize(("kind", "turns", "expected"), IN_PIECES)
def test_every_piece_is_found(kind: str, turns: list[str], expected: list[str] | None) -> None:
    found = _found(turns)
    assert {label for _, label in found} == {kind}
    if expected is None:
        assert len(found) == sum(turn.startswith("C:") for turn in turns)
    else:
        assert [piece for piece, _ in found] == expected


@pytest.mark.parametrize(
    "turns",
    [
        ["C:买了3件,一共299", "A:好的", "C:2件退了"],
        ["C:100", "C:200", "C:一共300"],
        ["C:鞋码42", "C:43也行"],
        ["A:订单号后四位", "C:8891", "A:手机尾号呢", "C:3345"],
        ["C:13800138000", "C:6217001822168875201"],
        ["C:收到验证码4471", "C:想问下几点关门"],
        ["C:身高175", "C:体重130", "C:穿什么码"],
        ["A:phone and order number?", "C:555 0132", "C:48213"],
        ["C:my phone number is 98765", "C:10 people came"],
        ["C:my order number is 48213", "A:thanks. how much did you pay?", "C:1299"],
        ["C:thanks a lot", "C:@support please help"],
        ["C:加我vx lin2088", "C:qq的"],
        ["C:lin2088@163", "C:com口坏了"],
    ],
)
def test_numbers_beside_each_other_are_no_pieces(turns: list[str]) -> None:
    assert _found(turns) == []


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.integers(2, 9), st.booleans())
def test_a_mobile_number_cut_anywhere_is_found(number: str, cut: int, prompted: bool) -> None:
    between = ["A:嗯您继续"] if prompted else []
    found = _found([f"C:我电话{number[:cut]}", *between, f"C:{number[cut:]}"])
    assert found == [(number[:cut], "PHONE"), (number[cut:], "PHONE")]
