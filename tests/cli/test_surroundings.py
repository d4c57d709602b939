"""Commands in the surroundings that people have: pipes, disks, locales, terminals, time zones, other processes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

try:
    import pty
except ImportError:
    pty = None  # Windows

from landlink.cli import main
from tests.support.small_study import write_small_study
from tests.support.tntp import link, net_text, trips_text

unix = pytest.mark.skipif(sys.platform == "win32", reason="of Unix")
COMMAND = [sys.executable, "-m", "landlink"]


def surroundings(**others: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | others


#: Runs a command for each argument, whose words are apart by tabs; each must end with 0.
SEVERAL = """
import sys
from landlink.cli import main

for line in sys.argv[1:]:
    if code := main(line.split("\\t")):
        sys.exit(f"{line}: {code}")
"""


def run(folder: Path, *commands: list[str], **others: str) -> str:
    """Run commands in one process, without a word on standard error; gives what they print."""
    lines = ["\t".join(words) for words in commands]
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL, *lines],
        cwd=folder,
        env=surroundings(**others),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode("ascii", errors="replace")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    write_small_study(folder / "study")
    assert main(["run", str(folder / "study"), "-o", str(folder / "res")]) == 0
    (folder / "net").write_text(net_text([link(1, 2, 10, 5, 1, 1, 1), link(2, 1, 10, 4, 1, 1, 1)], nodes=2))
    (folder / "trips").write_text(trips_text("Origin 1\n 2 : 20;\n"))
    (folder / "text.txt").write_text("Both sides will build a road by 2030.")
    assert main(["statement", "read", str(folder / "text.txt"), "-o", str(folder / "register.yaml")]) == 0
    return folder


@pytest.fixture
def here(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "work")
    return tmp_path / "work"


def digest(folder: Path, pattern: str = "*") -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    }


@unix
def test_a_reader_that_goes_away_is_no_fault(here: Path) -> None:
    words = [*COMMAND, "check", "study", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, cwd=here, env=surroundings(), **pipes) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("words", [("check", "study"), ("check", "study", "--json"), ("check", "nowhere", "--json")])
def test_output_that_cannot_be_printed_is_told(words: tuple[str, ...], here: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words], cwd=here, env=surroundings(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"landlink: cannot print: No space left on device\n")


@unix
@pytest.mark.parametrize("closed", ["1", "2", "0 1 2"])
def test_streams_may_be_closed(closed: str, here: Path) -> None:
    closing = " ".join(f"{stream}>&-" for stream in closed.split())
    line = f'"$0" -m landlink init copy --from study {closing}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable], cwd=here, env=surroundings(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    copy, study = digest(here / "copy"), digest(here / "study")
    # The settings of a copy have a name of their own.
    assert copy.pop("study.toml") != study.pop("study.toml")
    assert copy == study


#: Every kind of output, on a disk with room for nothing, or for a part.
OUTPUTS = [
    "run study -o new", "run study -o res", "report res", "export res --to gpkg", "export res --to xlsx",
    "export res --to csv", "export res --to parquet", "init copy --from study", "statement read text.txt -o new.yaml",
    "statement review register.yaml --source text.txt", "assign net trips -o new.csv",
    "assign net trips -o new.parquet", "statement score study --observed --register register.yaml -o new.json",
    "skim net -o new.omx", "skim net -o new.csv", "skim net -o new.parquet",
]  # fmt: skip
LIMITED = """
import resource, sys
from pathlib import Path
from landlink.cli import main
from landlink.core import work_folder

for room in sys.argv[1].split():
    for line in sys.argv[2:]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
        code = main(line.split())
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        sys.stderr.write(f"{code}\\n")
"""


@unix
def test_a_full_disk_loses_and_leaves_nothing(here: Path) -> None:
    before, rooms = digest(here), ("0", "3", "20")
    tried = len(rooms) * len(OUTPUTS)
    command = [sys.executable, "-c", LIMITED, " ".join(rooms), *OUTPUTS]
    # The pipes of the test have no limit, and neither has the cache, which is full already.
    done = subprocess.run(command, cwd=here, env=surroundings(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.count("\n2\n") == tried, done.stderr
    assert done.stderr.count("landlink: cannot write ") == tried
    assert done.stderr.count("\n") == 2 * tried, done.stderr
    assert digest(here) == before
    assert not list(here.rglob(".landlink-*"))


READ_ONLY = """
import os, sys
from pathlib import Path
import landlink as ll
from landlink.core.atomic_files import write_text

