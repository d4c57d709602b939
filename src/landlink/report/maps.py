"""The two map sections: flows of each result and differences of each scenario."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.report.difference_map import changes, difference_map
from landlink.report.flow_map import flow_map
from landlink.report.interactive_map import interactive_map
from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import link_name
from landlink.report.palette import mode_classes
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, baseline_of, with_key
from landlink.report.windows import windows
from landlink.results.determinacy import MARK

__all__ = ["Atlas", "definitions"]

_ROWS = 15


class Atlas:
    """Base maps for all maps of a report, with common windows, colours and line widths.

    Parameters
    ----------
    views
        The results.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views
        changed = dict.fromkeys(link for view in views for link in view.provenance.run.changed_links)
        fullest = max(views, key=lambda view: len(view.links))
        self.windows = windows(fullest, changed)
        self.sheets = {
            name: Sheet(fullest, points, f"sheet-{name}", inset=name == "region")
            for name, points in self.windows.items()
        }
        links = pd.concat([view.links[["mode", "family", "tkm_per_year", "tonnes_per_year"]] for view in views])
        order = links.groupby(["mode", "family"]).tkm_per_year.sum().sort_values(ascending=False, kind="stable").index
        self.classes = mode_classes((str(mode), str(family)) for mode, family in order)
        self.most = float(links.tonnes_per_year.max()) if len(links) else 0.0

    @property
    def definitions(self) -> Markup:
        """Land areas of each base map, drawn once and used by all maps."""
        return self.lands(tuple(self.sheets))

    def lands(self, names: Sequence[str]) -> Markup:
        """Land areas of some base maps."""
        return definitions([sheet.land for name, sheet in self.sheets.items() if name in names])

    def core(self, view: View) -> str:
        """Base map of the core of a result: the area changed by its measures, else the region."""
        return "changed" if "changed" in self.sheets and view.provenance.run.changed_links else "region"

    def answer(self, view: View, baseline: View | None) -> Markup:
        """Draw the map of the first page: what a scenario changes at its core, or the flows of a single result."""
        if not self.sheets or not self.most > 0:
            return Markup("")
        words, sheet = view.words, self.sheets[self.core(view)]
        if baseline is None:
            drawn = flow_map(sheet, view, self.classes, most=self.most, identifier="answer-map")
            return self.figure(drawn, view, words("map.flow_heading"))
        drawn = difference_map(sheet, baseline, view, identifier="answer-map")
        return self.figure(drawn, view, words("map.difference_heading"))

    def flows(self) -> Section:
        """Build the section of flow maps."""
        words = self.views[0].words
        heading = words("map.flow_heading")
        if not self.sheets or not self.most > 0:
            return Section("flows", heading, "", tag("p", words("map.none")))
        body: list[Markup] = []
        finding = ""
        subject = subject_of(self.views).view
        for position, view in sorted(enumerate(self.views), key=lambda item: item[1] is not subject):
            region = flow_map(self.sheets["region"], view, self.classes, most=self.most, identifier=f"flows-{position}")
            finding = finding or region.title
            inset = self._inset_note
            blocks = [self.figure(region, view, words("map.of", label=view.head), inset=inset)]
            if "whole" in self.sheets and view is subject:
                whole = flow_map(
                    self.sheets["whole"], view, self.classes, most=self.most, identifier=f"flows-{position}-whole"
                )
                title = words("map.whole_of", label=view.head)
                blocks.append(folded(title, self.figure(whole, view, title, legend=False)))
            blocks = [_drawn(blocks), folded(words("common.numbers"), _busiest(view))]
            # The maps of the scenario of the first page are shown; the others are folded.
            body.append(join(blocks) if view is subject else folded(words("map.of", label=view.head), join(blocks)))
        return Section("flows", heading, finding, join([self.interactive(), *body]))

    def interactive(self) -> Markup:
        """Build the interactive map of all results; without scripts it stays hidden and the drawings are shown."""
        projection = self.sheets["region"].frame.projection
        return interactive_map(self.views, self.windows, projection, self.classes, credit=self._credit(self.views[0]))

    def differences(self) -> Section | None:
        """Build the section of difference maps; ``None`` if there is only one result."""
        words = self.views[0].words
        heading = words("map.difference_heading")
        pairs = [(position, baseline_of(self.views, position)) for position in range(len(self.views))]
        pairs_with = [(position, baseline) for position, baseline in pairs if baseline is not None]
        if not pairs_with or not self.sheets:
            return None
        body: list[Markup] = []
        finding = ""
        subject = subject_of(self.views).view
        # The scenario of the first page, which shows its core already, is drawn; the others are folded.
        order = sorted(pairs_with, key=lambda pair: (self.views[pair[0]] is not subject, -pair[0]))
        for position, baseline in order:
            view = self.views[position]
            drawn = difference_map(self.sheets["region"], baseline, view, identifier=f"difference-{position}")
            finding = finding or drawn.title
            title = words("map.difference_of", label=view.head, baseline=baseline.head)
            more = drawn.title if drawn.title != finding else ""
            figures = [self.figure(drawn, view, title, finding=more, inset=self._inset_note)]
            if view is not subject and self.core(view) == "changed":
                near = difference_map(self.sheets["changed"], baseline, view, identifier=f"difference-{position}-near")
                figures.append(self.figure(near, view, words("map.near", label=view.head)))
            blocks = [self._pointer(title, baseline, position), _drawn(figures)]
            blocks.append(folded(words("common.numbers"), _largest_changes(baseline, view)))
            body.append(join(blocks) if view is subject else folded(title, join(blocks)))
        return Section("differences", heading, finding, join(body))

    def _pointer(self, title: str, baseline: View, position: int) -> Markup:
        """A button, shown where scripts run, that turns the interactive map to a difference."""
        pair = f"{list(self.views).index(baseline)} {position}"
        text = self.views[0].words("atlas.show_difference")
        button = tag("button", text, type="button", class_="to-map", data_map_show=pair, hidden="")
        return tag("p", f"{title} ", button, class_="map-pointer")

    def _credit(self, view: View) -> Markup:
        text, is_own = view.disclaimer
        disclaimer = text if is_own else Markup(" ").join([view.words("map.disclaimer"), tag("bdi", text, lang="en")])
        credit = "; ".join(view.provenance.presentation.attribution)
        return Markup(" ").join(part for part in (disclaimer, credit) if part)

    @property
    def _inset_note(self) -> str:
        return "" if self.sheets["region"].inset is None else self.views[0].words("map.inset_note")

    def figure(
        self, drawn: Map, view: View, title: str, *, legend: bool = True, finding: str = "", inset: str = ""
    ) -> Markup:
        """A map with its heading, legend and caption."""
        credit = tag("span", self._credit(view), class_="credit")
        caption = Markup(" ").join(part for part in (drawn.note, inset, credit) if part)
        return tag(
            "figure",
            tag("h3", title),
            tag("p", finding, class_="finding") if finding else Markup(""),
            tag("div", drawn.legend, class_="legend") if legend else Markup(""),
            drawn.svg,
            tag("figcaption", caption),
            class_="map-figure",
        )


