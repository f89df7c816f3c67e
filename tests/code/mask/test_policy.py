"""The policy as a value, and what each of its parts does to a text, recognizers and NER included."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.mask.conversation import mask_conversation
from pipelines.mask.detect import find_simple
from pipelines.mask.labels import LABELS, PLACEHOLDER, Finding, placeholder
from pipelines.mask.normalise import value_key
from pipelines.mask.policy import DENY_LIST, Denied, OwnPattern, Policy
from pipelines.mask.resolve import resolve, without_kept
from pipelines.mask.workers import Workers

MEMBER = OwnPattern("member", "MEMBER", r"(?<![0-9A-Za-z])C1\d{7}(?![0-9A-Za-z])", 0.4, ("会员", "member"))
OWN = Policy(patterns=(MEMBER,), own_labels=(("MEMBER", ("会员号", "MEMBER")),))
DENY = Policy(deny=(Denied("Project Chestnut", "USERNAME"), Denied("栗子仓", "ADDRESS")))


def mask(policy, *texts):
    with Workers(policy, 1, 64) as workers:
        known = workers.find(texts)
    return mask_conversation([("customer", text) for text in texts], known, policy).texts


def test_a_policy_travels_to_another_process_and_stays_the_same():
    policy = Policy(0.4, (("QQ", 0.9),), frozenset({"OTP"}), ("小栗",), DENY.deny, OWN.patterns)
    assert policy.denied and MEMBER.compiled and policy.labels  # what is made from it travels too
    again = pickle.loads(pickle.dumps(policy))
    assert again == policy and hash(again) == hash(policy) and again.key == policy.key


def test_the_key_follows_the_decision_and_not_the_order_of_a_list():
    assert Policy(allow=("a1", "b2")).key == Policy(allow=("b2", "a1")).key
    assert Policy(kept=frozenset({"QQ", "OTP"})).key == Policy().keeping(["OTP", "QQ"]).key
    others = [Policy(0.6), Policy(thresholds=(("QQ", 0.5),)), Policy().keeping(["QQ"]), OWN, DENY]
    others += [Policy(allow=("a1",)), Policy(deny=DENY.deny[:1]), Policy(patterns=OWN.patterns)]
    assert len({policy.key for policy in [Policy(), *others]}) == len(others) + 1


def test_a_type_has_its_own_threshold():
    policy = Policy(0.5, (("QQ", 0.8), ("ZIP", 0.1)))
    sure = [policy.accepts(Finding(0, 1, kind, 0.6, "x")) for kind in ("QQ", "ZIP", "PHONE")]
    assert sure == [False, True, True] and policy.lowest == 0.1
    assert policy.accepts(Finding(0, 1, "QQ", 0.1, DENY_LIST))


def test_thresholds_reach_recognizers_and_dialogue():
    text = "联系电话13800138000,卡6222021234567890123"
    assert mask(Policy(thresholds=(("PHONE", 0.99),)), text) == ["联系电话13800138000,卡<银行卡号1>"]
    talk = [("agent", "What is your name?"), ("customer", "viswa")]
    assert mask_conversation(talk, {}, Policy()).texts[1] == "<NAME_1>"
    assert mask_conversation(talk, {}, Policy(thresholds=(("PERSON", 0.7),))).texts[1] == "viswa"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ask project chestnut now", "ask <USERNAME_1> now"),
        ("PROJECT-CHESTNUT", "<USERNAME_1>"),
        ("ＰｒｏｊｅｃｔＣｈｅｓｔｎｕｔ说", "<用户名1>说"),
        ("myproject chestnut", "myproject chestnut"),
        ("project chestnuts", "project chestnuts"),
        ("货在栗子仓吗", "货在<地址1>吗"),
        ("货在栗 子 仓吗", "货在<地址1>吗"),
        ("栗子在仓库", "栗子在仓库"),
    ],
)
def test_the_deny_list_is_masked_in_any_spelling(text, masked):
    assert mask(DENY, text) == [masked]
    assert (find_simple(text, DENY) == []) == (text == masked)
    assert find_simple(masked, DENY) == []


@given(st.sampled_from(["Project Chestnut", "栗子仓"]), st.text(" -./_", max_size=1), st.data())
def test_signs_between_the_letters_do_not_hide_what_is_denied(value, sign, data):
    place = data.draw(st.integers(1, len(value) - 1))
    spelled = value[:place] + sign + value[place:]
    assert [kind for kind, found in DENY.denied.items() if found.fullmatch(spelled)]
    assert value_key(spelled) == value_key(value)


def test_the_deny_list_outranks_types_that_are_off_and_the_allow_list():
    policy = Policy(kept=frozenset({"ADDRESS", "PERSON"}), allow=("栗子",), deny=DENY.deny)
    assert mask(policy, "货在栗子仓吗") == ["货在<地址1>吗"]
    text = "寄到浙江省杭州市西湖区文三路477号栗子仓3幢502室"
    [masked] = mask(policy, text)
    assert "栗子仓" not in masked and "文三路477号" in masked


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        ("小栗", True),
        ("栗木集客服小栗", True),
        ("Limuji Support Team", True),
        ("Xiaoli from Limuji", True),
        ("XIAOLI", True),
        ("小栗旬", False),
        ("栗木森", False),
        ("小栗先生", False),
        ("Xiaoling Zhao", False),
        ("Wang Xiaoli", False),
        ("客服", False),
    ],
)
def test_an_allowed_name_stays_alone_or_with_its_role(value, stays):
    policy = Policy(allow=("Xiaoli", "小栗", "栗木", "栗木集", "Limuji"))
    assert policy.allows(value, Finding(0, len(value), "PERSON", 0.9, "x")) == stays


@pytest.mark.parametrize(
    "text", ["联系人小栗旬,已到", "My name is Xiaoling Zhao", "my friend is Wang Xiaoli"]
)
def test_customers_with_an_allowed_name_in_theirs_are_masked(text):
    [masked] = mask(Policy(allow=("Xiaoli", "小栗")), text)
    assert masked.count("1>") == 1 and not any(name in masked for name in ("小栗", "Xiaoli"))


def test_an_order_number_that_stays_does_not_fall_to_another_guess():
    text = "订单号2609150042135867对吗"
    assert mask(Policy(), text) == ["订单号<订单号1>对吗"]
    assert mask(Policy().keeping(["ORDER_NUMBER"]), text) == [text]
    order, card = Finding(3, 19, "ORDER_NUMBER", 0.75, "a"), Finding(3, 19, "BANK_CARD", 0.7, "b")
    policy = Policy().keeping(["ORDER_NUMBER"])
    assert without_kept(text, resolve(text, [order, card], policy), [order, card], policy) == []


def test_what_reaches_beyond_a_value_that_stays_is_masked():
    text, policy = "0123456789abcdefghij", Policy().keeping(["ORDER_NUMBER"])
    order, phone = Finding(0, 10, "ORDER_NUMBER", 0.9, "a"), Finding(8, 14, "PHONE", 0.9, "b")
    found = [order, phone]
    assert without_kept(text, resolve(text, found, policy), found, policy) == [phone]


def test_a_phone_number_in_an_address_that_stays_is_masked():
    text, policy = "0123456789abcdefghij", Policy().keeping(["ADDRESS"])
    found = [Finding(0, 20, "ADDRESS", 0.9, "a"), Finding(4, 10, "PHONE", 0.6, "b")]
    assert without_kept(text, resolve(text, found, policy), found, policy) == [found[1]]


KINDS = ["PHONE", "ADDRESS", "ORDER_NUMBER", "QQ"]
FINDINGS = st.lists(
    st.builds(
        lambda start, length, kind, source: Finding(start, min(start + length, 20), kind, 0.8, source),
        st.integers(0, 19),
        st.integers(1, 10),
        st.sampled_from(KINDS),
        st.sampled_from(["x", DENY_LIST]),
    ),
    max_size=7,
)


@given(FINDINGS, st.sets(st.sampled_from(KINDS)))
def test_switching_types_off_leaves_only_what_they_cover(findings, off):
    text, policy = "0123456789abcdefghij", Policy(kept=frozenset(off))
    masked = without_kept(text, resolve(text, findings, policy), findings, policy)
    covered = {i for f in masked for i in range(f.start, f.end)}
    stay = {i for f in findings if policy.keeps(f) for i in range(f.start, f.end)}
    assert {i for f in findings for i in range(f.start, f.end)} - stay <= covered
    assert {i for f in findings if f.source == DENY_LIST for i in range(f.start, f.end)} <= covered
    assert not any(policy.keeps(f) for f in masked)


def test_own_types_bear_their_own_placeholder_in_both_languages():
    assert mask(OWN, "会员号C10002345,电话13800138000") == ["会员号<会员号1>,电话<手机号1>"]
    assert mask(OWN, "member C10002345", "Member c10002345") == ["member <MEMBER_1>", "Member <MEMBER_1>"]
    assert "MEMBER" not in LABELS


def test_a_near_word_raises_an_own_pattern_and_its_distance_counts():
    found = MEMBER.find("会员C10002345 和另外一个很远很远很远的号码C10002346", 1)
    assert [(round(score, 2), word) for *_, score, word in found] == [(0.75, "会员"), (0.4, "")]
    narrow = OwnPattern("n", "QQ", r"\d{4}", 0.5, ("vip",))
    assert [word for *_, word in narrow.find("vip 1234, vips 5678 and nothing near", 1)] == ["vip", "vip"]
    assert [word for *_, word in narrow.find("vips 1234", 1)] == [""]


def test_later_stages_know_the_placeholders_of_own_types():
    for chinese in (True, False):
        assert PLACEHOLDER.fullmatch(placeholder("MEMBER", 12, chinese, OWN.labels))
    first, other, phone = (
        normalise(f"会员{value}查积分") for value in ("<会员号1>", "<会员号27>", "<手机号1>")
    )
    assert first == other != phone


def test_before_masking_only_known_placeholders_count():
    assert OWN.placeholder.fullmatch("<会员号3>") and OWN.placeholder.fullmatch("<MEMBER_3>")
    assert not Policy().placeholder.search("<会员号3> <张三1> <JOHN_1> <手机号13800138000>")
    assert mask(OWN, "收件人<手机号13800138000>") == ["收件人<手机号<手机号1>>"]
    once = mask(OWN, "会员号C10002345")
    assert mask(OWN, *once) == once


def test_types_that_are_off_and_the_allow_list_are_no_leak():
    text = "电话13800138000,邮箱a.b@example.com"
    assert find_simple(text) == ["EMAIL", "PHONE"]
    assert find_simple(text, Policy().keeping(["PHONE"])) == ["EMAIL"]
    assert find_simple(text, Policy(allow=("138-0013-8000",))) == ["EMAIL"]


def test_two_processes_follow_the_policy():
    texts = [f"会员号C1000{n:04d},栗子仓" for n in range(9)]
    policy = Policy(deny=DENY.deny, patterns=OWN.patterns, own_labels=OWN.own_labels)
    with Workers(policy, 2, 4) as two, Workers(policy, 1, 4) as one:
        assert two.find(texts) == one.find(texts)
        assert {f.type for found in one.find(texts).values() for f in found} >= {"MEMBER", "ADDRESS"}
