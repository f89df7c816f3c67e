"""Signatures: whose they are, and that no changed value passes."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.register import signing

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_only_the_signed_value_passes(value, other):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_SIGN_KEY", "1f" * 32)
        signature = signing.sign(value)
    assert signing.holds(value, signature)
    same = signing.canonical(value) == signing.canonical(other)
    assert signing.holds(other, signature) == same


@pytest.mark.parametrize("field", ["algorithm", "public_key", "value"])
def test_a_changed_signature_does_not_hold(field):
    signature = signing.sign("bill")
    for broken in ("", "zz", "00" * 32, None):
        assert not signing.holds("bill", {**signature, field: broken})
    assert not signing.holds("bill", {})


def test_who_signed_is_said(monkeypatch, own_home):
    signature = signing.sign("bill")
    known, who = signing.signer(signature)
    assert known and who.startswith("this installation")
    monkeypatch.setenv("KEFU_SIGN_KEY", secrets.token_hex(32))
    known, who = signing.signer(signature)
    assert not known and signing.short_name(signature["public_key"]) in who
    monkeypatch.setenv("KEFU_TRUSTED_SIGNERS", f"{'00' * 32}, {signature['public_key']}")
    assert signing.signer(signature)[0]


def test_without_a_key_signatures_can_still_be_checked(monkeypatch, own_home):
    signature = signing.sign("bill")
    monkeypatch.delenv("KEFU_SIGN_KEY")
    assert signing.holds("bill", signature) and not signing.signer(signature)[0]