def definitions(lands: Sequence[Markup]) -> Markup:
    """Land areas to which maps refer, drawn nowhere; nothing without any."""
    if not lands:
        return Markup("")
    return tag("svg", tag("defs", *lands), width=0, height=0, aria_hidden="true", class_="definitions")


def _drawn(figures: Sequence[Markup]) -> Markup:
    """Drawings that the interactive map stands in for where scripts run; they are printed all the same."""
    return tag("div", *figures, class_="drawn-maps")


def _busiest(view: View) -> Markup:
    words = view.words
    heads = [
        Head(words("map.link"), numeric=False),
        Head(words("common.mode"), numeric=False),
        Head(words("crossings.tonnes")),
        Head(words("map.vehicles")),
    ]
    rows = [
        [
            link_name(view, {str(name): cell for name, cell in row.items()}),
            words.term("mode", str(row["mode"])),
            _mark(view, str(link)) + words.number(row.tonnes_per_year / 1e3, decimals=0),
            _mark(view, str(link)) + words.number(row.vehicles_per_day, decimals=0),
        ]
        for link, row in view.links.nlargest(_ROWS, "tonnes_per_year").iterrows()
    ]
    return _noted(table(words("map.busiest_caption", label=view.head), heads, [Group("", rows)]), [view], rows)


def _mark(view: View, link: str) -> str:
    """Sign before a flow that is not determined."""
    return MARK if link in view.undetermined["link"] else ""


def _noted(shown: Markup, views: Sequence[View], rows: Sequence[Sequence[object]]) -> Markup:
    """A table, with a note below if any of its figures is marked."""
    if not any(str(cell).startswith(MARK) for row in rows for cell in row):
        return shown
    return join([shown, tag("p", views[0].words("common.open_note"), class_="soft")])


def _largest_changes(baseline: View, view: View) -> Markup:
    words = view.words
    heads = [
        Head(words("map.link"), numeric=False),
        Head(words("common.mode"), numeric=False),
        *(Head(text, over=words("crossings.tonnes")) for text in (baseline.head, view.head, words("common.change"))),
    ]
    rows = [
        [
            link_name(view, {str(name): cell for name, cell in row.items()}),
            words.term("mode", str(row["mode"])),
            _mark(baseline, str(link)) + words.number(row.before / 1e3, decimals=0),
            _mark(view, str(link)) + words.number(row.after / 1e3, decimals=0),
            (_mark(baseline, str(link)) or _mark(view, str(link)))
            + words.number(row.change / 1e3, decimals=0, signed=True),
        ]
        for link, row in changes(baseline, view).head(_ROWS).iterrows()
    ]
    caption = words("map.changes_caption", label=view.head, baseline=baseline.head)
    return _noted(table(with_key(caption, [baseline, view]), heads, [Group("", rows)]), [view], rows)
