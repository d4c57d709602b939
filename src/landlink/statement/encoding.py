"""From bytes to text: what they are is found out, said when it is wrong, and never guessed in silence."""

from __future__ import annotations

import codecs
import re
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["MOST_BYTES", "MOST_CHARACTERS", "check_text", "decode"]

#: Largest text read.
MOST_BYTES: Final = 5_000_000
MOST_CHARACTERS: Final = 5_000_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How files that are no plain text begin.
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
#: Encodings that texts in the four languages are found in, and letters that are frequent in such texts.
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
_SAMPLE: Final = 20_000
#: Text that was decoded by the wrong table: UTF-8 read as one byte a letter, or Cyrillic and Arabic read as Latin.
_GARBLED: Final = re.compile(r"(?:[ÃÂÐÑØÙ][\u0080-\u00bf\u0152-\u2122]){3,}|(?:[ÐÑ][^\s\w]?\w?){8,}")
_LATIN_HIGH: Final = re.compile("[\u00c0-\u00ff]{4,}")
_ODD: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of some bytes.

    Parameters
    ----------
    data
        UTF-8, or UTF-16 or UTF-32 with a byte-order mark.
    encoding
        Their encoding, where it is another.

    Raises
    ------
    InputError
        The bytes are too many, or no text, or in another encoding, which is named if it can be told.
    """
    if len(data) > MOST_BYTES:
        raise _problem(f"has {len(data) / 1e6:.1f} MB, which no statement needs", f"at most {MOST_BYTES / 1e6:g} MB")
    for beginning, what in _FILES:
        if data.startswith(beginning):
            raise _problem(f"is {what}, not text", "plain text, or a web page saved as text")
    if encoding is not None:
        return _as_said(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as_said(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = _likely(data)
        if found:
            told = f"is not UTF-8 (byte {error.start}); it looks like {found}"
            raise _problem(told, f"UTF-8; or say encoding={found!r}") from None
        raise _problem(f"is not UTF-8 (byte {error.start}), nor any encoding that we know", "text in UTF-8") from None
    # Two bytes a letter, without a mark that says so, may pass for UTF-8.
    found = _wide(data) if len(_ODD.findall(text[:_SAMPLE])) > 0.05 * len(text[:_SAMPLE]) else ""
    if found:
        raise _problem(f"looks like {found} without a byte-order mark", f"UTF-8; or say encoding={found!r}")
    return text


def _problem(message: str, allowed: str) -> InputError:
    return InputError(Problem("text", message, allowed=allowed))


def _as_said(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise _problem(f"is said to be in {encoding!r}, an encoding that we do not know", "utf-8, cp1251 ...") from None
    except UnicodeDecodeError as error:
        raise _problem(f"is not {encoding} (byte {error.start})", "the encoding it was written in") from None


def _likely(data: bytes) -> str:
    """The encoding in which the bytes make the likeliest text; empty: none does."""
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
    """The order of bytes in which two of them make a letter: one half of the pairs is nearly always the same."""
    sample = data[:_SAMPLE]
    for name, half in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        common = sum(half.count(high) for high in (0x00, 0x04, 0x06, 0x30)) + sum(0x4E <= high <= 0x9F for high in half)
        text = sample[: len(sample) // 2 * 2].decode(name, errors="replace")
        alike = sum(letter.isalpha() or letter.isspace() for letter in text) > 0.8 * len(text)
        if half and common > 0.95 * len(half) and alike and "\ufffd" not in text:
            return name
    return ""


def _score(sample: bytes, name: str, frequent: str) -> float:
    """Share of frequent letters among those that are not ASCII."""
    text = sample.decode(name, errors="replace")
    foreign = [letter for letter in text if letter > "\x7f"]
    if not foreign or text.count("\ufffd") > 0.02 * len(foreign) + 1:
        return 0.0
    common = sum(letter in frequent for letter in foreign) / len(foreign)
    # Among thousands of characters a few frequent ones say as much as many do among thirty letters.
    return min(1.0, common * (4.0 if name in {"gb18030", "big5"} else 1.0))


def check_text(text: str) -> None:
    """Refuse what cannot be a statement before any of it is read.

    Raises
    ------
    InputError
        The text is too long, empty, without letters, full of control characters, or was decoded wrongly.
    """
    if len(text) > MOST_CHARACTERS:
        raise _problem(f"has {len(text) / 1e6:.1f} million characters", f"at most {MOST_CHARACTERS / 1e6:g} million")
    if not text.strip(" \t\r\n\ufeff\u200b\u200e\u200f\u00a0"):
        raise _problem("is empty", "a statement or a sentence of one")
    sample = text[:_SAMPLE]
    if len(_ODD.findall(sample)) > 0.01 * len(sample):
        raise _problem("is full of control characters: it is not text", "plain text")
    if any("\ud800" <= letter <= "\udfff" for letter in sample):
        raise _problem("holds halves of characters: it was decoded wrongly", "text decoded from its own encoding")
    if sample.count("\ufffd") > 0.005 * len(sample):
        raise _problem("holds marks of characters that were lost: it was decoded wrongly", "the original file")
    letters = sum(letter.isalpha() for letter in sample)
    high = sum(map(len, _LATIN_HIGH.findall(sample)))
    if _GARBLED.search(sample) or (letters >= 8 and high > 0.3 * letters):
        told = _unscrambled(sample)
        hint = f"; it looks like {told} read with the wrong table" if told else ""
        raise _problem(f"is garbled: it was decoded wrongly{hint}", "text decoded from its own encoding")
    if letters == 0 and not any(letter.isalpha() for letter in text):
        raise _problem("has no letters", "a statement or a sentence of one")


def _unscrambled(sample: str) -> str:
    """Encoding of the bytes that were wrongly read as one Latin letter each."""
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
