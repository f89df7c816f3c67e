"""The logs: the same from the same seed, true spans, everything a real log holds."""

import json
import re
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.errors import KefuError
from pipelines.sample.generate import write_sample
from pipelines.sample.values import TYPES

KNOWLEDGE = Path(__file__).parents[3] / "data/knowledge"
ALL_TYPES = {
    "PERSON",
    "PHONE",
    "ID_CARD",
    "BANK_CARD",
    "PASSPORT",
    "TRAVEL_PERMIT",
    "LICENSE_PLATE",
    "CREDIT_CODE",
    "ADDRESS",
    "EMAIL",
    "QQ",
    "WECHAT",
    "BIRTH_DATE",
    "ORDER_NUMBER",
    "TRACKING_NUMBER",
    "IP",
    "USERNAME",
    "PASSWORD",
    "OTP",
    "SSN",
    "IBAN",
    "BANK_ACCOUNT",
    "DRIVING_LICENCE",
    "ZIP",
}


def rows_of(folder):
    files = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def by_conversation(rows):
    found = defaultdict(list)
    for row in rows:
        found[row["conversation_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    home = tmp_path_factory.mktemp("sample")
    summary = write_sample(home / "raw", home / "spans", KNOWLEDGE, weeks=8)
    return home, summary, by_conversation(rows_of(home / "raw"))


def test_spans_cut_the_value_out_of_the_text(sample):
    home, _, conversations = sample
    forms = {
        "ORDER_NUMBER": r"LMJ\d{12}",
        "EMAIL": r"[\w.'-]+@[\w.]+",
        "IP": r"(\d+\.){3}\d+",
        "OTP": r"\d{4,6}",
    }
    forms |= {
        "SSN": r"\d{3}-\d\d-\d{4}",
        "PHONE": r"[\d+(幺零二三四五六七八九][-\d ().幺零二三四五六七八九]{6,}",
    }
    checked = Counter()
    for span in rows_of(home / "spans"):
        text = conversations[span["conversation_id"]][span["turn"]]["text"]
        value = text[span["start"] : span["end"]]
        assert 0 <= span["start"] < span["end"] <= len(text)
        assert value == value.strip()
        if span["type"] in forms:
            checked[span["type"]] += 1
            assert re.fullmatch(forms[span["type"]], value), (span, value)
    assert set(checked) == set(forms)


def test_every_type_occurs(sample):
    home, summary, _ = sample
    assert set(TYPES.values()) == ALL_TYPES
    assert {span["type"] for span in rows_of(home / "spans")} == ALL_TYPES
    assert set(summary.spans) == ALL_TYPES


def test_every_order_number_and_at_sign_is_known(sample):
    home, _, conversations = sample
    covered = defaultdict(set)
    for span in rows_of(home / "spans"):
        covered[span["conversation_id"], span["turn"]] |= set(range(span["start"], span["end"]))
    unknown = []
    for name, messages in conversations.items():
        for turn, message in enumerate(messages):
            text = message["text"].replace("service@limuji.example", " " * 22)
            for match in re.finditer(r"LMJ\d|@\w+\.|(?<!\d)1[3-9]\d{9}(?!\d)", text):
                if not covered[name, turn] & set(range(*match.span())):
                    unknown.append((name, turn, match[0]))
    assert unknown == []


def test_negatives_stay_without_a_span(sample):
    home, _, conversations = sample
    texts = [m["text"] for messages in conversations.values() for m in messages]
    assert sum("400-820-6655" in t for t in texts) > 3
    assert sum(bool(re.search(r"LM-[A-Z]\d{4}", t)) for t in texts) > 10
    for span in rows_of(home / "spans"):
        text = conversations[span["conversation_id"]][span["turn"]]["text"]
        value = text[span["start"] : span["end"]]
        assert "400-820-6655" not in value
        assert not re.search(r"LM-[A-Z]\d{4}", value)


def test_languages_and_their_shares(sample):
    _, summary, conversations = sample
    assert summary.conversations == 800 == len(conversations)
    shares = {name: count / 800 for name, count in summary.languages.items()}
    assert abs(shares["zh"] - 0.6) < 0.03 > abs(shares["en"] - 0.3)
    assert abs(shares["mixed"] - 0.1) < 0.03
    for messages in conversations.values():
        said = "".join(m["text"] for m in messages if m["role"] == "customer")
        if messages[0].get("language") == "mixed":
            assert re.search("[一-鿿]", said)
            assert re.search("[A-Za-z]", said)


def test_duplicates_exist_and_are_counted(sample):
    _, summary, conversations = sample
    words = Counter(tuple((m["role"], m["text"]) for m in messages) for messages in conversations.values())
    assert summary.duplicates == sum(count - 1 for count in words.values())
    assert 20 < summary.duplicates < 120
    assert summary.near_duplicates > 20


def test_good_and_bad_service_is_there(sample):
    _, summary, conversations = sample
    assert min(summary.scenes.values()) >= 8
    agents = [m["text"] for messages in conversations.values() for m in messages if m["role"] == "agent"]
    for sign in ("正在为您转接人工客服，请稍候。", "微信", "I'm connecting you to a person"):
        assert any(sign in text for text in agents), sign


def test_rows_have_the_columns_of_the_contract(sample):
    _, _, conversations = sample
    needed = ["conversation_id", "customer_id", "channel", "role", "text", "sent_at"]
    optional = ["language", "intent", "resolved", "satisfaction"]
    seen = Counter()
    for messages in conversations.values():
        known = {key: messages[0][key] for key in optional if key in messages[0]}
        times = [datetime.fromisoformat(m["sent_at"]) for m in messages]
        assert times == sorted(times)
        assert messages[0]["sent_at"].endswith("+08:00")
        for message in messages:
            assert list(message) == needed + list(known)
            assert {key: message[key] for key in known} == known
            assert message["text"].strip()
            assert "{" not in message["text"]
        assert messages[0]["channel"] in {"app", "web", "wechat", "email"}
        assert {m["role"] for m in messages} <= {"customer", "agent", "system"}
        assert known.get("satisfaction", 1) in range(1, 6)
        seen.update(known.keys())
    assert all(100 < seen[key] < 700 for key in optional)


def test_split_value_and_bare_answer(sample):
    home, _, conversations = sample
    spans = defaultdict(list)
    for span in rows_of(home / "spans"):
        spans[span["conversation_id"], span["turn"]].append(span)
    split = bare = 0
    for name, messages in conversations.items():
        for turn, (before, message) in enumerate(pairwise(messages), 1):
            whole = spans[name, turn] and spans[name, turn][0]
            alone = bool(whole) and (whole["start"], whole["end"]) == (0, len(message["text"]))
            split += alone and before["role"] == "customer" == message["role"]
            bare += alone and before["role"] == "agent" and message["role"] == "customer"
    assert split >= 5
    assert bare >= 20


def test_the_same_seed_gives_the_same_bytes_and_weeks_are_independent(sample, tmp_path):
    home, _, _ = sample
    write_sample(tmp_path / "raw", tmp_path / "spans", KNOWLEDGE, weeks=1, first_monday=date(2026, 9, 21))
    for kind in ("raw", "spans"):
        name = "2026-W39.jsonl"
        assert [file.name for file in (tmp_path / kind).iterdir()] == [name]
        assert (tmp_path / kind / name).read_bytes() == (home / kind / name).read_bytes()


def test_another_seed_gives_other_logs(sample, tmp_path):
    home, _, _ = sample
    write_sample(tmp_path / "raw", tmp_path / "spans", KNOWLEDGE, weeks=1, seed=1)
    assert (tmp_path / "raw/2026-W37.jsonl").read_bytes() != (home / "raw/2026-W37.jsonl").read_bytes()


@pytest.mark.parametrize("per_week", [1, 7, 33])
def test_any_number_of_conversations(tmp_path, per_week):
    summary = write_sample(tmp_path / "raw", tmp_path / "spans", KNOWLEDGE, weeks=2, per_week=per_week)
    assert summary.conversations == 2 * per_week == len(by_conversation(rows_of(tmp_path / "raw")))
    assert sum(summary.spans.values()) == len(rows_of(tmp_path / "spans"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"weeks": 0}, "weeks is 0"),
        ({"per_week": -1}, "week -1"),
        ({"first_monday": date(2026, 9, 8)}, "not a Monday"),
    ],
)
def test_impossible_numbers(tmp_path, wrong, message):
    with pytest.raises(KefuError, match=message):
        write_sample(tmp_path / "raw", tmp_path / "spans", KNOWLEDGE, **wrong)
    assert not (tmp_path / "raw").exists()
