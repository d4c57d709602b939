"""Countries that freight comes from and goes to in the end, and its value, where flows are added up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from landlink.tables.share_cells import parse_shares


@dataclass
class FlowEnds:
    """Tonnes by exporter and by importer, and the value of all, of flows that are added up."""

    exporters: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    importers: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    usd: float = 0.0

    def add(self, tonnes: float, exporter: str, importer: str, usd_per_t: float) -> None:
        """Add a flow whose ends are countries, or shares of countries."""
        for ends, text in ((self.exporters, exporter), (self.importers, importer)):
            for country, share in parse_shares(text).items():
                ends[country] += tonnes * share
        self.usd += tonnes * usd_per_t

    @property
    def exporter(self) -> str:
        """Countries of origin as a cell of shares."""
        return _cell(self.exporters)

    @property
    def importer(self) -> str:
        """Countries of destination as a cell of shares."""
        return _cell(self.importers)

    @property
    def usd_per_t(self) -> float:
        """Mean value of a tonne."""
        return self.usd / sum(self.exporters.values())


def _cell(tonnes: dict[str, float]) -> str:
    """Shares to four digits, the largest first; what is less than half of the last digit is left out."""
    total = sum(tonnes.values())
    shares = {
        country: round(part / total, 4) for country, part in sorted(tonnes.items(), key=lambda row: (-row[1], row[0]))
    }
    shares = {country: share for country, share in shares.items() if share > 0}
    if len(shares) == 1:
        return next(iter(shares))
    return ";".join(f"{country}={share:.4g}" for country, share in shares.items())
