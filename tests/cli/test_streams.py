"""Interruptions at any moment, streams that are closed or full: an exit code and a line, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import landlink as ll

SOURCE = Path(ll.__file__).parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals and streams")

#: Runs the command line; a module is interrupted while it is imported, as by Ctrl-C just then.
_INTERRUPTED_IMPORT = """
import signal, sys
module, sys.argv = sys.argv[1], ["landlink", *sys.argv[2:]]
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        global module
        if name == module:
            module = ""
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
for name in [name for name in sys.modules if name == module]:
    del sys.modules[name]
from landlink.__main__ import main
sys.exit(main())
"""

#: The same where the exception meets code that cannot pass it on: a finaliser.
_INTERRUPTED_FINALISER = """
import signal, sys, time
from landlink.cli import arguments, studies
from landlink.__main__ import main
class Final:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
def work(args):
    Final()
    time.sleep(20)
    return 0
studies._check = work
sys.argv = ["landlink", "check", "x"]
sys.exit(main())
"""


def run(*words: str, shell: str = "", code: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python, or a shell that redirects its streams."""
    here = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", code, *words] if code else [sys.executable, "-m", "landlink", *words]
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
    return subprocess.run(command, env=here, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "module",
    [
        "argparse",
        "landlink.cli",
        "landlink.cli.border",
        "landlink.study",
        "numpy",
        "numpy.linalg",
        "pandas",
        "pyarrow.lib",
    ],
)
def test_an_interruption_of_an_import_ends_quietly(module: str) -> None:
    told = run(module, "check", "china-kyrgyzstan", code=_INTERRUPTED_IMPORT)
    assert (told.returncode, told.stderr, told.stdout) == (130, "landlink: interrupted\n", "")


def test_an_interruption_of_a_finaliser_is_not_lost() -> None:
    told = run(code=_INTERRUPTED_FINALISER)
    assert (told.returncode, told.stderr) == (130, "landlink: interrupted\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [(["--version"], 0), (["--help"], 0), (["check", "no such"], 2), (["check", "no such", "--json"], 2), (["x"], 2)],
)
def test_closed_streams_change_nothing_else(closed: str, words: list[str], code: int) -> None:
    told = run(*words, shell=closed)
    assert told.returncode == code
    assert "Traceback" not in told.stderr


def test_a_file_written_with_closed_streams_holds_no_output(tmp_path: Path) -> None:
    told = run("init", str(tmp_path / "new"), shell=">&- 2>&-")
    assert told.returncode == 0
    assert run("check", str(tmp_path / "new"), shell=">&-").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["--version"], ["--help"], ["check", "no such", "--json"], ["run", "--help"]])
def test_output_that_is_lost_is_said(words: list[str]) -> None:
    told = run(*words, shell="> /dev/full")
    assert (told.returncode, told.stderr) == (2, "landlink: cannot print: No space left on device\n")
    assert run(*words, shell="2> /dev/full").returncode == (2 if "check" in words else 0)


def test_a_reader_that_leaves_is_no_error() -> None:
    told = run("check", "no such", "--json", shell="| true")
    assert "Traceback" not in told.stderr


def test_memory_that_is_refused_is_said() -> None:
    code = (
        "import sys; from landlink.cli import studies, main\n"
        "def work(args): raise MemoryError('Unable to allocate 9 PiB')\n"
        "studies._check = work\n"
        "sys.exit(main(['check', 'x']))"
    )
    told = run(code=code)
    assert (told.returncode, told.stderr) == (
        2, "landlink: there is not enough memory for this input: Unable to allocate 9 PiB\n",
    )  # fmt: skip


def test_numbers_without_end_are_bad_arguments() -> None:
    for words in (["--threads", "1000000000"], ["--year", "9" * 5000], ["--year", "²"], ["--gap", "1e999"]):
        told = run("run", "x", *words)
        assert told.returncode == 2
        assert f"argument {words[0]}" in told.stderr
