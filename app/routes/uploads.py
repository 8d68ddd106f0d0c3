"""One file with its form around it, read as it arrives: into the files' folder, never whole into memory, no further than allowed."""

from typing import Any

import msgspec
from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from app.core.errors import Refusal, TooLarge
from app.core.files import Incoming
from app.core.words import N_

MOST_TYPED = 200_000  # bytes of all text fields together
# What is too large is still read to its end, up to here, because a browser that cannot send hears no answer.
MOST_READ = 300 * 2**20
BROKEN = N_("This could not be read. Please go back and try again.")
TOO_LARGE = N_("That is too large. At most 20 MB can be sent at once.")


class Upload(msgspec.Struct):
    """typed: the text fields. too_large: the file went on beyond the limit, and was let go."""

    typed: dict[str, list[str]]
    too_large: bool = False


async def receive(request: Request, arriving: Incoming, most: int) -> Upload:
    """The first file of a multipart form goes to `arriving`, up to a byte more than `most`. Raises Refusal, TooLarge."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Refusal(BROKEN)
    if (request.content_length or 0) > MOST_READ:
        raise TooLarge(TOO_LARGE)
    reading = _Reading(arriving, most)
    try:
        with PushMultipartParser(options["boundary"], max_segment_count=100) as parser:
            async for chunk in request.stream():
                if parser.closed:
                    break
                for part in parser.parse(chunk):
                    reading.take(part)
    except (MultipartError, UnicodeError):
        raise Refusal(BROKEN) from None
    return reading.upload


class _Reading:
    def __init__(self, arriving: Incoming, most: int) -> None:
        self.upload, self.arriving, self.most = Upload({}), arriving, most
        self.name, self.text, self.typed, self.read = "", None, 0, 0

    def take(self, part: Any) -> None:
        """A heading, then its bytes in pieces, then None."""
        if isinstance(part, MultipartSegment):
            self.name, self.text = part.name, None if part.filename is not None else bytearray()
        elif part and self.text is None:
            self._file(part)
        elif part:
            self.typed += len(part)
            if self.typed > MOST_TYPED:
                raise TooLarge(TOO_LARGE)
            self.text += part
        elif self.text is not None:
            self.upload.typed.setdefault(self.name, []).append(self.text.decode("utf-8"))

    def _file(self, part: bytes) -> None:
        self.read += len(part)
        if self.read > MOST_READ:
            raise TooLarge(TOO_LARGE)
        if self.read > self.most:
            self.upload.too_large = True
        else:
            self.arriving.write(bytes(part))
