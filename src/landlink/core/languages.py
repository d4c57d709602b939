"""The languages of reports, and the codes of further languages that a study may give names in."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["LANGUAGES", "is_language_code"]

#: Languages of reports and names (ISO 639-1): English, Russian, Chinese, Kyrgyz, Arabic, French, Spanish, Portuguese.
LANGUAGES: Final = ("en", "ru", "zh", "ky", "ar", "fr", "es", "pt")

#: A primary language, then script, region or variant as in BCP 47: sw, am, pt-AO, sr-Latn.
_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_language_code(text: str) -> bool:
    """Whether a text has the form of a language code (BCP 47), as in column names such as ``name_sw``.

    Examples
    --------
    >>> is_language_code("sw"), is_language_code("pt-AO"), is_language_code("Swahili")
    (True, True, False)
    """
    return _CODE.fullmatch(text) is not None
