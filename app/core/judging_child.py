"""The judging process's side of app.core.judging. Imported by nothing else: its libraries are large."""

import io
import json
import logging
import os
import sys
import warnings
from contextlib import suppress

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY = 1_500 * 2**20  # bytes; a picture of the largest allowed size takes 260 MB
CPU_SECONDS = 20
MOST_POINTS = 65_000_000  # what the best telephones take
MOST_PAGES = 2_000
SMALL = (480, 480)  # twice what is drawn, for sharp screens
PICTURES = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "webp": b"RIFF"}
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
PROGRAMS = {"/JavaScript", "/Launch"}
MOST_ACTIONS = 1_000  # one after the other; more is no paper either


class _No(Exception):
    """The file is refused; the argument says why."""


def answer() -> None:
    """Judge the file named by the first argument; answer one JSON line, then the small picture."""
    out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    _keep_small()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    small = b""
    try:
        said, small = judge(sys.argv[1])
    except _No as no:
        said = {"refused": str(no)}
    except Exception:  # whatever a library stumbles over in it
        said = {"refused": "damaged"}
    out.write(json.dumps(said).encode() + b"\n" + small)
    out.close()


def _keep_small() -> None:
    """Little memory, little time, no writing; where the system knows no such limits, the parent's clock remains."""
    if hasattr(os, "nice"):
        os.nice(10)
    with suppress(ImportError):
        import resource

        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


def judge(path: str) -> tuple[dict, bytes]:
    with open(path, "rb") as file:
        head = file.read(64)
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return {"kind": "pdf", "pages": _pages(path)}, b""
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        raise _No("heic")
    kind = next((kind for kind, begins in PICTURES.items() if head.startswith(begins)), None)
    if kind is None or (kind == "webp" and head[8:12] != b"WEBP"):
        raise _No("other")
    return {"kind": kind, "pages": None}, _small(path, kind)


def _small(path: str, kind: str) -> bytes:
    """A small JPEG, the right way up, without what the camera wrote about place and time; all of the picture is read for it."""
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        with Image.open(path, formats=(kind.upper(),)) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise _No("large")
            picture.draft("RGB", SMALL)
            picture.load()
            picture.thumbnail(SMALL)
            upright = ImageOps.exif_transpose(picture)
            if upright.has_transparency_data:
                upright = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
            drawn = io.BytesIO()
            upright.convert("RGB").save(drawn, "JPEG", quality=82, exif=b"")
            return drawn.getvalue()
    except Image.DecompressionBombError:
        raise _No("large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise _No("damaged") from None


def _pages(path: str) -> int:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except Exception:  # a cipher that nothing here knows
            raise _No("locked") from None
        if opened is PasswordType.NOT_DECRYPTED:
            raise _No("locked")
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise _No("large")
    if not pages:
        raise _No("damaged")
    if _acts(reader):
        raise _No("program")
    return pages


def _acts(reader) -> bool:
    """Does it run something by itself, or when touched? Then it is no paper but a program."""
    root = reader.root_object
    names = _look(root.get("/Names"))
    if isinstance(names, dict) and "/JavaScript" in names:
        return True
    places = [root, *reader.pages]
    for page in reader.pages:
        places += [_look(one) for one in _look(page.get("/Annots")) or ()]
    return any(_does(place) for place in places if isinstance(place, dict))


def _does(place: dict) -> bool:
    triggers = [_look(place.get(name)) for name in ("/OpenAction", "/A")]
    more = _look(place.get("/AA"))
    if isinstance(more, dict):
        triggers += [_look(one) for one in more.values()]
    return any(_runs(one) for one in triggers)


def _runs(action) -> bool:
    """Itself, or what is done after it: an innocent action may be followed by one that is not."""
    waiting, seen = [action], 0
    while waiting and seen < MOST_ACTIONS:
        one, seen = _look(waiting.pop()), seen + 1
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if one.get("/S") in PROGRAMS:
                return True
            waiting += [one["/Next"]] if "/Next" in one else []
    return bool(waiting)


def _look(one):
    return one.get_object() if hasattr(one, "get_object") else one
