from __future__ import annotations

import pytest

from landlink.core.errors import InputError
from landlink.statement import read
from landlink.statement.encoding import decode
from landlink.statement.language_detection import language_of

RUSSIAN = "Стороны договорились расширить торговлю и построить железную дорогу между двумя странами. " * 3
ARABIC = "اتفق الجانبان على تعزيز التعاون في مجالات النقل والطاقة والتجارة بين البلدين. " * 3
CHINESE = "双方同意扩大贸易，加强在交通、能源和投资领域的合作。" * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, CHINESE])
def test_unicode_bytes_are_read(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)).clauses == read(text).clauses


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (ARABIC, "cp1256"),
        (CHINESE, "gb18030"),
        (RUSSIAN, "utf-16-le"),
        (
            CHINESE.replace("双方", "雙方")
            .replace("贸", "貿")
            .replace("扩", "擴")
            .encode("big5", "ignore")
            .decode("big5"),
            "big5",
        ),
    ],
)
def test_another_encoding_is_named(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    with pytest.raises(InputError, match=f"looks like {encoding}"):
        read(data)
    assert decode(data, encoding) == text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "is empty"),
        (b"", "is empty"),
        ("  \n\u200b ", "is empty"),
        ("12345 67", "no letters"),
        (b"%PDF-1.7\n...", "a PDF file"),
        (b"PK\x03\x04" + b"x" * 40, "ZIP archive"),
        (bytes(range(256)) * 20, "not UTF-8"),
        ("\x00\x01\x02text" * 10, "control characters"),
        ("\ufffd\ufffd the sides agreed", "letters were lost"),
        ("Стороны договорились".encode().decode("latin-1"), "garbled.*utf-8"),
        ("Стороны договорились расширить торговлю".encode("cp1251").decode("latin-1"), "garbled.*cp1251"),
        ("The sides agreed \ud800", "lone surrogates"),
    ],
)
def test_what_is_not_text_is_rejected(given: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(given)


@pytest.mark.parametrize("make", [lambda: b"a" * 100_000_000, lambda: "a" * 100_000_000])
def test_a_hundred_megabytes_are_rejected_before_they_are_read(make) -> None:
    data = make()
    with pytest.raises(InputError, match="at most 5"):
        read(data)


OTHERS = [
    ("fa", "دو طرف بر اهمیت گسترش همکاری‌های اقتصادی تأکید کردند و توافق کردند که راه‌آهن را بسازند.", "Persian"),
    ("kk", "Тараптар сауда-экономикалық ынтымақтастықты дамыту және теміржол салу туралы келісті.", "Kazakh"),
    ("ky", "Тараптар соода-экономикалык кызматташтыкты өнүктүрүү жана темир жол куруу боюнча макулдашты.", "Kyrgyz"),
    (
        "uz",
        "Tomonlar savdo-iqtisodiy hamkorlikni rivojlantirish va temir yo‘l qurish bo‘yicha kelishib oldilar.",
        "Uzbek",
    ),
    ("uz", "Томонлар савдо-иқтисодий ҳамкорликни ривожлантириш ва темир йўл қуриш бўйича келишиб олдилар.", "Uzbek"),
    (
        "tr",
        "Taraflar ekonomik ilişkileri geliştirmek ve iki ülke arasında demiryolu inşa etmek için anlaştılar.",
        "Turkish",
    ),
    ("tg", "Тарафҳо дар бораи рушди ҳамкориҳои иқтисодӣ ва сохтмони роҳи оҳан мувофиқа карданд.", "Tajik"),
    ("uk", "Сторони домовилися про розширення торгівлі та будівництво залізниці між двома країнами.", "Ukrainian"),
    ("fr", "Les deux parties ont convenu de renforcer la coopération dans le domaine des transports.", "French"),
    ("de", "Die beiden Seiten vereinbarten, die Zusammenarbeit im Bereich der Eisenbahn auszubauen.", "German"),
    ("ja", "双方は貿易を拡大し、鉄道を建設することで合意した。", "Japanese"),
    ("ko", "양측은 무역을 확대하고 철도를 건설하기로 합의했다.", "Korean"),
    ("ug", "ئىككى تەرەپ سودا ھەمكارلىقىنى كۈچەيتىشكە قوشۇلدى ۋە تۆمۈريول ياسايدۇ.", "Uyghur"),
    ("ur", "دونوں فریقوں نے تجارت کو بڑھانے اور ریلوے کی تعمیر پر اتفاق کیا ہے۔", "Urdu"),
    ("mn", "Талууд худалдааг өргөжүүлэх болон төмөр зам барих талаар тохиролцов.", "Mongolian"),
]


@pytest.mark.parametrize(("code", "text", "name"), OTHERS)
def test_other_languages_are_recognised_and_rejected_by_name(code: str, text: str, name: str) -> None:
    assert language_of(text) == code
    with pytest.raises(InputError, match=f"{name}, which is not supported"):
        read(text)


@pytest.mark.parametrize(
    ("code", "text"), [("ru", RUSSIAN), ("ar", ARABIC), ("zh", CHINESE), ("en", "The sides agreed to trade.")]
)
def test_languages_that_are_read(code: str, text: str) -> None:
    assert language_of(text) == code
    assert read(text).language == code


def test_each_paragraph_has_its_language() -> None:
    text = "\n".join([CHINESE, "The sides will build a road.", OTHERS[1][1], RUSSIAN])
    reading = read(text)
    assert {sentence.language for sentence in reading.sentences} == {"zh", "en", "kk", "ru"}
    english = [clause for clause in reading.clauses if reading.sentences[clause.sentence].language == "en"]
    assert [clause.strength for clause in english] == [3]
    assert not [clause for clause in reading.clauses if reading.sentences[clause.sentence].language == "kk"]
