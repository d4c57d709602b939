"""Countries in texts: each name is that country and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landlink.core.countries import countries
from landlink.statement import Gazetteer, read
from landlink.statement.country_mentions import country_mentions
from landlink.statement.folding import fold
from landlink.statement.lexicon import LANGUAGES, rows
from landlink.statement.patterns import alternatives

SENTENCES = {
    "en": "%s will build a road to the border.",
    "ru": "%s построит дорогу к границе.",
    "zh": "%s将修建公路。",
    "ar": "ستبني %s طريقا إلى الحدود.",
}
WITHIN = {
    "en": "The parties thanked %s for the bridge.",
    "ru": "Стороны отметили, что %s открывает порт.",
    "zh": "双方感谢%s提供桥梁。",
    "ar": "أعلنت %s فتح الميناء.",
}
#: Names in the cases of Russian: nominative, genitive, dative, accusative, instrumental, prepositional.
CASES = {
    "UGA": "Уганда Уганды Уганде Уганду Угандой Уганде",
    "RWA": "Руанда Руанды Руанде Руанду Руандой Руанде",
    "KEN": "Кения Кении Кении Кению Кенией Кении",
    "SSD": "Южный Судан|Южного Судана|Южному Судану|Южный Судан|Южным Суданом|Южном Судане",
    "CAF": "Центрально-Африканская Республика|Центрально-Африканской Республики|Центрально-Африканской Республике|"
    "Центрально-Африканскую Республику|Центрально-Африканской Республикой|Центрально-Африканской Республике",
    "COD": "Демократическая Республика Конго|Демократической Республики Конго|Демократической Республике Конго|"
    "Демократическую Республику Конго|Демократической Республикой Конго|Демократической Республике Конго",
    "NER": "Нигер Нигера Нигеру Нигер Нигером Нигере",
    "NGA": "Нигерия Нигерии Нигерии Нигерию Нигерией Нигерии",
    "CHN": "Китай Китая Китаю Китай Китаем Китае",
    "EGY": "Египет Египта Египту Египет Египтом Египте",
    "BLR": "Беларусь Беларуси Беларуси Беларусь Беларусью Беларуси",
    "ISR": "Израиль Израиля Израилю Израиль Израилем Израиле",
    "NLD": "Нидерланды Нидерландов Нидерландам Нидерланды Нидерландами Нидерландах",
    "PHL": "Филиппины Филиппин Филиппинам Филиппины Филиппинами Филиппинах",
    "USA": "Соединенные Штаты|Соединенных Штатов|Соединенным Штатам|Соединенные Штаты|Соединенными Штатами|"
    "Соединенных Штатах",
    "PNG": "Папуа — Новая Гвинея|Папуа — Новой Гвинеи|Папуа — Новой Гвинее|Папуа — Новую Гвинею|"
    "Папуа — Новой Гвинеей|Папуа — Новой Гвинее",
    "GNB": "Гвинея-Бисау Гвинеи-Бисау Гвинее-Бисау Гвинею-Бисау Гвинеей-Бисау Гвинее-Бисау",
    "XKX": "Косово Косова Косову Косово Косовом Косове",
    "MUS": "Маврикий Маврикия Маврикию Маврикий Маврикием Маврикии",
    "TLS": "Восточный Тимор|Восточного Тимора|Восточному Тимору|Восточный Тимор|Восточным Тимором|Восточном Тиморе",
    "SLB": "Соломоновы Острова|Соломоновых Островов|Соломоновым Островам|Соломоновы Острова|Соломоновыми Островами|"
    "Соломоновых Островах",
    "MLI": "Мали Мали Мали Мали Мали Мали",
}


def named(text: str, language: str) -> list[str]:
    return [hit.kind for hit in country_mentions(text, fold(text), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_is_itself_and_no_other(language: str) -> None:
    wrong = []
    for code, country in countries().items():
        name = country.names[language]
        parties = [clause.parties for clause in read(SENTENCES[language] % name).clauses]
        if parties != [(code,)] or named(WITHIN[language] % name, language) != [code]:
            wrong.append((code, name, parties, named(WITHIN[language] % name, language)))
    assert not wrong


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_each_of_two_countries_is_found(language: str) -> None:
    """Every country beside one whose name contains it, is contained in it or begins alike."""
    joined = {"en": "%s and %s will open the post.", "ru": "%s и %s откроют пункт.", "ar": "ستفتح %s ثم %s المعبر."}
    names = {code: country.names[language] for code, country in countries().items()}
    for code, name in names.items():
        for other, second in names.items():
            if code != other and (name[:5] == second[:5] or name in second):
                assert named(joined[language] % (name, second), language) == [code, other], (name, second)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_name_is_its_own_country(language: str) -> None:
    """Names of ``countries.csv`` without placeholders, whose longest reading must be that of their row."""
    wrong = []
    for row in rows(language, "countries"):
        for name in alternatives(row["pattern"]):
            if not re.search(r"[\\()?*|\[]", name):
                written = (
                    name.upper() if row.get("letters") == "capitals" else name.title() if language == "en" else name
                )
                found = country_mentions(written, fold(written), language, known=None)
                expected = [] if row["iso3"] == "none" else ["" if ";" in row["iso3"] else row["iso3"]]
                if [hit.kind for hit in found] != expected:
                    wrong.append((row["iso3"], name, found))
    assert not wrong


@pytest.mark.parametrize("code", CASES)
def test_russian_names_in_all_cases(code: str) -> None:
    forms = CASES[code].split("|") if "|" in CASES[code] else CASES[code].split(" ")
    assert len(forms) == 6
    for form in forms:
        assert named(f"Стороны говорили о развитии: {form} и порты.", "ru") == [code], form


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("en", "the Republic of Uganda, the Lao PDR and the Kyrgyz Republic", ["UGA", "LAO", "KGZ"]),
        ("en", "the DRC, the Republic of the Congo, DR Congo", ["COD", "COG", "COD"]),
        ("en", "Ivory Coast, Cote d'Ivoire and Côte d’Ivoire", ["CIV", "CIV", "CIV"]),
        ("en", "Ugandan, Rwandan, Nigerien, Nigerian, Mozambican and South Sudanese trucks",
         ["UGA", "RWA", "NER", "NGA", "MOZ", "SSD"]),
        ("en", "the Democratic People's Republic of Korea and the Republic of Korea", ["PRK", "KOR"]),
        ("en", "the People's Republic of China, the US, the UK and the UAE", ["CHN", "USA", "GBR", "ARE"]),
        ("en", "Turkey, Türkiye and Turkiye; Swaziland; Burma; Czech Republic", ["TUR"] * 3 + ["SWZ", "MMR", "CZE"]),
        ("en", "St. Lucia and Saint Vincent and the Grenadines", ["LCA", "VCT"]),
        ("en", "Romania, Somalia, Omani ports", ["ROU", "SOM", "OMN"]),
        ("ru", "кенийская, угандийская и южносуданская стороны", ["KEN", "UGA", "SSD"]),
        ("ru", "КНР, США, ОАЭ, ЮАР, ДРК и ЦАР", ["CHN", "USA", "ARE", "ZAF", "COD", "CAF"]),
        ("ru", "Киргизия, Белоруссия, Молдавия, Бирма", ["KGZ", "BLR", "MDA", "MMR"]),
        ("zh", "中吉乌铁路和老泰两国", ["CHN", "KGZ", "UZB", "LAO", "THA"]),
        ("zh", "刚果民主共和国、刚果（布）、南苏丹、肯方", ["COD", "COG", "SSD", "KEN"]),
        ("zh", "印度尼西亚、印尼、印度", ["IDN", "IDN", "IND"]),
        ("ar", "الجانبان الأوغندي والكيني وجمهورية جنوب السودان", ["UGA", "KEN", "SSD"]),
        ("ar", "وبالكونغو الديمقراطية وللسودان ولمالي", ["COD", "SDN", "MLI"]),
    ],
)  # fmt: skip
def test_other_names(language: str, text: str, codes: list[str]) -> None:
    assert named(text, language) == codes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mr Chad and Dr. Israel met Ms. Jordan in Atlanta, Georgia."),
        ("en", "Michael Jordan, the Jordan River, Lake Chad and the Gulf of Guinea."),
        ("en", "Latin American states paid in US dollars, US$5 each."),
        ("en", "Tell us: the car will polish china and serve turkey to go in chad."),
        ("ru", "Кроме того, он подал перу и мали, чад и куба; из того же."),
        ("ru", "Того же дня обменяли доллары США на юани в Японском море."),
        ("zh", "沿海地区、会议方面、以方便、其中两项、印度洋、孟加拉湾、大将、方案。"),
        ("ar", "الدعم المالي وتعاون مالي والمحيط الهندي وأمريكا اللاتينية."),
    ],
)
def test_what_only_looks_like_a_country(language: str, text: str) -> None:
    assert named(text, language) == []


def test_a_text_without_capitals_is_read() -> None:
    assert read("uganda and kenya agreed to build a road.").clauses[0].parties == ("KEN", "UGA")


@pytest.mark.parametrize(
    ("title", "code"),
    [("中国和乌干达联合声明", "UGA"), ("中国和乌克兰联合声明", "UKR"), ("中国和乌兹别克斯坦联合声明", "UZB")],
)
def test_a_chinese_short_form_is_what_the_text_names_in_full(title: str, code: str) -> None:
    assert read(f"{title}\n中方和乌方同意开通口岸。").clauses[0].parties == ("CHN", code)


def test_a_short_form_of_two_countries_of_the_text_is_neither() -> None:
    text = "中国、乌干达和乌克兰联合声明\n中方和乌方同意开通口岸。"
    assert read(text).clauses[0].parties == ("CHN",)


def test_the_study_decides_where_the_text_does_not() -> None:
    names = Gazetteer([("Goma", "GOM", "place", ("COD", "RWA"))])
    text = "The Congolese side agreed to open the post."
    assert read(text).clauses[0].parties == ()
    assert read(text, gazetteer=names).clauses[0].parties == ("COD",)
    assert read("Republic of the Congo\n" + text, gazetteer=names).clauses[0].parties == ("COG",)


def test_a_name_of_the_user_comes_first(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "countries.csv").write_text("iso3,pattern\nCOD,(congo|congolese)\nnone,kenya airways\n")
    text = "The Congo and Kenya Airways agreed to open a route."
    assert read(text, lexicons=tmp_path).clauses[0].parties == ("COD",)
