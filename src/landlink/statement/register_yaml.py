"""YAML for registers: a small, safe subset, read with line numbers and written in one canonical form.

The subset is what a register needs: one document of mappings, lists and scalars. Anchors, aliases, tags and duplicate
keys are rejected, and size and depth are bounded. Everything is text except ``true``, ``false``, ``null``, integers and
decimals, so that ``NO`` remains a country and ``2022-02-06`` remains as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from landlink.core.errors import InputError, Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Located", "parse", "write"]

#: Largest file; a register of the longest text that is read is smaller.
MAX_BYTES: Final = 32 * 1024 * 1024
#: Deepest nesting; a register has five levels.
MAX_DEPTH: Final = 12
#: The C parser yields the same events ten times as fast.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, object]] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Located:
    """A value and its line.

    Attributes
    ----------
    value
        A scalar, a list of :class:`Located`, or a mapping of strings to :class:`Located`.
    line
        Line number, from 1.
    """

    value: Any
    line: int

    @property
    def plain(self) -> Any:
        """The value without line numbers."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value


class _Open:
    """A mapping or list whose end has not been reached."""

    def __init__(self, line: int, *, mapping: bool) -> None:
        self.line = line
        self.mapping: dict[str, Located] | None = {} if mapping else None
        self.items: list[Located] = []
        self.key: str | None = None


def parse(content: str | bytes, name: str) -> Located:
    """Read one YAML document.

    Parameters
    ----------
    content
        The text, or its bytes in UTF-8.
    name
        Name of the document in error messages.

    Returns
    -------
    Located
        The root of the document.

    Raises
    ------
    InputError
        The document is too large, too deep, not YAML or not UTF-8, or uses a feature outside the subset.
    """
    text = _decoded(content, name)
    problems: list[Problem] = []
    try:
        root = _built(text, name, problems)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(Problem(name, f"not valid YAML: {error.problem or error.context}", line)) from None
    except yaml.YAMLError as error:
        raise InputError(Problem(name, f"not valid YAML: {str(error).splitlines()[0]}")) from None
    if problems:
        raise InputError(problems)
    if root is None:
        raise InputError(Problem(name, "empty", allowed="a register"))
    return root


def _decoded(content: str | bytes, name: str) -> str:
    size = len(content)
    if size > MAX_BYTES:
        found = f"{size / 1048576:,.0f} MiB"
        raise InputError(Problem(name, "too large", value=found, allowed=f"at most {MAX_BYTES // 1048576} MiB"))
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(Problem(name, "not UTF-8", f"line {line}", allowed="a file saved as UTF-8")) from None


def _built(text: str, name: str, problems: list[Problem]) -> Located | None:
    """Build the document from the parser's events, without recursion, so that depth cannot exhaust the stack."""
    stack: list[_Open] = []
    root: Located | None = None
    documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = f"line {event.start_mark.line + 1}"
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise InputError(Problem(name, "a second document starts here", line, allowed="one document"))
        if unsupported := _unsupported(event):
            message = f"{unsupported} are not supported"
            problems.append(Problem(name, message, line, allowed="every value written out in full"))
        if isinstance(event, yaml.CollectionStartEvent) and len(stack) >= MAX_DEPTH:
            raise InputError(Problem(name, "nested too deeply", line, allowed=f"{MAX_DEPTH} levels"))
        done = _value_of(event, stack)
        if done is not None and stack:
            _put(stack[-1], done, name, problems)
        root = done if done is not None and not stack else root
    return root


def _value_of(event: yaml.Event, stack: list[_Open]) -> Located | None:
    """Return the value that an event completes; None if it only opens one, which is then pushed on the stack."""
    line = event.start_mark.line + 1
    if isinstance(event, yaml.CollectionStartEvent):
        stack.append(_Open(line, mapping=isinstance(event, yaml.MappingStartEvent)))
    elif isinstance(event, yaml.CollectionEndEvent):
        ended = stack.pop()
        return Located(ended.items if ended.mapping is None else ended.mapping, ended.line)
    elif isinstance(event, yaml.ScalarEvent):
        return Located(_scalar(event), line)
    elif isinstance(event, yaml.AliasEvent):
        return Located(None, line)
    return None


def _unsupported(event: yaml.Event) -> str:
    """Name the feature of an event that is outside the subset; empty if there is none."""
    if isinstance(event, yaml.AliasEvent):
        return "aliases"
    if getattr(event, "anchor", None) is not None:
        return "anchors"
    if getattr(event, "tag", None) is not None:
        return "tags"
    return ""


def _put(place: _Open, value: Located, name: str, problems: list[Problem]) -> None:
    if place.mapping is None:
        place.items.append(value)
    elif place.key is None:
        place.key = value.value if isinstance(value.value, str) else _as_key(value, name, problems)
        if place.key in place.mapping:
            problems.append(Problem(name, "duplicate field", f"line {value.line}", place.key))
    else:
        place.mapping[place.key] = value
        place.key = None


def _as_key(value: Located, name: str, problems: list[Problem]) -> str:
    if isinstance(value.value, dict | list) or value.value is None:
        problems.append(Problem(name, "invalid field name", f"line {value.line}", allowed="text"))
    return str(value.plain)


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if event.style not in (None, ""):
        return text
    if text.lower() in _WORDS and (text.islower() or text in ("", "~")):
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def write(value: Any) -> str:
    """Write plain mappings, lists and scalars as YAML in canonical form.

    Parameters
    ----------
    value
        Mappings, lists and scalars; fields are written in the order given.

    Returns
    -------
    str
        The document in block style.
    """
    return "".join(_lines(value, ""))


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(f"{indent}{_text(key)}:", item, indent + "  ")
    else:
        for item in value:
            yield from _item(item, indent)


def _entry(head: str, item: Any, indent: str) -> Iterator[str]:
    parts = item if isinstance(item, list) else [item]
    if item and any(isinstance(part, dict | list) for part in parts):
        yield f"{head}\n"
        yield from _lines(item, indent)
    else:
        yield f"{head} {_flow(item)}\n"


def _item(item: Any, indent: str) -> Iterator[str]:
    if isinstance(item, dict) and item:
        lines = list(_lines(item, indent + "  "))
        yield f"{indent}- {lines[0].lstrip()}"
        yield from lines[1:]
    else:
        yield f"{indent}- {_flow(item)}\n"


def _flow(item: Any) -> str:
    """Write a value on one line."""
    if isinstance(item, list):
        return "[" + ", ".join(_flow(part) for part in item) + "]"
    if isinstance(item, dict):
        return "{" + ", ".join(f"{_text(key)}: {_flow(part)}" for key, part in item.items()) + "}"
    if item is None or isinstance(item, bool):
        return {None: "null", True: "true", False: "false"}[item]
    if isinstance(item, int | float):
        return _number(item)
    return _text(str(item))


def _number(item: float) -> str:
    whole = isinstance(item, int) or (item.is_integer() and abs(item) < 1e15)
    return str(int(item)) if whole else repr(float(item))


#: Text that every YAML reader takes for text without quotation marks, even in a list.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./()%-]*(?: [A-Za-z0-9_./()%-]+)*")
_RESERVED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    quoted = yaml.dump(text, Dumper=_DUMPER, allow_unicode=True, width=10**9, default_style='"')
    return str(quoted).rstrip("\n")
