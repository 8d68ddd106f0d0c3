"""The clinic's own certificate authority, and what it vouches for. Pure: bytes in, bytes out.

A device that trusts the authority trusts it for names that cannot be anybody's on the Internet and for private numbers,
and for nothing else: whoever steals its key cannot be the bank.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ENDINGS = ("local", "home.arpa", "internal", "lan", "localhost")
RANGES: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7", "fe80::/10",
)))
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # no certificate begins before there was a Yihe, whatever a flat battery says
LIFE = timedelta(days=20 * 365)
LEAF_LIFE = timedelta(days=397, seconds=-1)  # both ends count; browsers take no longer one
EARLY = timedelta(days=132)  # it is renewed when a third of its life is left


class Pair(msgspec.Struct, frozen=True):
    """A certificate with its key, both PEM."""

    certificate: bytes
    key: bytes


def make_authority(now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:6].upper()
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yihe"),
                      x509.NameAttribute(NameOID.COMMON_NAME, f"Yihe clinic {mark}")])
    allowed = [*map(x509.DNSName, ENDINGS), *map(x509.IPAddress, RANGES)]
    builder = _begun(name, name, key, FIRST_DAY, max(now, FIRST_DAY) + LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return _pair(builder.sign(key, hashes.SHA256()), key)


def make_leaf(authority: Pair, names: list[str], addresses: list[str], now: datetime) -> Pair:
    """What a browser is shown. names and addresses: as `vouched` says."""
    signer, signing = x509.load_pem_x509_certificate(authority.certificate), serialization.load_pem_private_key(authority.key, None)
    key = ec.generate_private_key(ec.SECP256R1())
    begins = max(now - timedelta(days=1), signer.not_valid_before_utc)  # a tablet's clock may be behind
    ends = min(begins + LEAF_LIFE, signer.not_valid_after_utc)
    builder = _begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), signer.subject, key, begins, ends)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName(
        [*map(x509.DNSName, names), *(x509.IPAddress(ip_address(number)) for number in addresses)]), critical=False)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    return _pair(builder.sign(signing, hashes.SHA256()), key)


def vouched(hosts: list[str]) -> tuple[list[str], list[str]]:
    """The names and the numbers among these that the authority may vouch for, each once."""
    names, numbers = [], []
    for host in dict.fromkeys(hosts):
        try:
            number = ip_address(host)
        except ValueError:
            names += [host] if any(host == ending or host.endswith(f".{ending}") for ending in ENDINGS) else []
        else:
            numbers += [host] if any(number in one for one in RANGES) else []
    return names, numbers


def names_in(certificate: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names and the numbers a certificate is for."""
    try:
        said = x509.load_pem_x509_certificate(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    return tuple(said.get_values_for_type(x509.DNSName)), tuple(map(str, said.get_values_for_type(x509.IPAddress)))


def life(certificate: bytes) -> tuple[datetime, datetime]:
    read = x509.load_pem_x509_certificate(certificate)
    return read.not_valid_before_utc, read.not_valid_after_utc


def belong(authority: Pair, leaf: Pair) -> bool:
    """Whether the leaf is this authority's, and the key the leaf's: a power cut may have come between them."""
    try:
        signer, shown = map(x509.load_pem_x509_certificate, (authority.certificate, leaf.certificate))
        shown.verify_directly_issued_by(signer)
        key = serialization.load_pem_private_key(leaf.key, None)
    except (ValueError, TypeError, x509.InvalidVersion, InvalidSignature):
        return False
    return key.public_key() == shown.public_key()


def for_devices(certificate: bytes) -> bytes:
    """As Android and Windows want it: DER."""
    return x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: bytes) -> str:
    """SHA-256 in pairs, as devices show it."""
    return sha256(for_devices(certificate)).digest().hex(":").upper()


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begins, ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), written)