result = ll.open_result("res")
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
ll.open_result("res")
for write in (lambda: write_text("new", "x"), lambda: result.save("new"), lambda: result.save("res")):
    try:
        write()
    except ll.OutputError as error:
        print(error)
"""


@unix
def test_a_read_only_folder_is_read_and_never_written(here: Path, tmp_path: Path) -> None:
    shared = Path("/tmp") / f"landlink-test-{os.getpid()}"
    shutil.copytree(here, shared)
    try:
        for path in (shared, *shared.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY],
            cwd=shared,
            env=surroundings(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert [line.count("ermission") for line in done.stdout.splitlines()] == [1, 1, 1]
        assert digest(shared) == digest(here)
    finally:
        for path in (shared, *(path for path in shared.rglob("*") if path.is_dir())):
            path.chmod(0o755)
        shutil.rmtree(shared)


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "POSIX"},  # another name of C
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1254"},
    ],
    ids=["POSIX", "Turkish", "ASCII", "Turkish on Windows"],
)
def test_any_locale_and_any_path(locale: dict[str, str], here: Path, tmp_path: Path) -> None:
    place = tmp_path / "İstanbul ıi, папка с 中文"
    shutil.copytree(here, place)
    commands = (
        ["run", "study", "-o", "итог 结果"],
        ["report", "итог 结果", "-o", "отчёт.html"],
        ["export", "итог 结果", "--to", "csv"],
        ["export", "итог 结果", "--to", "gpkg"],
        ["export", "итог 结果", "--to", "gpkg"],
        ["skim", "net", "-o", "матрица.omx"],
        ["skim", "net", "-o", "матрица.omx"],
        ["check", "study", "--json"],
    )
    printed = run(place, *commands, **locale)
    assert digest(place / "итог 结果", "*.parquet") == digest(here / "res", "*.parquet")
    assert json.loads(printed[printed.index("\n{") :])["title"] == "Two ports"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know only names that are text")
def test_names_that_are_no_text(here: Path) -> None:
    place = here / os.fsdecode(b"lat\xe9n")
    (here / "study").rename(place)
    commands = (["run", place.name, "-o", "out"], ["report", "out"], ["export", "out", "--to", "csv"])
    printed = run(here, *commands, ["check", place.name, "--json"])
    assert os.fsencode(json.loads(printed[printed.index("\n{") :])["path"]) == b"lat\xe9n"


@unix
@pytest.mark.parametrize("terminal", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TERM": ""}])
def test_a_plain_terminal_gets_plain_text(terminal: dict[str, str], here: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "run", "study"], cwd=here, env=surroundings(**terminal), stdout=slave, stderr=slave, stdin=slave
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait() == 0
    assert b"relative gap" in shown
    assert b"\x1b" not in shown
    if terminal.get("TERM") == "dumb":
        assert b"\r" not in shown.replace(b"\r\n", b"")


def test_hash_seeds_and_time_zones_change_nothing(here: Path) -> None:
    made = []
    for seed, zone in (("0", "UTC"), ("77", "Pacific/Auckland")):
        clock = {"PYTHONHASHSEED": seed, "TZ": zone}
        commands = [
            ["run", "study", "--apply", "bypass", "--year", "2030", "-o", f"run-{seed}"],
            ["report", "res", "-o", f"made-{seed}/page.html"],
            *(
                ["export", "res", "--to", to, "-o", f"made-{seed}/res.{to}"]
                for to in ("xlsx", "gpkg", "csv", "parquet")
            ),
            ["statement", "read", "text.txt", "-o", f"made-{seed}/register.yaml"],
            ["skim", "net", "-o", f"made-{seed}/skims.omx"],
        ]
        run(here, *commands, **clock)
        made.append((digest(here / f"run-{seed}", "*.parquet"), digest(here / f"made-{seed}")))
    assert made[0] == made[1]
    assert len(made[0][1]) > 30


def test_two_runs_into_one_folder_at_once(here: Path) -> None:
    """Each writes all of it; whoever is last stays, and none sees a part of the other."""
    words = [[*COMMAND, "run", "study", "--year", year, "-o", "out"] for year in ("2023", "2030")]
    processes = [subprocess.Popen(one, cwd=here, env=surroundings(), stdout=subprocess.DEVNULL) for one in words]
    assert [process.wait() for process in processes] == [0, 0]
    run(here, ["compare", "out", "out"])
    assert not list(here.rglob(".landlink-*"))
