"""A person's photo: judged by its content, drawn anew and small, so that nothing of the camera's notes (where it was taken) stays."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import Refusal
from app.core.words import N_

LARGEST = 15 * 2**20  # bytes, as a tablet's camera sends them
MOST_PIXELS = 60_000_000
BOX = (480, 480)
MAGIC = b"\xff\xd8\xff"  # how every photo that is kept begins


def draw_photo(content: bytes) -> bytes:
    """A small JPEG, upright. A Refusal says what cannot be used."""
    if len(content) > LARGEST:
        raise Refusal(N_("At most 15 MB."))
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal(N_("This picture is too large."))
            picture.draft("RGB", (BOX[0] * 2, BOX[1] * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(BOX)
            drawn = BytesIO()
            _on_white(upright).save(drawn, "JPEG", quality=82)
            return drawn.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Refusal(N_("Please choose a photo: JPEG, PNG or WebP.")) from None


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and picture.mode != "P":
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGB", seen.size, "white")
    white.paste(seen, mask=seen.getchannel("A"))
    return white
