"""The served review page: only for who has the token, saved whole or not at all, never over an unseen change."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from landlink.cli import main
from landlink.report.review_server import ReviewedFile, ReviewServer
from landlink.report.words import Words
from landlink.statement.register import open_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_yaml import MAX_BYTES
from tests.support.review_pages import browser, context
from tests.support.statement_fixture import HASH, TEXT, reading

__all__ = ["browser", "context"]

DRAFT = draft_register(reading())
PAGE_TEXT = "Both sides will raise traffic to 120 trucks a day by 2030.\nThey stressed friendship.\n"


@contextmanager
def running(path):
    server = ReviewServer(ReviewedFile(path, TEXT, HASH), Words("en"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def register_file(tmp_path):
    path = tmp_path / "register.yaml"
    path.write_text(DRAFT.text(), encoding="utf-8")
    return path


@pytest.fixture
def server(register_file):
    with running(register_file) as made:
        yield made


def ask(server, method="GET", path=None, body=None, **headers):
    """Send a real request; gives status, headers and text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest(method, f"/{server.token}/" if path is None else path, skip_host=True)
    given = {"Host": f"127.0.0.1:{server.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        given = {"Content-Length": str(len(body)), "Content-Type": "application/yaml"} | given
    for name, value in given.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    return found


def etag_of(page):
    return re.search(r'"served": \{"etag": "([0-9a-f]{64})"\}', page).group(1)


def save(server, content, tag, **headers):
    path = f"/{server.token}/register"
    return ask(server, "PUT", path, content.encode(), **({"If_Match": f'"{tag}"'} | headers))


def accepted(text, who="Anna"):
    return text.replace("status: draft\n    accepted_by: null", f"status: accepted\n    accepted_by: {who}", 1)


def test_the_page_is_served_on_loopback_and_tells_nobody_of_its_address(server):
    assert server.server_address[0] == "127.0.0.1"
    status, headers, page = ask(server)
    assert status == 200
    assert "connect-src &#39;self&#39;" in page
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not [name for name in headers if name.lower().startswith("access-control")]
    assert "Python" not in headers["Server"]


@pytest.mark.parametrize("path", ["/", "/register", "/{wrong}/", "/{short}/", "/{token}", "/%C3%A9/", "/x/{token}/"])
def test_without_the_token_nothing_is_given(server, path):
    token = server.token
    given = path.format(token=token, short=token[:-1], wrong=token[:-1] + ("a" if token[-1] != "a" else "b"))
    status, _, page = ask(server, path=given)
    assert status == 403
    assert "Gate" not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", None]
)
def test_a_foreign_name_of_the_host_is_refused(server, host):
    given = host.format(port=server.port) if host else None
    assert ask(server, Host=given)[0] == 403
    assert save(server, DRAFT.text(), "0" * 64, Host=given)[0] == 403


def test_a_page_of_another_origin_is_refused_even_with_the_token(server, register_file):
    tag = etag_of(ask(server)[2])
    for origin in ("http://evil.example", "null", f"http://localhost:{server.port + 1}"):
        assert save(server, accepted(DRAFT.text()), tag, Origin=origin)[0] == 403
    status, headers, _ = ask(server, "OPTIONS", f"/{server.token}/register", Origin="http://evil.example")
    assert status == 501
    assert not [name for name in headers if name.lower().startswith("access-control")]
    assert register_file.read_text(encoding="utf-8") == DRAFT.text()


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_no_other_method_is_known(server, method):
    assert ask(server, method, f"/{server.token}/register", b"x")[0] == 501


def test_a_register_is_saved_and_the_next_save_needs_the_new_tag(server, register_file):
    tag = etag_of(ask(server)[2])
    status, _, told = save(server, accepted(DRAFT.text()), tag)
    assert status == 200
    assert open_register(register_file).clauses[0].accepted_by == "Anna"
    assert save(server, DRAFT.text(), tag)[0] == 412
    assert open_register(register_file).clauses[0].accepted_by == "Anna"
    assert save(server, DRAFT.text(), json.loads(told)["etag"])[0] == 200
    assert register_file.read_text(encoding="utf-8") == DRAFT.text()
    assert [path.name for path in register_file.parent.iterdir()] == ["register.yaml"]


def test_a_file_that_changed_on_disk_is_not_overwritten(server, register_file):
    tag = etag_of(ask(server)[2])
    other = accepted(DRAFT.text(), "Boris")
    register_file.write_text(other, encoding="utf-8")
    assert save(server, accepted(DRAFT.text()), tag)[0] == 412
    assert register_file.read_text(encoding="utf-8") == other


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: accepted(text, "null"), "accepted by nobody"),
        (lambda text: text.replace("strength: 3", "strength: 9"), "out of bounds"),
        (lambda text: text.replace("raise traffic", "raise nothing"), "the quotation"),
        (lambda text: text.replace(HASH, "0" * 64), "its hash differs"),
        (lambda _: "a: &x 1\nb: *x\n", "aliases are not supported"),
        (lambda _: "", "empty"),
    ],
)
def test_a_register_with_problems_is_not_saved_and_each_is_told(server, register_file, damage, told):
    tag = etag_of(ask(server)[2])
    status, _, answer = save(server, damage(DRAFT.text()), tag)
    assert status == 422
    assert told in " ".join(json.loads(answer)["problems"])
    assert register_file.read_text(encoding="utf-8") == DRAFT.text()


