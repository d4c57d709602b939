"""Decode bytes into text: a wrong encoding is reported, with the likely one named, and never guessed silently."""

from __future__ import annotations

import codecs
import re
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "check_text", "decode"]

#: Size limits of a text.
MAX_BYTES: Final = 5_000_000
MAX_CHARACTERS: Final = 5_000_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Signatures of files that are not plain text.
_FILES: Final = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive, perhaps a DOCX or ODT document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
#: Encodings in use for the four languages, each with letters that are frequent in such texts.
_CANDIDATES: Final = (
    ("gb18030", "的一是在和了有合双方同国中"),
    ("big5", "的一是在和了有合雙方同國中"),
    ("cp1251", "оеаинтсрвлкмдпуя"),
    ("koi8-r", "оеаинтсрвлкмдпуя"),
    ("cp866", "оеаинтсрвлкмдпуя"),
    ("cp1256", "اليونمترعبدةه"),
    ("iso8859-6", "اليونمترعبدةه"),
    ("cp1252", "éèêàçüöäñ’“”–"),
)
#: Codecs of Python that no text is written in: of host names, of its own literals, and one that always fails.
_NOT_CHARACTER_SETS: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "undefined", "unicode-escape", "unicode_escape"}
)
_SAMPLE: Final = 20_000
#: Text decoded with the wrong table: UTF-8 read byte by byte, or Cyrillic and Arabic read as Latin.
_GARBLED: Final = re.compile(r"(?:[ÃÂÐÑØÙ][\u0080-\u00bf\u0152-\u2122]){3,}|(?:[ÐÑ][^\s\w]?\w?){8,}")
_LATIN_HIGH: Final = re.compile("[\u00c0-\u00ff]{4,}")
_ODD: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def decode(data: bytes, encoding: str | None = None) -> str:
    """Decode bytes.

    Parameters
    ----------
    data
        Text in UTF-8, or in UTF-16 or UTF-32 with a byte-order mark.
    encoding
        The encoding, if it is another.

    Returns
    -------
    str
        The decoded text.

    Raises
    ------
    InputError
        The data is too large, is not text, or is in another encoding; the likely encoding is named where possible.
    """
    if len(data) > MAX_BYTES:
        raise _problem("is too large", f"at most {MAX_BYTES / 1e6:g} MB", f"{len(data) / 1e6:.1f} MB")
    for beginning, what in _FILES:
        if data.startswith(beginning):
            raise _problem(f"is {what}, not plain text", "plain text, or a web page saved as text")
    if encoding is not None:
        return _decoded(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = _likely(data)
        if found:
            message = f"is not UTF-8 (invalid byte at offset {error.start}); it looks like {found}"
            raise _problem(message, f"UTF-8, or {found} stated with the option encoding") from None
        message = f"is not UTF-8 (invalid byte at offset {error.start}), and no other known encoding fits"
        raise _problem(message, "text in UTF-8") from None
    # Two-byte text without a byte-order mark may pass for UTF-8.
    found = _wide(data) if len(_ODD.findall(text[:_SAMPLE])) > 0.05 * len(text[:_SAMPLE]) else ""
    if found:
        message = f"looks like {found} without a byte-order mark"
        raise _problem(message, f"UTF-8, or {found} stated with the option encoding")
    return text


def _problem(message: str, allowed: str, value: str = "") -> InputError:
    return InputError(Problem("text", message, value=value, allowed=allowed))


def _decoded(data: bytes, encoding: str) -> str:
    allowed = "a character set such as utf-8 or cp1251"
    try:
        known = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise _problem("has an unknown encoding", allowed, encoding) from None
    if known.name in _NOT_CHARACTER_SETS or not getattr(known, "_is_text_encoding", True):
        raise _problem("has an encoding that is no character set", allowed, encoding)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"is not {encoding} (invalid byte at offset {error.start})"
        raise _problem(message, "the encoding in which the text was written") from None
    except (UnicodeError, LookupError, ValueError, OSError) as error:
        raise _problem(f"is not {encoding} ({error})", "the encoding in which the text was written") from None


def _likely(data: bytes) -> str:
    """Name the encoding that yields the most plausible text; empty if none does."""
    sample = data[:_SAMPLE]
    if found := _wide(sample):
        return found
    if len(_ODD.findall(sample.decode("latin-1"))) > 0.01 * len(sample):
        return ""
    best, found = 0.0, ""
    for name, frequent in _CANDIDATES:
        score = _score(sample, name, frequent)
        if score > best:
            best, found = score, name
    return found if best > 0.25 else ""


def _wide(data: bytes) -> str:
    """Recognise UTF-16 without a byte-order mark: the high bytes are nearly all the same; empty if it is not that."""
    sample = data[:_SAMPLE]
    for name, half in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        common = sum(half.count(high) for high in (0x00, 0x04, 0x06, 0x30)) + sum(0x4E <= high <= 0x9F for high in half)
        text = sample[: len(sample) // 2 * 2].decode(name, errors="replace")
        alike = sum(letter.isalpha() or letter.isspace() for letter in text) > 0.8 * len(text)
        if half and common > 0.95 * len(half) and alike and "\ufffd" not in text:
            return name
    return ""


def _score(sample: bytes, name: str, frequent: str) -> float:
    """Compute the share of frequent letters among the non-ASCII ones."""
    text = sample.decode(name, errors="replace")
    foreign = [letter for letter in text if letter > "\x7f"]
    if not foreign or text.count("\ufffd") > 0.02 * len(foreign) + 1:
        return 0.0
    common = sum(letter in frequent for letter in foreign) / len(foreign)
    # Chinese has thousands of characters: a small share of frequent ones is as telling as a large one of letters.
    return min(1.0, common * (4.0 if name in {"gb18030", "big5"} else 1.0))


def check_text(text: str) -> None:
    """Reject what cannot be a statement, before any of it is read.

    Parameters
    ----------
    text
        The decoded text.

    Raises
    ------
    InputError
        The text is too long, empty, without letters, full of control characters, or was decoded wrongly.
    """
    if len(text) > MAX_CHARACTERS:
        allowed = f"at most {MAX_CHARACTERS / 1e6:g} million characters"
        raise _problem("is too long", allowed, f"{len(text) / 1e6:.1f} million characters")
    if not text.strip(" \t\r\n\ufeff\u200b\u200e\u200f\u00a0"):
        raise _problem("is empty", "a statement, or a sentence of one")
    sample = text[:_SAMPLE]
    if len(_ODD.findall(sample)) > 0.01 * len(sample):
        raise _problem("consists largely of control characters", "plain text")
    if any("\ud800" <= letter <= "\udfff" for letter in sample):
        raise _problem("contains lone surrogates: it was decoded wrongly", "text decoded from its own encoding")
    if sample.count("\ufffd") > 0.005 * len(sample):
        raise _problem("contains replacement characters: letters were lost in decoding", "the original file")
    letters = sum(letter.isalpha() for letter in sample)
    high = sum(map(len, _LATIN_HIGH.findall(sample)))
    if _GARBLED.search(sample) or (letters >= 8 and high > 0.3 * letters):
        encoding = _original_encoding(sample)
        hint = f"; it looks like {encoding} decoded as Latin" if encoding else ""
        raise _problem(f"is garbled: it was decoded wrongly{hint}", "text decoded from its own encoding")
    if letters == 0 and not any(letter.isalpha() for letter in text):
        raise _problem("has no letters", "a statement, or a sentence of one")


def _original_encoding(sample: str) -> str:
    """Name the encoding of bytes that were wrongly decoded as one Latin letter each; empty if unknown."""
    for wrong in ("cp1252", "latin-1"):
        try:
            data = sample.encode(wrong)
        except UnicodeEncodeError:
            continue
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return _likely(data)
        return "utf-8"
    return ""
