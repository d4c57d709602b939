"""The languages that names and reports can be given in."""

from __future__ import annotations

from typing import Final

__all__ = ["LANGUAGES"]

#: Codes (ISO 639-1): English, Russian, Chinese, Kyrgyz, Arabic, French, Spanish, Portuguese.
LANGUAGES: Final = ("en", "ru", "zh", "ky", "ar", "fr", "es", "pt")
