"""What somebody types, sends or uploads who means it badly."""

import schemathesis
from hypothesis import strategies as st

from tests.attachments.conftest import picture
from tests.canaries import WORDS

BAD = [
    "", " ", "\0", "a\0b", "\x1b[2J", "\ud7ff", "\u202e\u200b\ufeff", "𠮷" * 40, "é" * 300, "\u0301" * 50, "9" * 400, "-1", "-0", "0x10", "1e400", "NaN", "inf",
    "-inf", "１２３", "²", "٣", "1_000", "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-20T25:61", "12345678-1-1", "2199-12-31", "²0²6-1-1",
    "9223372036854775808", "-9223372036854775809", "' OR 1=1 --", "\"; DROP TABLE patients; --", "%00", "%s%n", "{{7*7}}", "${7*7}", "../../etc/passwd", "..\\..",
    "/", "//evil.example", "http://[", "http://[::1", "\\\\host\\share", "<script>x</script>", "=1+1", "[]", "{}", "null", '{"a":' * 200, "[" * 3000, "1,2,3",
    "all.0.what", "a" * 25_000, "\n" * 2000, "\r\nSet-Cookie: a=b", "(" * 200, "%" * 50, "_" * 50, '"', "*" * 99, "NEAR(" * 20, "true", "on", *WORDS[:4],
]
SHEETS = [
    b"", b"\0" * 200, b"a,b\n1,2\n", "\ufeff姓名,性别,出生日期,手机\n王秀英,女,19480312,13800138000\n".encode(), "姓名\t体检日期\t收缩压\n李建国\t2026-11-20\t120\n".encode("gb18030"),
    b"PK\x03\x04" + b"\0" * 50, b"%PDF-1.4\n%%EOF", b"\x89PNG\r\n\x1a\n" + b"\0" * 30, b"<svg onload=evil()>", b"\xff\xfe" + "a,b".encode("utf-16-le"), b'"' * 999, picture(),
    b'{"resourceType":"Questionnaire","status":"draft","title":"T","item":[{"linkId":"q","type":"string","text":"?"}]}',
]

typed = st.sampled_from(BAD) | st.text(max_size=60) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str) | st.datetimes().map(str)
sheets = st.sampled_from(SHEETS) | st.binary(max_size=400)


def teach() -> None:
    schemathesis.openapi.format("typed", typed)
    schemathesis.openapi.format("sheet", sheets)
