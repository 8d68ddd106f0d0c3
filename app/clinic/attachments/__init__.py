"""Photos and PDFs about a person: on an entry of the record, on results received together, or on the person.

What a file is, its content says, never its name; anything but a sound JPEG, PNG, WebP or PDF is refused. It is kept
under the hash of its bytes and safely on the disk before a row names it. Nothing is deleted: what was taken out stays
readable with its reason and can be put back, a correction of what is said about it is a new version. Those hidden from
somebody (`hidden`) are the sensitive ones, in every version, and those that hang on an entry withheld from them.
"""

from app.clinic.attachments.actions import OTHER_HAND, add, correct, put_back, withdraw
from app.clinic.attachments.own import own, same, sent_in, take_back
from app.clinic.attachments.queries import called, choices, count, get, hidden, history, newest, of_entries, of_report, page_of, secret, taken_out, withheld
from app.clinic.attachments.refiling import file_again
from app.clinic.attachments.shapes import LARGEST_FILE, Attachment, NewAttachment, Place

__all__ = [
    "LARGEST_FILE", "OTHER_HAND", "Attachment", "NewAttachment", "Place", "add", "called", "choices", "correct", "count", "file_again", "get", "hidden",
    "history", "newest", "of_entries", "of_report", "page_of", "own", "put_back", "same", "secret", "sent_in", "take_back", "taken_out", "withdraw", "withheld",
]  # fmt: skip
