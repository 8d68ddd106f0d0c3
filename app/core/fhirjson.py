"""FHIR's JSON: numbers keep the form they were printed in, members nobody knows are kept, and order too.

1.0 and 1.00 are different measurements, so a number with a point is a Decimal and never a float.
"""

from decimal import Decimal
from typing import Any

import msgspec

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


class NotJson(ValueError):
    """It is not JSON, or nested more deeply than anything real is."""


def loads(text: str | bytes) -> Any:
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError, ArithmeticError) as error:
        raise NotJson(str(error)) from None


def dumps(value: Any) -> str:
    return _encoder.encode(value).decode()


def pretty(value: Any) -> str:
    """As people read it and programs that compare lines like it."""
    return msgspec.json.format(_encoder.encode(value), indent=2).decode()
