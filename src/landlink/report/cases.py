"""Several results together: compared, reported and exported as one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

import pandas as pd

from landlink.core.arguments import check_results
from landlink.core.display import html_of
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.core.file_names import as_file_name
from landlink.formats.picture import Picture
from landlink.report.bar_plot import bar_plot
from landlink.report.page import report
from landlink.results.compare import compare, labels_of
from landlink.results.export import EXPORTS, Format, export
from landlink.results.result import Result
from landlink.results.storage import RESULT
from landlink.statement.scoreboard import Scoreboard
from landlink.tables.destinations import check_output

__all__ = ["Results"]


class Results(Sequence[Result]):
    """Results in an order, the base first.

    Parameters
    ----------
    results
        The results.

    Raises
    ------
    InputError
        There is none.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> cases = ll.Results(ll.solve(s) for s in study.scenarios.values())  # doctest: +SKIP
    >>> cases["cku-2030"].converged  # doctest: +SKIP
    True
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self._results: tuple[Result, ...] = tuple(check_results("results", results))
        if not self._results:
            raise InputError("at least one result is needed")

    def __len__(self) -> int:
        return len(self._results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results)

    @overload
    def __getitem__(self, key: int | str) -> Result: ...
    @overload
    def __getitem__(self, key: slice) -> Results: ...
    def __getitem__(self, key: int | str | slice) -> Result | Results:
        """One result by its place, its scenario or its label; or several by their places or between two names."""
        if isinstance(key, slice):
            return Results(self._results[self._place(key.start) : self._place(key.stop, after=True) : key.step])
        return self._results[self._named(key) if isinstance(key, str) else key]

    def __repr__(self) -> str:
        lines = [f"  {name}: {result!r}" for name, result in zip(self.names, self._results, strict=True)]
        shown = lines if len(lines) <= 8 else [*lines[:7], f"  and {len(lines) - 7} more"]
        return "\n".join([f"Results({len(self)})", *shown])

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each: its scenario, else its label."""
        labels = labels_of(self._results)
        return tuple(r.provenance.run.scenario or label for r, label in zip(self._results, labels, strict=True))

    def compare(self) -> pd.DataFrame:
        """Set the indicators side by side; see :func:`landlink.compare`."""
        return compare(*self._results)

    def to_excel(self, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
        """Write the comparison as an Excel workbook: a summary with charts, then every figure."""
        from landlink.report.comparison_workbook import comparison_workbook  # noqa: PLC0415  imports a writer

        return comparison_workbook(self._results, path, language=language, force=force)

    def map(self, *, window: str = "region", language: str = "en", names: str = "") -> Picture:
        """Draw what the last gains and loses against the first; of a single one, its flows; see :meth:`Result.map`."""
        first, last = self._results[0], self._results[-1]
        baseline = first if len(self) > 1 else None
        return last.map(baseline=baseline, window=window, language=language, names=names)

    def plot(
        self, indicator: str = "mode.tonnes_per_year[*]", *, most: int = 15, language: str = "en", names: str = ""
    ) -> Picture:
        """Draw indicators of all of them as bars side by side; see :meth:`Result.plot`."""
        return bar_plot(self._results, indicator, most=most, language=language, names=names)

    def report(
        self,
        path: str | os.PathLike[str],
        *,
        language: str = "en",
        names: str = "",
        sensitivity: pd.DataFrame | None = None,
        scoreboard: Scoreboard | None = None,
        country: str = "",
        force: bool = False,
    ) -> Path:
        """Write one offline HTML page about all of them; see :func:`landlink.report`."""
        return report(
            self._results,
            path,
            language=language,
            names=names,
            sensitivity=sensitivity,
            scoreboard=scoreboard,
            country=country,
            force=force,
        )

    def export(self, folder: str | os.PathLike[str], *, to: Format, force: bool = False) -> list[Path]:
        """Write each for other programs, into a folder under its name; see :func:`landlink.export`."""
        suffix = f".{to}" if to in ("gpkg", "xlsx") else ""
        places = [Path(folder) / f"{name}{suffix}" for name in self._file_names()]
        for place in places:
            check_output(place, EXPORTS[to], force=force)
        return [export(result, place, to=to, force=force) for result, place in zip(self._results, places, strict=True)]

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> list[Path]:
        """Save each in a folder of its own name; see :meth:`Result.save`."""
        places = [Path(folder) / name for name in self._file_names()]
        for place in places:
            check_output(place, RESULT, force=force)
        return [result.save(place, force=force) for result, place in zip(self._results, places, strict=True)]

    def _file_names(self) -> list[str]:
        """A file name for each result; those that would be the same on some system are numbered."""
        names: list[str] = []
        taken: set[str] = set()
        for plain in map(as_file_name, self.names):
            spare = (f"{plain}-{number}" for number in itertools.count(2))
            name = next(one for one in itertools.chain([plain], spare) if one.casefold() not in taken)
            taken.add(name.casefold())
            names.append(name)
        return names

    def _named(self, name: str) -> int:
        labels = labels_of(self._results)
        for names in (self.names, labels):
            if name in names:
                return list(names).index(name)
        known = [*self.names, *labels]
        raise UnknownNameError(Problem("", "no such result", value=name, allowed=suggestion(name, known)))

    def _place(self, key: int | str | None, *, after: bool = False) -> int | None:
        """Place of an end of a slice; a name at its end is included."""
        return self._named(key) + after if isinstance(key, str) else key
