"""What an error may say in an alert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.alerts.message import MAX_CHARS, plain, reason
from pipelines.errors import KefuError
from pipelines.steps import StepFailed

TAIL = "row 1 of somebody\nerror: 3 columns are missing\n  where: data/raw\n  to do: map them"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("电话13812345678。", "电话…。"),
        ("call 138 1234 5678 now", "call … now"),
        ("to li@example.com，", "to …，"),
        ("号11010519491231002X。", "号…。"),
        ("began 2026-11-24 03:00", "began 2026-11-24 03:00"),
        ("800 of 1200 rows", "800 of 1200 rows"),
    ],
)
def test_long_numbers_and_addresses_are_taken_out(text, told):
    assert plain(text) == told


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from("，：的 ("))
def test_a_phone_number_never_goes_out_and_it_stays_short(text, phone, before):
    told = plain(f"{before}{phone}。{text}")
    assert phone not in told and len(told) <= MAX_CHARS + 1


def test_of_a_step_that_failed_only_our_own_words_are_told():
    failed = StepFailed(f"`dvc repro` ended with 1\n{TAIL}", "/runs/r1")
    assert reason(failed).splitlines()[:2] == ["error: 3 columns are missing", "where: data/raw"]
    assert "somebody" not in reason(failed)


def test_of_a_step_that_died_otherwise_only_the_command_is_told():
    failed = StepFailed("`dvc repro mask` ended with -9\nsomebody's row", "/runs/r1")
    assert reason(failed) == "`dvc repro mask` ended with -9"


def test_of_another_error_only_its_kind_is_told():
    assert reason(ValueError("a customer's words")) == "ValueError"
    assert reason(KefuError("no table", "data/raw")) == "no table\nwhere: data/raw"
    assert reason(None) == "no reason is known"
