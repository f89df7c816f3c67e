"""Ed25519 signatures of this installation, which anybody can check who has its public key."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.errors import KefuError
from pipelines.fingerprint import canonical
from pipelines.home import key

KEY, TRUSTED = "KEFU_SIGN_KEY", "KEFU_TRUSTED_SIGNERS"
ALGORITHM = "Ed25519"


def sign(value: Any) -> dict[str, str]:
    """{"algorithm", "public_key", "value"} over the canonical JSON of `value`."""
    private = _private()
    return {
        "algorithm": ALGORITHM,
        "public_key": private.public_key().public_bytes_raw().hex(),
        "value": private.sign(canonical(value)).hex(),
    }


def holds(value: Any, signature: dict[str, str]) -> bool:
    """Whether the key that `signature` names did sign `value`; not whether that key is a known one."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
        public.verify(bytes.fromhex(signature["value"]), canonical(value))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return signature.get("algorithm") == ALGORITHM


def signer(signature: dict[str, str]) -> tuple[bool, str]:
    """(known, who in words) of the key that `signature` names.

    Known are this installation's key and the public keys that $KEFU_TRUSTED_SIGNERS lists, by commas.
    """
    public = str(signature.get("public_key", ""))
    short = short_name(public)
    if public and public == _own_public():
        return True, f"this installation (key {short})"
    if public in [one.strip() for one in os.environ.get(TRUSTED, "").split(",") if one.strip()]:
        return True, f"a signer that ${TRUSTED} names (key {short})"
    return False, f"a key that is not known here ({short}); ${TRUSTED} may name it"


def short_name(public_key: str) -> str:
    """16 hex digits that a person can compare."""
    return hashlib.sha256(public_key.encode()).hexdigest()[:16]


def _own_public() -> str | None:
    try:
        return _private().public_key().public_bytes_raw().hex()
    except KefuError:
        return None


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key(KEY))
