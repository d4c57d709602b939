"""``landlink completion``, and what the tab key offers: commands, options, studies, their scenarios and measures."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.core.errors import LandlinkError

__all__ = ["add_verb", "complete"]

#: Set by the shell while it asks for completions.
_ASKED = "_ARGCOMPLETE"
_SHELLS = ("bash", "zsh", "fish")
_WHERE = {
    "bash": "landlink completion bash >> ~/.bash_completion",
    "zsh": "landlink completion zsh >> ~/.zshrc",
    "fish": "landlink completion fish > ~/.config/fish/completions/landlink.fish",
}


def add_verb(verbs: Verbs) -> None:
    """Register ``completion``."""
    parser = arguments.add_verb(
        verbs,
        "completion",
        _completion,
        summary="print what makes the tab key complete commands",
        description="Print the lines that make a shell complete commands, options, studies and the names of their\n"
        "scenarios and measures. Keep them where the shell reads them when it starts.",
        example="\n".join(_WHERE.values()),
    )
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help=f"one of {', '.join(_SHELLS)}")


def _completion(args: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode

    script = shellcode(["landlink"], shell=args.shell)
    if args.json:
        printing.say_json({"ok": True, "shell": args.shell, "script": script})
    else:
        printing.say(script.splitlines())
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell where it asks for completions, and end; else return at once."""
    if _ASKED not in os.environ:
        return
    import argcomplete

    for action in _actions(parser):
        if found := _OFFERS.get(action.dest):
            action.completer = found  # type: ignore[attr-defined]  # how argcomplete is told
    argcomplete.autocomplete(parser)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Arguments of a parser and of the commands under it."""
    for action in parser._actions:  # noqa: SLF001  it has no public name
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for under in action.choices.values():
                yield from _actions(under)
        else:
            yield action


def _studies(prefix: str, **_: object) -> list[str]:
    """Bundled studies, study folders and results here."""
    from landlink.study import bundled_studies

    here = Path(prefix).parent if os.sep in prefix else Path()
    folders = (path for path in here.glob("*/") if not path.name.startswith("."))
    return [*bundled_studies(), *(f"{path}{os.sep}" for path in folders)]


def _of_study(names: Callable[[ll.Study], list[str]]) -> Callable[..., list[str]]:
    """Names of the study that the command line names already, else of the bundled one."""

    def offer(parsed_args: argparse.Namespace, **_: object) -> list[str]:
        from landlink.study import bundled_studies

        named = getattr(parsed_args, "study", None) or bundled_studies()[0]
        try:
            return names(ll.open_study(named))
        except LandlinkError:
            return []

    return offer


#: What is offered for an argument, by its name.
_OFFERS: dict[str, Callable[..., list[str]]] = {
    "study": _studies,
    "source": _studies,
    "scenario": _of_study(lambda study: list(study.scenarios)),
    "against_scenario": _of_study(lambda study: list(study.scenarios)),
    "apply": _of_study(lambda study: study.tables["measure"]["measure_id"].tolist()),
    "against_apply": _of_study(lambda study: study.tables["measure"]["measure_id"].tolist()),
    "about": _of_study(lambda study: [name.lower() for name in study.tables["crossing"]["crossing_id"].unique()]),
    "year": _of_study(lambda study: [str(year) for year in study.settings.years]),
}
