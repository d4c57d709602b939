"""The countries of the world: codes, and a name in every language."""

import pytest

from landlink.core.countries import countries, country_code, country_name
from landlink.core.errors import UnknownNameError
from landlink.core.languages import LANGUAGES

#: Countries that others often leave out, mix up or write in an older way.
EXPECTED = {
    ("UGA", "en"): "Uganda",
    ("RWA", "fr"): "Rwanda",
    ("MOZ", "pt"): "Moçambique",
    ("NGA", "zh"): "尼日利亚",
    ("NER", "zh"): "尼日尔",
    ("SDN", "en"): "Sudan",
    ("SSD", "en"): "South Sudan",
    ("COD", "fr"): "République démocratique du Congo",
    ("COG", "es"): "República del Congo",
    ("GNB", "pt"): "Guiné-Bissau",
    ("GNQ", "es"): "Guinea Ecuatorial",
    ("SWZ", "ky"): "Эсватини",
    ("KGZ", "ru"): "Кыргызстан",
    ("KGZ", "ky"): "Кыргызстан",
    ("CIV", "ar"): "ساحل العاج",
    ("DMA", "es"): "Dominica",
    ("DOM", "es"): "República Dominicana",
}


def test_all_of_iso_3166_and_kosovo():
    known = countries()
    assert len(known) == 249 + 1
    for index in ("alpha2", "alpha3"):
        assert len({getattr(country, index) for country in known.values()}) == 250
    numbers = [country.numeric for country in known.values() if country.alpha3 != "XKX"]
    assert len(set(numbers)) == 249
    assert all(len(number) == 3 and number.isdigit() for number in numbers)
    assert list(known) == sorted(known)


def test_every_country_has_one_name_of_its_own_in_every_language():
    for language in LANGUAGES:
        names = [country.names[language] for country in countries().values()]
        assert all(name == name.strip() and name for name in names)
        assert len(set(names)) == len(names), language


@pytest.mark.parametrize(("code", "language"), EXPECTED)
def test_names(code, language):
    assert country_name(code, language) == EXPECTED[code, language]


def test_an_unknown_language_falls_back_to_english_and_an_unknown_code_has_no_name():
    assert country_name("KEN", "sw") == "Kenya"
    assert country_name("ROM", "en") == ""
    assert country_name("", "en") == ""


@pytest.mark.parametrize("written", ["KGZ", "kg", "Kyrgyzstan", "kyrgyzstan ", "吉尔吉斯斯坦", "Our valley"])
def test_a_country_is_found_by_code_or_name(written: str) -> None:
    assert country_code(written, ["KAZ", "KGZ"], [("Our Valley", "KGZ")]) == "KGZ"


@pytest.mark.parametrize(
    ("written", "near"), [("Kyrgystan", "Kyrgyzstan"), ("KYR", "Kyrgyzstan"), ("Kazakstan", "Kazakhstan")]
)
def test_a_mistyped_country_is_refused_with_its_name(written: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{near}'"):
        country_code(written, ["KAZ", "KGZ"])
