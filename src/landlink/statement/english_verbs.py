"""Forms of the English verbs of action in the lexicon."""

from __future__ import annotations

from functools import lru_cache

from landlink.statement.lexicon import rows

__all__ = ["plain_form", "verbs"]


@lru_cache(maxsize=1)
def verbs() -> tuple[frozenset[str], frozenset[str]]:
    """Plain forms of the verbs of action, and those of them that are nouns as well."""
    named = [(row["kind"], row["pattern"].split()[0]) for row in rows("en", "actions")]
    plain = frozenset(word for kind, word in named if kind in {"base", "base_or_noun"})
    return plain, frozenset(word for kind, word in named if kind == "base_or_noun")


def plain_form(word: str) -> str:
    """Plain form of a verb in the third person; empty if it is none."""
    plain, _ = verbs()
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        stem = word.removesuffix(ending) + instead
        if word.endswith(ending) and stem in plain:
            return stem
    return "have" if word == "has" else ""
