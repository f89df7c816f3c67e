"""Keys and logins: a file of their own beside the archive, so that who gets the one cannot read the other.

Mode 600; where $KEFU_BACKUP_PASSPHRASE is set, encrypted (AES-256-GCM, the key by scrypt, RFC 7914). The
vault's key is left out unless it is asked for, and what was destroyed here is not brought back: a copy that
nobody thinks of would undo `vault destroy`.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pipelines.errors import KefuError
from pipelines.home import home, keys_file, write_private
from pipelines.mask.vault import KEY as VAULT_KEY

KEYS = "keys.env"
FILES = (KEYS, "airflow/fernet_key", "airflow/jwt_secret", "airflow/passwords.json")
PASSPHRASE = "KEFU_BACKUP_PASSPHRASE"
COST = 2**15  # of scrypt: 32 MB and about 0.1 s a try
ABOUT = b"kefu backup keys 1"


def save(path: Path, with_vault: bool = False) -> bool:
    """Writes this home's keys to `path`; whether they are encrypted."""
    held = {name: (home() / name).read_text() for name in FILES if (home() / name).exists()}
    if KEYS in held and not with_vault and keys_file().get(VAULT_KEY):
        held[KEYS] = _with_vault_key(held[KEYS], None)
    raw = json.dumps(held).encode()
    secret = os.environ.get(PASSPHRASE)
    if not secret:
        write_private(path, json.dumps({"keys": held}))
        return False
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_derive(secret, salt)).encrypt(nonce, raw, ABOUT)
    fields = {"salt": salt, "nonce": nonce, "sealed": sealed}
    write_private(
        path, json.dumps({name: base64.b64encode(value).decode() for name, value in fields.items()})
    )
    return True


def read(path: Path) -> dict[str, str]:
    """{name below the home: text} of what `save` wrote; KefuError where it is not there or locked."""
    if not path.exists():
        raise KefuError(
            "the file with the keys is not beside the archive",
            str(path),
            "bring it: without these keys nothing that is encrypted or signed can be read or checked again",
        )
    found = json.loads(path.read_text())
    if "keys" in found:
        return dict(found["keys"])
    secret = os.environ.get(PASSPHRASE)
    if not secret:
        raise KefuError("the keys are encrypted", str(path), f"set {PASSPHRASE}")
    salt, nonce, sealed = (base64.b64decode(found[name]) for name in ("salt", "nonce", "sealed"))
    try:
        return dict(json.loads(AESGCM(_derive(secret, salt)).decrypt(nonce, sealed, ABOUT)))
    except InvalidTag:
        raise KefuError("the passphrase does not open the keys", str(path), f"set {PASSPHRASE}") from None


def put(held: dict[str, str]) -> None:
    """Into the home; what set-up had made there is kept as NAME.replaced. The vault's key that stands here
    stays where the backup has none, or where it was destroyed here."""
    here = keys_file().get(VAULT_KEY)
    for name, text in held.items():
        if name == KEYS and here is not None and (here == "" or not _has_vault_key(text)):
            text = _with_vault_key(text, here)
        path = home() / name
        if name not in FILES:
            raise KefuError(f"{name} is no file of keys", "the file with the keys", "use another backup")
        if path.exists() and path.read_text() != text:
            path.rename(path.with_name(f"{path.name}.replaced"))
        write_private(path, text)


def _has_vault_key(text: str) -> bool:
    return any(line.split("=")[0].strip() == VAULT_KEY for line in text.splitlines())


def _with_vault_key(text: str, value: str | None) -> str:
    """A keys.env with this value of the vault's key (none: without its line)."""
    lines = [line for line in text.splitlines() if line.split("=")[0].strip() != VAULT_KEY]
    return "\n".join([*lines, *([] if value is None else [f"{VAULT_KEY}={value}"])]) + "\n"


def _derive(secret: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(secret.encode())
