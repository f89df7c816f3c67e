"""Birth dates move in the form in which they were written, and back again."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.mask.dates import MAX_DAYS, MIN_DAYS, shift
from pipelines.mask.surrogates.draw import Draw

NUMERALS = "〇一二三四五六七八九"
births = st.dates(date(1932, 1, 1), date(2022, 12, 31))
shifts = st.integers(MIN_DAYS, MAX_DAYS).flatmap(lambda days: st.sampled_from([days, -days]))


def said(number):
    """三, 十, 十二, 三十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


def without_zeros(text):
    """25.12.1990 does not show whether 5.3.1990 would have had zeros."""
    return re.sub(r"(?<!\d)[0０]", "", text)


WHOLE = [
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y年%m月%d号}",
    lambda d: f"{d:%y}年{d.month}月{d.day}日",
    lambda d: "".join(NUMERALS[int(n)] for n in str(d.year)) + f"年{said(d.month)}月{said(d.day)}日",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y.%m.%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%y%m%d}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d:%d-%m-%y}",
    lambda d: f"{d:%B} {d.day}, {d.year}",
    lambda d: f"{d.day} {d:%b} {d.year}",
    lambda d: f"{d:%d %B} {d.year}".lower(),
    lambda d: f"{d:%Y年%m月%d日}".translate({ord(n): ord(n) - 48 + 0xFF10 for n in "0123456789"}),
]


@given(births, shifts, st.sampled_from(WHOLE))
def test_a_date_moves_by_the_days_in_its_own_form_and_back(born, days, form):
    assume(5 not in (born.month, (born + timedelta(days)).month))  # May does not show whether names are short
    moved = shift(form(born), days)
    assert without_zeros(moved) == without_zeros(form(born + timedelta(days)))
    assert without_zeros(shift(moved, -days)) == without_zeros(form(born))


@given(births, shifts)
def test_the_age_changes_by_a_year_at_most(born, days):
    moved = date.fromisoformat(shift(born.isoformat(), days))
    assert 0 < abs((moved - born).days) <= MAX_DAYS
    for today in (date(2026, 1, 1), date(2026, 7, 1), date(2026, 12, 31)):
        before, after = (
            today.year - d.year - ((today.month, today.day) < (d.month, d.day)) for d in (born, moved)
        )
        assert abs(before - after) <= 1


@pytest.mark.parametrize(
    ("value", "later", "earlier"),
    [  # by 100 days, by -170
        ("3月5日", "6月13日", "9月17日"),
        ("农历3月5日", "农历6月15日", "农历9月15日"),
        ("农历1990年12月25日", "农历1991年4月5日", "农历1990年7月5日"),
        ("三月初五", "六月十五", "九月十五"),
        ("三月五日", "六月十三日", "九月十七日"),
        ("十二月二十三日", "四月二日", "七月六日"),
        ("03/05/1990", "06/13/1990", "09/16/1989"),
        ("25/12/1990", "04/04/1991", "08/07/1990"),
        ("5/3/90", "8/11/90", "11/14/89"),
        ("1990 3 5", "1990 6 13", "1989 9 16"),
        ("March 5th, 1990", "June 13th, 1990", "September 16th, 1989"),
        ("5th of March 1990", "13th of June 1990", "16th of September 1989"),
        ("1st Mar", "9th Jun", "13th Sep"),
        ("SEPT. 5", "DEC. 14", "MAR. 19"),
        ("may 1", "august 9", "november 13"),
        ("2月29日", "6月8日", "9月12日"),
        ("1990-02-30", "1990-06-08", "1989-09-11"),
        ("1990", "1991", "1989"),
        ("1990年", "1991年", "1989年"),
        ("1990年3月", "1990年7月", "1989年9月"),
        ("0305", "0613", "0917"),
        ("1990年03月25日", "1990年07月03日", "1989年10月06日"),
        ("1990-3-25", "1990-7-3", "1989-10-6"),
        ("1990-12-25", "1991-04-04", "1990-07-08"),
        ("05 Mar 1990", "13 Jun 1990", "16 Sep 1989"),
    ],
)
def test_every_form_of_the_recognizer(value, later, earlier):
    assert (shift(value, 100), shift(value, -170)) == (later, earlier)


@pytest.mark.parametrize(
    "value", ["", "foo", "13/13/1990", "0000年1月1日", "1990-13-01", "正月初五", "三百月五日", "99"]
)
def test_what_is_no_date_is_not_moved(value):
    assert shift(value, 50) is None


@given(st.text(st.sampled_from("0123456789年月日号-/. 一二十初〇MaryJune,th"), max_size=14), shifts)
def test_any_text_is_moved_or_left_alone(value, days):
    moved = shift(value, days)
    assert moved is None or (moved and moved != value)


@given(st.text(min_size=1))
def test_a_customer_has_days_of_their_own(customer):
    days = Draw(b"k" * 32, customer).days()
    assert MIN_DAYS <= abs(days) <= MAX_DAYS and days == Draw(b"k" * 32, customer).days()


def test_days_go_either_way_and_differ():
    days = {Draw(b"k" * 32, str(n)).days() for n in range(50)}
    assert len(days) > 30 and min(days) < 0 < max(days)
