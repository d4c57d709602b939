"""The settings of a study: what ``study.toml`` says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from landlink.core.currency import USD, Currency, currencies
from landlink.core.errors import InputError, Problem, hint
from landlink.core.file_names import ALLOWED, file_name_fault
from landlink.core.input_files import read_input, reason_of
from landlink.core.problem_list import shortened
from landlink.study.appraisal_settings import (
    USUAL_APPRAISAL,
    AppraisalSettings,
    appraisal_setting_problems,
    read_appraisal_settings,
)
from landlink.study.resilience_settings import USUAL_RESILIENCE, ResilienceSettings, read_resilience_settings
from landlink.study.response_settings import USUAL_RESPONSE, ResponseSettings, read_response_settings
from landlink.study.settings_reader import BOUNDS, SettingsReader
from landlink.study.toml_text import MAX_BYTES, parse_toml
from landlink.tables.destinations import STUDY_FILE
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR

FILE_NAME: Final = STUDY_FILE
#: Settings introduced after the first hashes, so that studies without them keep theirs.
_LATER: Final = frozenset(
    {
        "languages",
        "currency_per_usd",
        "rate_date",
        "rate_source",
        "doubts",
        "domestic",
        "cars",
        "appraisal",
        "carbon",
        "resilience",
        "response",
    }
)
#: How routes are chosen: all take the cheapest, or freight spreads over several.
ROUTING: Final = ("deterministic", "spread")
#: Years that can be solved.
EARLIEST, LATEST = EARLIEST_YEAR, LATEST_YEAR


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to ship that a shipper chooses among others.

    Attributes
    ----------
    id
        Identifier.
    modes
        Modes its routes may use.
    must_use
        Modes of which its routes use at least one link; empty: none need be used.
    constant_usd_per_t
        Preference against it, USD/t, by commodity; the key ``""`` holds for all others.
    """

    id: str
    modes: tuple[str, ...]
    must_use: tuple[str, ...] = ()
    constant_usd_per_t: Mapping[str, float] = field(default_factory=dict)

    def constant(self, commodity: str) -> float:
        """Preference against this alternative for one commodity, USD/t."""
        return self.constant_usd_per_t.get(commodity, self.constant_usd_per_t.get("", 0.0))


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """A scenario as ``study.toml`` names it: measures at a year."""

    id: str
    title: str
    year: int
    apply: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensitivityInput:
    """One input that is varied to see how much the headline depends on it."""

    title: str
    table: str
    row: str
    column: str
    low: float
    high: float
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that data cannot settle, with the scenarios that stand for its answers.

    Attributes
    ----------
    title, names
        The question, and its translations by language code.
    scenarios
        Ids of the scenarios, shown beside each other.
    indicator
        Indicator or expression that depends on the answer; empty for the headline of the study.
    """

    title: str
    scenarios: tuple[str, ...]
    indicator: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class CarbonSettings:
    """A carbon price that carriers pay in every country and year, USD/t of CO2e; 0: none."""

    price_usd_per_t: float = 0.0


#: The settings of a study that states no price.
NO_CARBON_PRICE: Final = CarbonSettings()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a study, checked."""

    id: str
    title: str
    base_year: int
    names: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    description: str = ""
    years: tuple[int, ...] = ()
    currency: str = USD
    currency_per_usd: float = 0.0
    rate_date: str = ""
    rate_source: str = ""
    operating_days: float = 365.0
    peak_factor: float = 1.0
    licence: str = ""
    attribution: tuple[str, ...] = ()
    disclaimer: str = ""
    disclaimers: Mapping[str, str] = field(default_factory=dict)
    relative_gap: float = 1e-6
    max_iterations: int = 200
    seed: int = 1
    routing: str = "deterministic"
    alternatives: tuple[Alternative, ...] = ()
    scenarios: tuple[NamedScenario, ...] = ()
    pairs: tuple[tuple[str, str, str], ...] = ()
    headline: str = ""
    headline_title: str = ""
    headline_names: Mapping[str, str] = field(default_factory=dict)
    sensitivity: tuple[SensitivityInput, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    domestic: bool = True
    cars: bool = True
    carbon: CarbonSettings = NO_CARBON_PRICE
    appraisal: AppraisalSettings = USUAL_APPRAISAL
    resilience: ResilienceSettings = USUAL_RESILIENCE
    response: ResponseSettings = USUAL_RESPONSE

    @property
    def money(self) -> Currency:
        """Currency in which the study gives and shows amounts, with its rate."""
        if self.currency == USD:
            return Currency()
        return Currency(self.currency, self.currency_per_usd, self.rate_date, self.rate_source)

    @property
    def days(self) -> float:
        """Days over which a year's tonnes are spread in the model."""
        return self.operating_days / self.peak_factor


def read_settings(path: Path) -> Settings:
    """Read and check ``study.toml``.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    try:
        text = read_input(path, most=MAX_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError([Problem(FILE_NAME, f"not a study folder: {path.parent} has no {FILE_NAME}")]) from None
    except OSError as error:
        raise InputError([Problem(FILE_NAME, f"cannot be read: {reason_of(error)}", value=str(path))]) from None
    except UnicodeDecodeError as error:
        raise InputError(
            [Problem(FILE_NAME, f"not UTF-8: byte {error.start} cannot be read; save it as UTF-8")]
        ) from None
    values = parse_toml(text, FILE_NAME)
    problems: list[Problem] = []
    settings = _settings(SettingsReader(values, "", problems))
    if not problems:
        problems += [*_misnamed(settings), *_out_of_place(settings), *_unread(settings)]
        problems += appraisal_setting_problems(settings.appraisal)
    problems += _inconsistent(settings)
    if problems:
        raise InputError(shortened(problems, by_column=False))
    return settings


def _settings(top: SettingsReader) -> Settings:
    money = _money(top)
    languages = top.further_languages("languages")
    solver, report = top.section("solver"), top.section("report")
    demand, background, carbon = (top.section(key) for key in ("demand", "background", "carbon"))
    rows, scenario_rows, input_rows, doubt_rows = (
        top.rows(key) for key in ("alternative", "scenario", "sensitivity", "doubt")
    )
    alternatives = [
        Alternative(
            row.text("id"), row.texts("modes"), row.texts("must_use"), row.constants("constant_usd_per_t", money)
        )
        for row in rows
    ]
    scenarios = [
        NamedScenario(row.text("id"), row.text("title"), row.whole("year"), row.texts("apply"), row.names("title"))
        for row in scenario_rows
    ]
    inputs = [
        SensitivityInput(
            row.text("title"), row.text("table"), row.text("row"), money.usd_name(row.text("column")),
            row.number("low"), row.number("high"), row.names("title"),
        )
        for row in input_rows
    ]  # fmt: skip
    doubts = [
        Doubt(row.text("title"), row.required_texts("scenarios"), row.text("indicator", ""), row.names("title"))
        for row in doubt_rows
    ]
    settings = Settings(
        id=top.text("id"),
        title=top.text("title"),
        names=top.names("title"),
        languages=languages,
        description=top.text("description", ""),
        base_year=(base_year := top.whole("base_year")),
        years=top.wholes("years") or (base_year,),
        currency=money.code,
        currency_per_usd=money.per_usd if money.is_own else 0.0,
        rate_date=money.rate_date,
        rate_source=money.rate_source,
        operating_days=top.number("operating_days", 365.0),
        peak_factor=top.number("peak_factor", 1.0),
        licence=top.text("licence", ""),
        attribution=top.texts("attribution"),
        disclaimer=top.text("disclaimer", ""),
        disclaimers=top.names("disclaimer"),
        relative_gap=solver.number("relative_gap", 1e-6),
        max_iterations=solver.whole("max_iterations", 200),
        seed=solver.whole("seed", 1),
        routing=solver.text("routing", ROUTING[0]),
        alternatives=tuple(alternatives),
        scenarios=tuple(scenarios),
        pairs=tuple(_pair(report, pair) for pair in report.lists("pairs")),
        headline=report.text("headline", ""),
        headline_title=report.text("headline_title", ""),
        headline_names=report.names("headline_title"),
        sensitivity=tuple(inputs),
        doubts=tuple(doubts),
        domestic=demand.flag("domestic", default=True),
        cars=background.flag("cars", default=True),
        carbon=CarbonSettings(carbon.amount("price_usd_per_t", money, default=0.0)),
        appraisal=read_appraisal_settings(top.section("appraisal")),
        resilience=read_resilience_settings(top.section("resilience")),
        response=read_response_settings(top.section("response")),
    )
    for reader in (top, solver, report, demand, background, carbon, *rows, *scenario_rows, *input_rows, *doubt_rows):
        reader.done()
    return settings


def _money(top: SettingsReader) -> Currency:
    """Read the currency and its rate; USD if they are invalid."""
    code = top.text("currency", USD)
    rate = top.number("currency_per_usd") if top.has("currency_per_usd") else None
    day, source = top.day("rate_date"), top.text("rate_source", "")
    if code not in currencies():
        top.fault("currency", code, "a code of ISO 4217, such as KES" + hint(code.upper(), currencies()),
                  "unknown currency")  # fmt: skip
        return Currency()
    given = {"currency_per_usd": rate, "rate_date": day, "rate_source": source}
    if code == USD:
        for key, value in given.items():
            if value not in (None, ""):
                top.fault(key, value, "only with a currency other than USD", "an exchange rate without a currency")
        return Currency()
    if rate is None:
        top.fault("currency_per_usd", "", f"the units of {code} for one USD", "no exchange rate")
    elif not day:
        top.fault("rate_date", "", "the date of currency_per_usd, such as 2024-06-30", "the exchange rate has no date")
    least, most = BOUNDS["currency_per_usd"]
    return Currency(code, rate, day, source) if rate is not None and least <= rate <= most else Currency()


def _pair(report: SettingsReader, pair: list[Any]) -> tuple[str, str, str]:
    if len(pair) not in (2, 3):
        report.fault("pairs", pair, "origin zone, destination zone and optionally a commodity")
        return ("", "", "")
    origin, destination, *commodity = (str(part) for part in pair)
    return origin, destination, commodity[0] if commodity else ""


def _misnamed(settings: Settings) -> Iterable[Problem]:
    """Ids that cannot become names of files."""
    ids = [
        ("study", "", settings.id),
        *(("scenario", f"[[scenario]] {i + 1}", s.id) for i, s in enumerate(settings.scenarios)),
    ]
    for what, row, name in ids:
        if fault := file_name_fault(name):
            yield Problem(
                FILE_NAME, f"invalid {what} id: it {fault}, but files are named after it", row, "id", name, ALLOWED
            )


def _out_of_place(settings: Settings) -> Iterable[Problem]:
    """Single settings of the right type that cannot be meant."""
    years = [("", "base_year", settings.base_year), *(("", "years", year) for year in settings.years)]
    years += [(scenario.id, "year", scenario.year) for scenario in settings.scenarios]
    for row, key, year in dict.fromkeys(years):
        if not EARLIEST <= year <= LATEST:
            yield Problem(FILE_NAME, "invalid year", row, key, str(year), f"{EARLIEST} to {LATEST}")
    for alternative in settings.alternatives:
        if not alternative.modes:
            yield Problem(FILE_NAME, "the alternative has no modes", alternative.id, "modes", "[]", "at least one mode")
    for origin, destination, _ in settings.pairs:
        if origin and origin == destination:
            yield Problem(
                FILE_NAME, "origin and destination are the same zone", "[report]", "pairs", origin, "two zones"
            )


def _unread(settings: Settings) -> Iterable[Problem]:
    """Settings that would be read as something else than they say."""
    if settings.routing not in ROUTING:
        yield Problem(
            FILE_NAME, "unknown routing method", "[solver]", "routing", settings.routing, " or ".join(ROUTING)
        )
    for item in settings.sensitivity:
        if item.low > item.high:
            what = "low is above high"
            yield Problem(FILE_NAME, what, item.title, "low", f"{item.low:g}", f"at most high, which is {item.high:g}")


def _inconsistent(settings: Settings) -> Iterable[Problem]:
    for what in ("alternatives", "scenarios"):
        seen: set[str] = set()
        for item in getattr(settings, what):
            if item.id in seen:
                yield Problem(FILE_NAME, "duplicate id", column=what[:-1], value=item.id, allowed="unique ids")
            seen.add(item.id)
    binding = {mode for alternative in settings.alternatives for mode in alternative.must_use}
    for alternative in settings.alternatives:
        for mode in alternative.must_use:
            if mode not in alternative.modes:
                yield Problem(
                    FILE_NAME, "a mode of must_use is not among the modes of the alternative", row=alternative.id,
                    column="must_use", value=mode, allowed=", ".join(alternative.modes),
                )  # fmt: skip
        for mode in binding.intersection(alternative.modes).difference(alternative.must_use):
            yield Problem(
                FILE_NAME,
                "a mode that another alternative requires in must_use must be required here too",
                row=alternative.id, column="modes", value=mode, allowed="the mode also in must_use, or not in modes",
            )  # fmt: skip


def default_alternatives(modes: Iterable[str]) -> tuple[Alternative, ...]:
    """The single alternative of a study that names none: every mode."""
    return (Alternative("any", tuple(modes)),)


def as_dict(settings: Settings) -> dict[str, Any]:
    """Plain values of all settings, for hashing; settings introduced later are left out where they are not given."""
    values = dataclasses.asdict(settings)
    usual = {one.name: one.default for one in dataclasses.fields(settings)}
    usual |= {"appraisal": dataclasses.asdict(USUAL_APPRAISAL), "carbon": dataclasses.asdict(NO_CARBON_PRICE)}
    usual |= {"resilience": dataclasses.asdict(USUAL_RESILIENCE), "response": dataclasses.asdict(USUAL_RESPONSE)}
    return {key: value for key, value in values.items() if key not in _LATER or value not in (usual[key], [], ())}
