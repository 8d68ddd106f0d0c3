"""What a page or a cookie carries for us, and what the clinic's file should not tell: sealed with a key that lies beside the file."""

import secrets
from datetime import timedelta

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core import clock, secret_files
from app.core.db import Database


def seal(db: Database, purpose: str, text: str, staff_id: int, lasts: timedelta) -> str:
    """For this member and this purpose, for so long."""
    return encrypt(db, purpose, msgspec.json.encode((staff_id, clock.stamp(clock.now() + lasts), text))).hex()


def unseal(db: Database, purpose: str, sealed: str) -> tuple[int, str] | None:
    """(staff id, the text), or None: out of time, made up, or for something else."""
    try:
        plain = decrypt(db, purpose, bytes.fromhex(sealed))
    except ValueError:
        return None
    told = msgspec.json.decode(plain, type=tuple[int, str, str]) if plain else None
    return (told[0], told[2]) if told and told[1] > clock.stamp() else None


def encrypt(db: Database, purpose: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(db)).encrypt(nonce, plain, purpose.encode())


def decrypt(db: Database, purpose: str, sealed: bytes) -> bytes | None:
    try:
        return AESGCM(_key(db)).decrypt(sealed[:12], sealed[12:], purpose.encode())
    except (InvalidTag, ValueError):
        return None


def _key(db: Database) -> bytes:
    """Made when it is first needed. If it is ever lost, phones open nothing and recovery codes still do."""
    path = db.path.parent / "keys" / "second-step.key"
    if (key := secret_files.read(path)) is None:
        with db.aside():  # two who need it first must not make two
            if (key := secret_files.read(path)) is None:
                secret_files.write(path, key := secrets.token_bytes(32))
    return key
