"""Connection to the scheduler of a Dask cluster, refused in words where there is none that would do."""

from __future__ import annotations

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from landlink.core.errors import EnsembleError, InputError, Problem

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["connected", "scheduler_address"]

#: Seconds for which a scheduler may stay silent.
_ANSWER: Final = 10.0
_ADDRESS: Final = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]]+):([0-9]{1,5})")


def scheduler_address(text: str) -> str:
    """Check the address of a scheduler.

    Raises
    ------
    InputError
        It is none.

    Examples
    --------
    >>> scheduler_address("tcp://10.0.0.5:8786")
    'tcp://10.0.0.5:8786'
    """
    match = _ADDRESS.fullmatch(text)
    if match is None or not 0 < int(match[3]) < 2**16:
        allowed = (
            "an address such as tcp://10.0.0.5:8786, as `dask scheduler` prints it; tls://… where it asks for keys"
        )
        raise InputError(Problem("", "invalid address of a scheduler", value=text, allowed=allowed))
    return text


def connected(address: str) -> Client:
    """Connect to a scheduler.

    Raises
    ------
    InputError
        The package for it is not installed.
    EnsembleError
        No scheduler answers, or one of another version.
    """
    if find_spec("distributed") is None:
        message = "a cluster takes a package that is not installed"
        raise InputError(Problem("", message, value="distributed", allowed="pip install 'landlink[cluster]'"))
    from distributed import Client  # noqa: PLC0415  an extra

    _knock(address)
    # In a thread of its own, since a notebook has a loop of events that is running.
    with ThreadPoolExecutor(1) as thread:
        there = thread.submit(asyncio.run, _version_there(address)).result()
    if there != version("distributed"):
        here = f"this process {version('distributed')}; install the same in both places"
        raise EnsembleError(f"the scheduler at {address} has distributed {there}, {here}")
    return Client(address, timeout=_ANSWER, set_as_default=False)


async def _version_there(address: str) -> str:
    """Ask a scheduler for its version, by a question that has been the same in all of them.

    Raises
    ------
    EnsembleError
        There is no answer that could be understood.
    """
    from distributed import rpc  # noqa: PLC0415  an extra
    from distributed.security import Security  # noqa: PLC0415

    try:
        async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
            answer = await asyncio.wait_for(scheduler.versions(packages=[]), _ANSWER)
            return str(answer["packages"]["distributed"])
    except Exception as error:  # whatever a server of another kind makes of the question
        why = str(error) or type(error).__name__
        raise EnsembleError(f"what answers at {address} is no scheduler of Dask: {why}") from error


def _knock(address: str) -> None:
    """Refuse at once an address where nobody is.

    Raises
    ------
    EnsembleError
        Says why.
    """
    _, host, port = _ADDRESS.fullmatch(address).groups()  # type: ignore[union-attr]  # checked before
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnsembleError(f"no scheduler at {address} ({reason}); start one with: dask scheduler") from None
