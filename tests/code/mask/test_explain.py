"""What explain says of a candidate, and that it says it to the terminal alone."""

import io
import logging

import pytest

from pipelines.__main__ import main
from pipelines.mask.conversation import mask_conversation
from pipelines.mask.explain import HEADS, explain, table, turns
from pipelines.mask.policy import Denied, Policy
from pipelines.mask.workers import Workers

CARD = "6222021234567890128"  # passes Luhn


def fates(policy, *messages):
    """{(type, text, recognizer): verdict}"""
    rows = explain(list(messages), policy).rows
    return {(r.candidate.finding.type, r.text, r.candidate.finding.source): r.verdict for r in rows}


def one(policy, text, kind):
    rows = explain([("customer", text)], policy).rows
    return next(row for row in rows if row.candidate.finding.type == kind)


def test_a_candidate_names_its_rule_and_all_that_raised_it(policy):
    row = one(policy, f"卡号{CARD}", "BANK_CARD")
    assert (row.candidate.rule, row.candidate.base) == ("UnionPay", 0.6)
    assert row.candidate.raised_by == "checksum, 卡号" and row.candidate.finding.score == 1.0
    assert (row.threshold, row.verdict) == (0.5, "masked")
    row = one(policy, "会员号C10002345", "MEMBER")
    assert (row.candidate.rule, row.candidate.base, row.candidate.raised_by) == ("member number", 0.4, "会员")


def test_every_fate_has_its_word():
    policy = Policy(
        thresholds=(("EMAIL", 0.99),),
        kept=frozenset({"ORDER_NUMBER"}),
        allow=("0571-88886666",),
        deny=(Denied("栗子仓", "ADDRESS"),),
    )
    text = "手机13800138000,邮箱ab@example.com,订单号2609150042135867,座机0571 88886666,栗子仓"
    found = fates(policy, ("customer", text))
    assert found["PHONE", "13800138000", "Mobile"] == "masked"
    assert found["BANK_ACCOUNT", "13800138000", "BankAccount"] == "below threshold"
    assert found["EMAIL", "ab@example.com", "Email"] == "below threshold"
    assert found["ORDER_NUMBER", "2609150042135867", "OrderNumber"] == "stays: type off"
    assert found["BANK_CARD", "2609150042135867", "BankCard"] == "stays: lost to ORDER_NUMBER, which is off"
    assert found["PHONE", "0571 88886666", "Landline"] == "stays: allow list, or a placeholder"
    assert found["ADDRESS", "栗子仓", "DenyList"] == "masked"


def test_a_loser_names_the_winner(policy):
    found = fates(policy, ("customer", "会员号C10002345"))
    assert found["TRAVEL_PERMIT", "C10002345", "TravelPermit"] == "lost to MEMBER (Own)"


def test_the_reader_is_named_and_so_is_its_doubt(policy):
    [row] = explain([("customer", "收件人写我爸经海军")], policy).rows
    assert (row.candidate.finding.source, row.text, row.verdict) == ("Read", "经海军", "masked")
    [row] = explain([("customer", "今天周几")], policy).rows
    assert (row.candidate.finding.source, row.candidate.base) == ("NamedEntity", 0.75)
    assert (row.candidate.raised_by, row.verdict) == ("reader's doubt", "below threshold")


def test_dialogue_and_repetition_are_explained(policy):
    talk = [("agent", "What is your name?"), ("customer", "Wick"), ("agent", "the Wick order")]
    explained = explain(talk, policy)
    rules = {(row.turn, row.candidate.rule): row.verdict for row in explained.rows}
    assert rules[2, "answer to a question"] == "masked" == rules[3, "found in another turn"]
    assert [text for _, text in explained.messages][1:] == ["<NAME_1>", "the <NAME_1> order"]


@pytest.mark.parametrize(
    "talk",
    [
        [("customer", "我叫殷志强,电话１３８ ００１３ ８０００,寄到浙江省杭州市西湖区文三路477号3幢502室")],
        [("agent", "您的电话是多少?"), ("customer", "1380013"), ("customer", "8000")],
        [("customer", "call Sarah Miller at (415) 555-0132, order LMJ260915004213")],
        [("customer", "LM-K1203多少钱")],
    ],
)
def test_it_masks_as_the_stage_does(talk, policy):
    with Workers(policy, 1, 64) as workers:
        known = workers.find(text for _, text in talk)
    assert [text for _, text in explain(talk, policy).messages] == mask_conversation(
        talk, known, policy
    ).texts


def test_lines_become_turns():
    lines = ["agent: 您好", "", "Customer：张三", " no name ", "system: closed", "note: x"]
    said = [("agent", "您好"), ("customer", "张三"), ("agent", "no name"), ("system", "closed")]
    assert turns(lines, "agent") == [*said, ("agent", "note: x")]


def test_columns_stand_below_their_heads(policy):
    head, *lines = table(explain([("customer", "我叫殷志强,电话13800138000")], policy).rows)
    assert head.split()[:4] == list(HEADS[:4])
    at = head.index("recognizer")
    assert {line.encode("gb18030")[at:].split()[0].decode() for line in lines} <= {
        "Mobile", "NameZh", "NamedEntity", "BankAccount"
    }  # fmt: skip


def test_the_command_shows_the_table_and_the_masked_text_and_logs_nothing(capsys, caplog):
    caplog.set_level(logging.DEBUG)
    assert main(["explain", "agent: 电话?", "13800138000"]) == 0
    shown = capsys.readouterr()
    assert "nothing of it is logged or kept" in shown.out and "customer: <手机号1>" in shown.out
    assert "13800138000" not in shown.err and "13800138000" not in caplog.text


def test_standard_input_and_the_role(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("包邮吗\n"))
    assert main(["explain", "--role", "agent"]) == 0
    assert capsys.readouterr().out.endswith("nothing looks personal\n\nagent: 包邮吗\n")


def test_no_text_and_a_task_of_a_run_are_refused(capsys, monkeypatch):
    assert main(["explain", " "]) == 2
    assert "no text" in capsys.readouterr().err
    monkeypatch.setenv("KEFU_RUN", "r1")
    assert main(["explain", "13800138000"]) == 2
    refused = capsys.readouterr()
    assert "whose log is kept" in refused.err and "13800138000" not in refused.err + refused.out
