"""Read a text: from what was given to clauses with strength, topics, parties, quantities and flags."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from landlink.core.errors import InputError, Problem
from landlink.statement.clause import Clause, Reading, Sentence
from landlink.statement.country_mentions import country_mentions, settled
from landlink.statement.encoding import check_text, decode
from landlink.statement.folding import fold
from landlink.statement.gazetteer import Gazetteer
from landlink.statement.language_detection import UNKNOWN, evident_language, language_of, name_of
from landlink.statement.lexicon import LANGUAGES, UserTables
from landlink.statement.lexicon_check import checked_tables
from landlink.statement.line_roles import Role, line_roles
from landlink.statement.measure_fields import with_fields
from landlink.statement.normalise import normalise
from landlink.statement.provisions import kind_of
from landlink.statement.sentence_reading import SentenceReader
from landlink.statement.sentences import MAX_LENGTH, TextSpan, paragraphs, sentences
from landlink.statement.table_lines import cell_spans, is_table_line
from landlink.statement.topic_context import with_context

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["read", "text_hash"]

#: A paragraph with fewer letters takes the language of the text, unless it shows one that is read.
_FEW_LETTERS: Final = 12
#: Letters below which a paragraph in no certain language is taken to be in that of the text.
_DOUBTFUL_LETTERS: Final = 120
#: A text of which a smaller share can be read is refused, rather than read here and there.
_READABLE_SHARE: Final = 0.1
#: Number of opening paragraphs in which the parties to a text are sought.
_OPENING: Final = 3
#: Most lines of a title.
_TITLE: Final = 5
#: A text of at least so many sentences, of which fewer than this share commit to anything, is out of genre.
_GENRE_SENTENCES: Final = 8
_GENRE_SHARE: Final = 0.1

#: Roles of lines that are one sentence.
_WHOLE: Final = frozenset({Role.MEASURE, Role.ROW, Role.LABELS})
#: Start and end of a paragraph.
_Span: TypeAlias = tuple[int, int]


def read(
    text: str | bytes,
    *,
    gazetteer: Gazetteer | Study | Mapping[str, Any] | None = None,
    encoding: str | None = None,
    lexicons: Path | None = None,
) -> Reading:
    """Read a statement, or one sentence of it.

    Parameters
    ----------
    text
        Plain text or a web page; bytes in UTF-8, or in UTF-16 with a byte-order mark.
    gazetteer
        Source of the names of projects and places: a :class:`~landlink.statement.Gazetteer`, a study, or the tables of
        one.
    encoding
        Encoding of the bytes, if it is another.
    lexicons
        Folder of the user's own lexicon tables, which add to the built-in ones.

    Returns
    -------
    Reading
        The normalised text, its sentences and its clauses.

    Raises
    ------
    InputError
        The text is empty, too long, not text, wrongly decoded, or in a language that is not supported; or a lexicon
        table is invalid.

    Examples
    --------
    >>> import landlink as ll
    >>> clause = ll.statement.read("The sides agreed to open the border post by 2030.").clauses[0]
    >>> clause.strength, clause.topics, clause.deadline.isoformat()
    (4, ('border_crossing',), '2030-12-31')
    """
    given = decode(text, encoding) if isinstance(text, bytes) else text
    check_text(given)
    own = checked_tables(lexicons) if lexicons else None
    normal = normalise(given)
    check_text(normal.text)
    names = gazetteer if isinstance(gazetteer, Gazetteer) or gazetteer is None else Gazetteer.of(gazetteer)
    spans = list(paragraphs(normal.text))
    languages = _languages(normal.text, spans)
    main = _main_language(spans, languages)
    marked = list(zip(spans, languages, strict=True))
    known = (frozenset(_named(normal.text, marked, own)), _countries_of(names))
    parties = _parties(normal.text, marked, own, known)
    lines = _heading(normal.text, spans)
    kind = kind_of(fold(normal.text[: spans[lines - 1][1]]).text if lines else "", normal.text)
    reader = SentenceReader(normal.text, gazetteer=names, user_tables=own, parties=parties, known=known, kind=kind)
    found: list[Sentence] = []
    clauses: list[Clause] = []
    for span, language, role in _sentences(normal.text, marked, plan=kind.plan):
        read_here, cue = reader.read(span, language, len(found), role) if language in LANGUAGES else ([], False)
        found.append(Sentence(span.start, span.end, language, cue))
        clauses += read_here
    sha256 = text_hash(normal.text)
    clauses = [clause for clause in clauses if clause.start not in reader.bare_heads]
    clauses = with_context(normal.text, clauses, marked, title=lines, user_tables=own)
    return Reading(
        normal.text, sha256, main, tuple(found), tuple(_flag_genre(clauses, found)), normal.source, normal.layout
    )


def _sentences(text: str, spans: Sequence[tuple[_Span, str]], *, plan: bool) -> Iterator[tuple[TextSpan, str, Role]]:
    """Yield the sentences of a text, each with its language and the role of its line."""
    roles = line_roles([text[start:end] for (start, end), _ in spans], plan=plan)
    found: list[TextSpan] = []
    of_line: dict[int, tuple[str, Role]] = {}
    for ((start, end), language), role in zip(spans, roles, strict=True):
        here = _of_line(text, start, end, role)
        found += here
        of_line.update(dict.fromkeys((span.start for span in here), (language, role)))
    for span in with_fields(text, found):
        yield (span, *of_line[span.start])


def _of_line(text: str, start: int, end: int, role: Role) -> list[TextSpan]:
    """Split a line into sentences; a row of measures is one, the cells of any other row are read one by one."""
    line = text[start:end]
    if not is_table_line(line):
        return sentences(text, start, end)
    cells = cell_spans(line)
    if role in _WHOLE:
        return [TextSpan(start + cells[0][0], start + min(cells[-1][1], cells[0][0] + MAX_LENGTH))]
    return [span for first, last in cells for span in sentences(text, start + first, start + last)]


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _languages(text: str, spans: Sequence[_Span]) -> list[str]:
    """Detect the language of each paragraph; short and undetermined ones take that of the text."""
    whole = language_of(text)
    found = []
    for start, end in spans:
        letters = sum(letter.isalpha() for letter in text[start:end])
        detected = evident_language(text[start:end])
        short = letters < _FEW_LETTERS and detected not in LANGUAGES
        doubtful = detected == UNKNOWN and letters < _DOUBTFUL_LETTERS
        found.append(whole if short or doubtful or not detected else detected)
    return found


def _main_language(spans: Sequence[_Span], languages: Sequence[str]) -> str:
    """Find the supported language of most of the text."""
    letters: Counter[str] = Counter()
    for (start, end), language in zip(spans, languages, strict=True):
        letters[language] += end - start
    readable = {language: count for language, count in letters.items() if language in LANGUAGES}
    if sum(readable.values()) < _READABLE_SHARE * sum(letters.values()):
        other = letters.most_common(1)[0][0]
        supported = ", ".join(name_of(code) for code in LANGUAGES)
        what = "a language" if other == UNKNOWN else f"{name_of(other)},"
        raise InputError(Problem("text", f"is in {what} which is not supported", allowed=supported))
    return max(readable, key=lambda language: (readable[language], language))


def _named(
    text: str,
    spans: Sequence[tuple[_Span, str]],
    user_tables: UserTables | None,
    known: Sequence[frozenset[str]] | None = None,
) -> Counter[str]:
    """Count the countries that paragraphs name beyond doubt."""
    found: Counter[str] = Counter()
    for (start, end), language in spans:
        if language in LANGUAGES:
            paragraph = text[start:end]
            found.update(settled(country_mentions(paragraph, fold(paragraph), language, user_tables, known=known)))
    return found


def _countries_of(names: Gazetteer | None) -> frozenset[str]:
    """Collect the countries of the projects and places that a gazetteer names."""
    belongs = names.countries.values() if names else ()
    return frozenset(code for codes in belongs for code in codes)


def _parties(
    text: str, spans: Sequence[tuple[_Span, str]], user_tables: UserTables | None, known: Sequence[frozenset[str]]
) -> tuple[str, ...]:
    """Find the parties to a text: the countries of its title, or those that its opening names more than once.

    They are two or more, or unknown.
    """
    if len(spans) < 2:
        return ()
    title = _named(text, spans[: _heading(text, [span for span, _ in spans])], user_tables, known)
    if len(title) >= 2:
        return tuple(sorted(title))
    if len(spans) < _OPENING:
        return ()
    counted = _named(text, spans[:_OPENING], user_tables, known)
    repeated = [code for code, count in counted.items() if count > 1]
    return tuple(sorted(repeated)) if len(repeated) >= 2 else ()


def _heading(text: str, spans: Sequence[_Span]) -> int:
    """Count the opening lines that are a title: those before the first row, or line that ends like a sentence."""
    count = 0
    while (
        count < min(len(spans) - 1, _TITLE)
        and text[spans[count][1] - 1] not in ".。;；:：,，"
        and not is_table_line(text[slice(*spans[count])])
    ):
        count += 1
    return count


def _flag_genre(clauses: Sequence[Clause], found: Sequence[Sentence]) -> Sequence[Clause]:
    """Flag the clauses of a long text in which hardly any sentence commits to anything."""
    committing = {clause.sentence for clause in clauses if clause.strength}
    if len(found) >= _GENRE_SENTENCES and len(committing) < _GENRE_SHARE * len(found):
        return [replace(clause, flags=(*clause.flags, "out_of_genre")) for clause in clauses]
    return clauses
