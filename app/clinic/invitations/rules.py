"""Secrets of a way in: made at random, kept as hashes, read as people type them."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta

from app.clinic.patients import mask_name

VALID = timedelta(hours=24)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0 or 1
LETTERS = 8  # 40 bits: with guessing slowed, nobody finds one of ten thousand in a day


def new_token() -> str:
    """128 bits."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def spaced(code: str) -> str:
    """As it is read aloud and typed: ABCD-2345."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """What somebody typed from paper: full-width letters, blanks and dashes do not matter."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in plain if letter in ALPHABET)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def code_hash(code: str, secret: str) -> bytes:
    """Keyed: 40 bits could be tried one after the other by who has a copy of the file alone."""
    return hashlib.blake2b(code.encode(), key=secret.encode()[:64], person=b"yihe code", digest_size=32).digest()


def greeted(name: str) -> str:
    """So much of a name that its bearer knows it is theirs, and nobody else learns it: 张*三, 王*."""
    if name.isascii():
        return mask_name(name)
    return f"{name[0]}*{name[-1]}" if len(name) > 2 else f"{name[0]}*"