def test_what_is_no_save_is_refused_before_it_is_read(server, register_file):
    tag = etag_of(ask(server)[2])
    assert save(server, DRAFT.text(), tag, Content_Type="text/plain")[0] == 415
    assert save(server, "", tag, Content_Length=str(MAX_BYTES + 1))[0] == 413
    assert save(server, "", tag, Content_Length="-5")[0] == 411
    assert save(server, "", tag, Content_Length="²")[0] in (400, 411)
    assert save(server, accepted(DRAFT.text()), "")[0] == 412
    assert ask(server, "PUT", f"/{server.token}/other", b"x")[0] == 404
    assert register_file.read_text(encoding="utf-8") == DRAFT.text()


def test_a_silent_connection_holds_nobody_up(server):
    with socket.create_connection(("127.0.0.1", server.port)):
        assert ask(server)[0] == 200


def test_of_saves_at_the_same_time_one_is_written(server, register_file):
    tag = etag_of(ask(server)[2])
    statuses = []

    def one(who):
        statuses.append(save(server, accepted(DRAFT.text(), who), tag)[0])

    threads = [threading.Thread(target=one, args=(f"R{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [200, 412, 412, 412, 412]
    assert open_register(register_file).clauses[0].accepted_by.startswith("R")


# The command


def prepared(tmp_path):
    (tmp_path / "t.txt").write_text(PAGE_TEXT, encoding="utf-8")
    assert main(["statement", "read", str(tmp_path / "t.txt"), "-o", str(tmp_path / "r.yaml")]) == 0
    return ["statement", "review", str(tmp_path / "r.yaml"), "--source", str(tmp_path / "t.txt"), "--serve"]


def test_the_command_serves_and_ends_cleanly(tmp_path):
    words = [*prepared(tmp_path), "--no-browser", "--json"]
    flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "landlink", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **flags
    )
    try:
        told = ""
        while not told.rstrip().endswith("}"):
            part = process.stdout.readline()
            assert part, process.stderr.read()
            told += part
        address = json.loads(told)["address"]
        port, token = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([\w-]{40,})/", address).groups()
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        connection.request("GET", f"/{token}/")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    if os.name != "nt":
        assert process.returncode == 0
    assert "Traceback" not in complaint
    assert "interrupted" not in complaint


def test_the_command_refuses_what_it_cannot_serve(tmp_path, capsys):
    words = prepared(tmp_path)
    assert main([*words, "--no-browser", "-o", str(tmp_path / "x.html")]) == 2
    assert "not together with --serve" in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main([*words, "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert "cannot be used" in capsys.readouterr().err
    (tmp_path / "t.txt").write_text("Both sides will build another road.", encoding="utf-8")
    assert main([*words, "--no-browser"]) == 2
    assert "its hash differs" in capsys.readouterr().err
    for port in ("0", "65536", "x"):
        with pytest.raises(SystemExit):
            main([*words, "--port", port])


# In a browser


@pytest.mark.browser
def test_the_page_saves_to_disk_and_says_what_it_could_not_save(context, server, register_file):
    shown = context.new_page()
    heard, asked = [], []
    shown.on("pageerror", lambda error: heard.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(server.address)
    shown.fill("#name", "Anna")
    shown.locator("#c-C01 h3").click()
    shown.click("[data-do=accept]")
    shown.wait_for_selector("#c-C01.is-accepted")
    shown.click("#save")
    shown.wait_for_selector("#message:text-is('Saved')")
    assert open_register(register_file).clauses[0].accepted_by == "Anna"
    # Problems are those of the register's checks; the file stays as it was.
    before = register_file.read_bytes()
    shown.locator(".card.current [data-field=indicator]").fill("no.such_indicator")
    shown.locator(".card.current [data-field=indicator]").blur()
    shown.wait_for_selector("#message:has-text('No such indicator')")
    shown.click("#save")
    shown.wait_for_selector("#problems li")
    shown.locator("#c-C02 h3").click()
    shown.locator("#problems a", has_text="no.such_indicator").click()
    shown.wait_for_selector("#c-C01.current")
    assert "no.such_indicator" in shown.locator("#problems").inner_text()
    assert register_file.read_bytes() == before
    shown.click("#undo")
    register_file.write_text(accepted(DRAFT.text(), "Boris"), encoding="utf-8")
    shown.click("#save")
    shown.wait_for_selector("#problems li:has-text('changed since')")
    assert open_register(register_file).clauses[0].accepted_by == "Boris"
    with shown.expect_download():
        shown.click("#download")
    assert heard == []
    assert all(url.startswith((server.address, "blob:")) for url in asked)
