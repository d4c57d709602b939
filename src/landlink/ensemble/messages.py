"""Messages between a run and its worker processes: pickles over pipes, each preceded by its length."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import IO, Any, Final

__all__ = ["Told", "pack", "receive", "receive_packed", "send"]

_LENGTH: Final = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Told:
    """What a job tells before it is done."""

    what: Any


def pack(message: object) -> bytes:
    """Pickle a message."""
    return pickle.dumps(message, protocol=5)


def send(stream: IO[bytes], packed: bytes) -> None:
    """Write a packed message.

    Raises
    ------
    OSError
        The other side has closed its end.
    """
    stream.write(_LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read a message.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    # Both ends of the pipe belong to this run.
    return pickle.loads(receive_packed(stream))  # noqa: S301


def receive_packed(stream: IO[bytes]) -> bytes:
    """Read a message, and leave it packed.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(length)
    packed = stream.read(size)
    if len(packed) < size:
        raise EOFError
    return packed
