"""The declared settings are those that the reader takes, with the same defaults and bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.core.languages import LANGUAGES
from landlink.study.settings import Settings, read_settings
from landlink.study.settings_reader import SettingsReader
from landlink.tables.settings_schemas import SETTINGS as SECTIONS
from tests.support.small_study import SETTINGS, write_small_study

SENSITIVITY = (
    '\n[[sensitivity]]\ntitle = "T"\ntable = "vehicle"\nrow = "road"\ncolumn = "payload_t"\nlow = 1\nhigh = 1\n'
)
DOUBT = '\n[[doubt]]\ntitle = "D"\nscenarios = ["today", "bypass-2030"]\nindicator = "total.tonnes_per_year"\n'


def test_the_reader_takes_the_declared_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    taken: dict[str, set[str]] = {}
    take = SettingsReader._take

    def noted(self: SettingsReader, key: str, default: Any, types: tuple[type, ...], words: str) -> Any:
        section = self._where.split("]] ")[0]
        taken.setdefault(section + "]]" if section.startswith("[[") else section or "study", set()).add(key)
        return take(self, key, default, types, words)

    monkeypatch.setattr(SettingsReader, "_take", noted)
    path = write_small_study(tmp_path / "study")
    money = 'currency = "KES"\ncurrency_per_usd = 129\nrate_date = 2024-06-30\n'
    text = money + SETTINGS + "\n[solver]\nseed = 3\n" + SENSITIVITY + DOUBT
    (path / "study.toml").write_text(text, encoding="utf-8")
    read_settings(path / "study.toml")
    lists = {"alternative", "scenario", "sensitivity", "doubt", "solver", "report", "demand", "background"}
    lists |= {"carbon", "appraisal", "resilience", "response"}
    translated = {f"_{code}" for code in LANGUAGES}
    for name, section in SECTIONS.items():
        keys = {key for key in taken[name] - lists if key[-3:] not in translated}
        assert keys == set(section.by_name), name


def test_the_defaults_are_those_of_the_reader(tmp_path: Path):
    path = write_small_study(tmp_path / "study")
    (path / "study.toml").write_text('id = "a"\ntitle = "A"\nbase_year = 2023\n', encoding="utf-8")
    found = read_settings(path / "study.toml")
    for name in ("study", "[solver]", "[demand]", "[background]"):
        for column in SECTIONS[name].columns:
            if column.default is not None:
                assert getattr(found, column.name) == column.default
    assert found.carbon.price_usd_per_t == SECTIONS["[carbon]"].by_name["price_usd_per_t"].default
    for column in SECTIONS["[appraisal]"].columns:
        assert getattr(found.appraisal, column.name) == (column.default or 0)
    for column in SECTIONS["[resilience]"].columns:
        assert getattr(found.resilience, column.name) == column.default
    assert isinstance(found, Settings)


@pytest.mark.parametrize(("section", "key"), [
    (name, column.name) for name, section in SECTIONS.items() for column in section.columns if column.required
])  # fmt: skip
def test_required_settings_are_required(section: str, key: str, tmp_path: Path):
    path = write_small_study(tmp_path / "study")
    lines = (SETTINGS + SENSITIVITY + DOUBT).splitlines()
    start = 0 if section == "study" else lines.index(section)
    dropped = next(i for i in range(start, len(lines)) if lines[i].startswith(f"{key} = "))
    (path / "study.toml").write_text("\n".join(lines[:dropped] + lines[dropped + 1 :]), encoding="utf-8")
    with pytest.raises(InputError, match=f"column {key}: missing setting"):
        ll.open_study(path)
