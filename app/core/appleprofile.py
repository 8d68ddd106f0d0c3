"""A profile for iPad, iPhone and Mac: the clinic's authority under the clinic's name, taken off again in one place."""

import plistlib
from hashlib import sha256
from uuid import UUID

DOMAIN = "org.yihe.clinic"


def profile(certificate: bytes, clinic: str, says: str) -> bytes:
    """certificate: DER. The same authority makes the same profile, so that a second one replaces the first."""
    own, part = (UUID(bytes=sha256(mark + certificate).digest()[:16], version=4) for mark in (b"profile", b"authority"))
    authority = {
        "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": f"{DOMAIN}.authority", "PayloadUUID": str(part).upper(),
        "PayloadDisplayName": clinic, "PayloadContent": certificate, "PayloadCertificateFileName": "yihe.cer",
    }
    return plistlib.dumps({
        "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": f"{DOMAIN}.{str(own)[:8]}", "PayloadUUID": str(own).upper(),
        "PayloadDisplayName": clinic, "PayloadDescription": says, "PayloadContent": [authority],
    })
