"""A server for the review page of one register: on this machine only, for who has the token, saving to one file."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, LandlinkError, Problem
from landlink.core.input_files import read_input, reason_of
from landlink.report.review import page_of, register_version
from landlink.report.words import Words
from landlink.statement.register import Register, read_register
from landlink.statement.register_check import check_register
from landlink.statement.register_yaml import MAX_BYTES

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["ReviewServer", "ReviewedFile"]

_HOST: Final = "127.0.0.1"
#: Seconds after which a connection that says nothing is closed.
_PATIENCE_S: Final = 30
_PAGE: Final = "text/html; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True)
class ReviewedFile:
    """A register's file under review.

    Attributes
    ----------
    path
        The file.
    text, sha256
        The normalised text from which the register was read, and its hash.
    study
        A study whose names are checked and whose indicators can be chosen; ``None`` for none.
    """

    path: Path
    text: str
    sha256: str
    study: Study | None = None

    def read(self) -> tuple[Register, str]:
        """Read the register, and the tag by which a page says which content it was made from.

        Raises
        ------
        InputError
            The file cannot be read, or is no register of the text.
        """
        content = self._content()
        register = read_register(content, name=self.path.name)
        self._check(register)
        return register, _tag(content)

    def save(self, content: bytes, tag: str) -> tuple[Register, str] | None:
        """Check a register and write it, unless the file has changed since it was read.

        Parameters
        ----------
        content
            The register as YAML.
        tag
            Tag of the content that the page was made from.

        Returns
        -------
        tuple or None
            The register as written and its tag; None if the file has changed, and then nothing was written.

        Raises
        ------
        InputError
            The register has problems; nothing was written.
        OutputError
            The file cannot be written.
        """
        register = read_register(content, name=self.path.name)
        self._check(register)
        if not hmac.compare_digest(_tag(self._content()).encode(), tag.encode()):
            return None
        written = register.text()
        write_text(self.path, written)
        return register, _tag(written.encode("utf-8", errors="backslashreplace"))

    def _content(self) -> bytes:
        try:
            return read_input(self.path, most=MAX_BYTES)
        except OSError as error:
            raise InputError(Problem(str(self.path), f"cannot be read: {reason_of(error)}")) from None

    def _check(self, register: Register) -> None:
        problems = check_register(register, text=self.text, sha256=self.sha256, study=self.study, name=self.path.name)
        if problems:
            raise InputError(problems)


class ReviewServer(ThreadingHTTPServer):
    """Serves the review page of one register.

    Parameters
    ----------
    file
        The register's file.
    words
        Language of the page.
    port
        Port to listen on; 0 for any that is free.

    Raises
    ------
    OSError
        The port is taken, or must not be used.
    """

    daemon_threads = True
    #: On Windows, another program could otherwise take over the port; elsewhere, it can be used again at once.
    allow_reuse_address = os.name != "nt"

    def __init__(self, file: ReviewedFile, words: Words, port: int = 0) -> None:
        self.file = file
        self.words = words
        self.token = secrets.token_urlsafe(32)
        self.saving = threading.Lock()
        super().__init__((_HOST, port), _Handler)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """Address of the page, with the token; who knows it may change the register."""
        return f"http://{_HOST}:{self.port}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that broke off."""


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_S
    server_version = "landlink"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with the page, made of the file as it is now."""
        if self._admitted() != "":
            return
        try:
            register, tag = self.server.file.read()
            page = page_of(
                register,
                self.server.file.text,
                self.server.words,
                self.server.file.path.name,
                study=self.server.file.study,
                served={"etag": tag},
            )
        except LandlinkError as error:
            self._answer(HTTPStatus.CONFLICT, str(error), "text/plain; charset=utf-8")
            return
        self._answer(HTTPStatus.OK, page, _PAGE)

    def do_PUT(self) -> None:
        """Save a register."""
        if self._admitted() != "register":
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return
        if int(length[:12]) > MAX_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        if self.headers.get_content_type() != "application/yaml":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return
        content = self.rfile.read(int(length))
        if len(content) == int(length):
            self._save(content)

    def _save(self, content: bytes) -> None:
        try:
            with self.server.saving:
                saved = self.server.file.save(content, self.headers.get("If-Match", "").strip('"'))
        except InputError as error:
            told = {
                "problems": [str(problem) for problem in error.problems],
                "clauses": [_clause_of(problem) for problem in error.problems],
            }
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, json.dumps(told), _JSON)
        except LandlinkError as error:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, json.dumps({"problems": [str(error)]}), _JSON)
        else:
            if saved is None:
                self._answer(HTTPStatus.PRECONDITION_FAILED, "{}", _JSON)
                return
            register, tag = saved
            self._answer(HTTPStatus.OK, json.dumps({"etag": tag, "version": register_version(register)}), _JSON)

    def _admitted(self) -> str | None:
        """Give what is asked for behind the token; None if the request was refused.

        The name of the host is checked too: a page elsewhere may point a name of its own at this machine, but it
        cannot make a browser call it by another. A page of another origin is refused whatever it knows.
        """
        own = {f"{name}:{self.server.port}" for name in (_HOST, "localhost")}
        origin = self.headers.get("Origin")
        foreign = origin is not None and origin not in {f"http://{name}" for name in own}
        token, slash, rest = self.path.partition("?")[0].removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())
        if self.headers.get_all("Host", []) not in [[name] for name in own] or foreign or not known or not slash:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        wanted = "" if self.command == "GET" else "register"
        if rest != wanted:
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return rest

    def _refuse(self, status: HTTPStatus) -> None:
        """Refuse a request without reading what it brings."""
        self.close_connection = True
        self._answer(status, status.phrase, "text/plain; charset=utf-8")

    def _answer(self, status: HTTPStatus, body: str, kind: str) -> None:
        content = body.encode("utf-8", errors="backslashreplace")
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            # The address holds the token, which no other page is to see.
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Content-Security-Policy", "frame-ancestors 'none'"),
        ):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal quiet; the address of a request holds the token."""


def _tag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _clause_of(problem: Problem) -> str:
    """Identifier of the clause that a problem is about; empty for none."""
    kind, _, rest = problem.row.partition(" ")
    return rest.partition(",")[0] if kind == "clause" else ""
