"""The restricted area: conversations before masking, as encrypted Parquet named by content key.

Parquet modular encryption (AES_GCM_V1, 256-bit data keys, footer and every column). Each file's data keys
are wrapped with AES-GCM under KEFU_RESTRICTED_KEY (the vault of mask: under a key of its own) in this
process, so that no key server is needed.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as encryption
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines import home
from pipelines.errors import KefuError

MASTER_KEY = "KEFU_RESTRICTED_KEY"
NONCE_BYTES = 12


class EnvironmentKms(encryption.KmsClient):
    """Wraps and unwraps data keys under one key of the environment."""

    def __init__(self, master: bytes) -> None:
        super().__init__()
        self.cipher = AESGCM(master)

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        wrapped = self.cipher.encrypt(nonce, key_bytes, master_key_identifier.encode())
        return base64.b64encode(nonce + wrapped)

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        raw = base64.b64decode(wrapped_key)
        return self.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], master_key_identifier.encode())


def partition_path(key: str) -> Path:
    return home.restricted() / "conversations" / f"{key}.parquet"


def write_partition(key: str, table: pa.Table) -> Path:
    """Encrypts `table` (schema metadata included) into the restricted area, whole or not at all."""
    return write_encrypted(partition_path(key), table, MASTER_KEY)


def stamped(table: pa.Table, name: str) -> pa.Table:
    """`table` as the partition of the file `name`: a stored one knows the bytes of a file, not its name."""
    place = table.schema.get_field_index("source_file")
    column = pa.array([name] * table.num_rows, pa.string())
    return table.set_column(place, table.schema.field(place), column).replace_schema_metadata(None)


def write_encrypted(path: Path, table: pa.Table, master: str) -> Path:
    """Encrypts `table` under the key named `master`, for its owner only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with pq.ParquetWriter(
                out, table.schema, compression="zstd", encryption_properties=_encryption(master)
            ) as writer:
                writer.write_table(table, row_group_size=65536)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def read_partition(key: str) -> pa.Table:
    """The table that `write_partition` stored under `key`; KefuError if absent, damaged or locked."""
    path = partition_path(key)
    if not path.exists():
        raise KefuError(
            "a partition is not in the restricted area",
            str(path),
            "run the stage ingest again with the same keys and KEFU_RESTRICTED folder",
        )
    return read_encrypted(path, MASTER_KEY, "remove the file and run ingest again")


def read_encrypted(path: Path, master: str, todo: str) -> pa.Table:
    """The table that `write_encrypted` stored at `path`; KefuError if damaged or locked.

    `todo` says how a file that nobody can read is replaced.
    """
    try:
        return pq.ParquetFile(path, decryption_properties=_decryption(master)).read()
    except InvalidTag:
        raise KefuError(
            f"a partition was encrypted under another {master}",
            str(path),
            f"set the key it was written with; if that key is lost, {todo}",
        ) from None
    except (pa.ArrowException, OSError) as error:
        raise KefuError(f"a partition is damaged ({type(error).__name__})", str(path), todo) from None


def _encryption(master: str) -> Any:
    configuration = encryption.EncryptionConfiguration(
        footer_key=master,
        uniform_encryption=True,
        plaintext_footer=False,
        encryption_algorithm="AES_GCM_V1",
        data_key_length_bits=256,
    )
    return _factory(master).file_encryption_properties(encryption.KmsConnectionConfig(), configuration)


def _decryption(master: str) -> Any:
    return _factory(master).file_decryption_properties(
        encryption.KmsConnectionConfig(), encryption.DecryptionConfiguration()
    )


def _factory(master: str) -> encryption.CryptoFactory:
    key = home.key(master)
    return encryption.CryptoFactory(lambda _: EnvironmentKms(key))
