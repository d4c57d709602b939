"""Provisions in Russian and Arabic: each verb in the present tense that states a rule, with its objects.

"Стороны отменяют сборы и не облагают пошлинами топливо" are two provisions; a heading, a date line or a signature has
no verb and is none. In Russian the verb may stand anywhere; in Arabic it opens its provision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from landlink.statement.clause_draft import ClauseDraft

__all__ = ["FREE_HEAD", "PREDICATES", "predicate_drafts"]

#: Languages in which the verb of a provision is sought.
PREDICATES: Final = frozenset({"ru", "ar"})
#: Strength of a provision: that of "shall".
STRENGTH: Final = 4
RULE: Final = "provision"

#: Russian nouns and other words that end like a verb in the third person.
_RU_NO_VERB: Final = (
    r"(?:\w*(?:совет|комитет|бюджет|приоритет|кредит|лимит|транзит|результат|сертификат|формат|секретариат|аппарат|депутат|"
    r"институт|маршрут|валют|минут|секунд|свет|счет|отчет|расчет|учет|зачет|предмет|цвет|ответ|запрет|авторитет|паритет|"
    r"университет|факультет|суверенитет|иммунитет|билет|пакет|интернет|кабинет|планет|анкет|ракет|газет|монет|полет|вылет|"
    r"визит|аудит|дефицит|профицит|депозит|магнит|гранит|защит|орбит|реквизит|карбонат|штат|мандат|кандидат|делегат|адвокат|"
    r"климат|палат|плат|затрат|трат|утрат|комнат|координат|ребят|десят|статут|атрибут|приют|концентрат|препарат|комбинат|"
    r"прокат|экспонат|аттестат|дипломат|агрегат|стандартизат|канат|банкет|этикет|объект|пункт|скот|фронт|бюллет|паспортист))"
)
_RU_VERB: Final = (
    rf"(?!{_RU_NO_VERB}\b)(?!нет\b|лет\b|будет\b|будут\b|пусть\b|опять\b)[а-я]{{2,}}(?:ют|ут|ят|ат|ет|ит)(?:ся)?"
)
#: Modal words that bind as a verb does.
_RU_MODAL: Final = r"(?:должн[аоы]|должен|обязан[аоы]?|запрещен[аоы]?)"
_RU_PREDICATE: Final = re.compile(rf"\b(?:не\s+)?(?:{_RU_VERB}|{_RU_MODAL})\b")
#: Where a further Russian predicate may begin: after a mark or "and", with at most two words before its verb.
_RU_JOINT: Final = re.compile(
    r"\s*(?:;|,\s+(?:а\s+также|а|но|и|при\s+этом|причем|в\s+то\s+время\s+как)|,|\s(?:и|а\s+также|-))\s+"
    r"(?!котор|что\b|чтобы\b|если\b|когда\b|где\b|как\b|чем\b|в\s+случае|при\s+условии|(?:в|на|по|из|с|для|о|к|за|при)\s+котор)"
)
_RU_SOON: Final = 3
#: Subordinate clauses, whose verbs state no rule of their own.
_RU_SUBORDINATE: Final = re.compile(
    r",\s+(?:(?:в|во|на|по|из|с|со|для|о|об|к|за|при|у|от|через|между|посредством|согласно)\s+)?(?:котор\w+|что|чтобы|если|когда|где|"
    r"как(?=\s+и?\s*\w+(?:ют|ет|ят|ит))|чем|пока|поскольку|так\s+как)\b[^,.;]*"
)
#: Statements that bind nobody: permissions, definitions, scope, the past, the subject of the text itself.
_RU_FREE: Final = re.compile(
    r"\b(?:вправе|могут|может|можно|означа\w+|понима(?:ет|ют)ся|называ\w+|регулиру\w+|распространя(?:ет|ют)ся|применя(?:ет|ют)ся|"
    r"явля(?:ет|ют)ся|состав(?:ляет|ляют)|определяет|определяют\s+порядок|существу\w+|отсутству\w+|наход(?:ит|ят)ся|"
    r"свидетельству\w+|отмеча\w+|констатиру\w+|сознава\w+|выража(?:ет|ют)|благодар\w+|призна(?:ет|ют)\s+(?:важн|роль|значен)\w*|"
    r"ожида\w+|прогнозиру\w+|позвол\w+|способству\w+|раста?ет|утрачива\w+|прекраща(?:ет|ют)\s+действ\w+|"
    r"вступа(?:ет|ют)\s+в\s+силу|заключа(?:ет|ют)ся\s+(?:на|сроком)|действу(?:ет|ют)\s+(?:до|с|в\s+течение|на\s+(?:срок|период|протяжении))\b|продлева\w+|"
    r"имеют\s+(?:одинаковую|равную)|вносятся\s+(?:изменения|по\s+взаимному)|прилага\w+|привод(?:ит|ят)ся|"
    r"основыва(?:ет|ют)ся|предусматрива\w+|не\s+затрагива\w+|не\s+созда(?:ет|ют)|не\s+препятству\w+|"
    r"заверя\w+|прос(?:ит|ят)|пользу(?:ется|ются)\s+случаем|име(?:ет|ют)\s+(?:место|целью|право|значение)|напомина\w+|"
    r"нынешн\w+|ныне|сейчас|(?:уже|ранее|прежде)\s+\w+(?:ет|ют|ит|ят))\b"
    r"|\b(?:настоящ\w+|данн\w+)\s+\w+\s+(?:не\s+)?(?:определяет|устанавливает|регулирует|затрагивает|составл\w+|содержит|действует|открыт\w*)\b"
    r"|\bв\s+(?:порядке|соответствии)\s*,?\s+(?:предусмотренн|установленн)\w+\s+(?:национальн\w+\s+)?законодательств"
)
#: Russian nouns that end like a verb in the past.
_RU_NO_PAST: Final = (
    r"(?:\w+(?:[аи]тели|овли|авли|ционала?|нциала?|териала?|ерсонала?|апитала?|егионала?)|"
    r"\w*(?:квартал|вокзал|портал|терминал|канал|сигнал|журнал|филиал|минерал|генерал|арсенал|оригинал|идеал|интервал|"
    r"причал|перевал|протокол|отдел|раздел|предел|металл|кристалл|стол|ствол|тыл|цикл|бал|балл|зал|вал|смысл|промысл|"
    r"урал|арал|байкал|сериал|скандал|ареал|футбол|волейбол|раскол|угол|пол|тоннел|туннел|штурвал|баил)(?:а|о)?|"
    r"узел|узла|промысел|замысел|орел|орла|правил|правила|дел|дела|сил|сила|сел|села|село|школ|школа|мил|мили|скал|скала|"
    r"пчел|пчела|стекол|стекла|кресел|кресла|чисел|числа|число|начал|начала|начало|тела|тело|русла|русло|масел|масла|масло|"
    r"ремесел|ремесла|ремесло|шкала|шкал|смол|смола|свекла|мало|угла|мела|стола|если|или|доли|земли|цели|модели|"
    r"недели|отрасли|роли|соли|прибыли|пыли|автомобили|рубли|корабли|патрули|фестивали|госпитали|медали|детали|"
    r"кабели|тоннели|туннели|модули|капли|кровли|около|отели|угли)"
)
_RU_PAST: Final = re.compile(rf"\b(?!{_RU_NO_PAST}\b)\w{{2,}}(?:л|ла|ло|ли)(?:сь|ся)?\b")
#: Opening words that belong to no clause of their own: "Для координации работы ... создается группа".
_RU_ADVERBIAL: Final = re.compile(
    r"(?:для|в\s+целях|с\s+целью|в|во|на|по|при|после|к|с|из|о|об|от|до|через|между|за|не\s+позднее)\s"
)

#: An Arabic verb in the imperfect; nouns of the same first letter are none.
_AR_NO_VERB: Final = (
    r"(?:ت\w\wي\w\b|\w+ة\b|\w+ات\b|ت\w+ا\w+ي\w\b|(?:يوم|يومي|يوميا|يوليو|يوليوز|يونيو|يناير|تشرين|تموز|تونس|تركيا|تحت|تلك|تجاه|"
    r"تقريبا|تقني|تقنيا|تعليمي|تجاري|تجاريا|تدريبي|تنموي|تنفيذي|تراثي|تمهيدي|تدريجي|تدريجيا|ترويجي|تقليدي|تم|تمت|تبعا|تلبيه|تعاون|تبادل|"
    r"تفاهم|تكامل|تضامن|توازن|تنافس|تطور|تقدم(?= (?:ملموس|كبير|المفاوض|العمل))|توافق|تعد?د|تنوع|توسع|تحول"
    r"|تاييد|تعهد|تشاور|تنازع|تكاليف|تدابير|تقارير|"
    r"يمن|يلي|تراس|توجه|تناول|تطرق|تبين|تلا|تلقي|تسلم|تمحور|تمخض|تصدر|ترك|تخطي|تميز|تزامن|تعثر|تحقق|"
    r"يد|يدوي|يدويا|ياتي|تاتي|تمور|تراث|تراب|توام|تل)\b)"
)
_AR_VERB: Final = rf"(?!{_AR_NO_VERB})[يت]\w{{2,}}"
_AR_OPENING: Final = re.compile(rf"(?:لا\s+)?{_AR_VERB}\s")
#: Words before the verb of an Arabic provision: linking words, an acting subject, a condition.
_AR_LINK: Final = re.compile(
    r"(?:(?:و|ف)?(?:كما|فيما|بينما|علي\s+ان|في\s+حين|مقابل\s+ان|بحيث|ثم|كذلك|ايضا|ان)\s+|و(?=(?:لا\s|[يت]))|(?:كما\s+)?انهما\s+)?"
)
_AR_JOINT: Final = re.compile(
    rf"\s*[،؛,]?\s+(?=(?:و(?:لا\s+)?|(?:و?كما|فيما|بينما|و?علي\s+ان|في\s+حين|مقابل\s+ان|بحيث|ثم)\s+(?:لا\s+)?){_AR_VERB}\s)"
)
_AR_FREE: Final = re.compile(
    r"^(?:لا\s+)?(?:(?<!لا\s)يجوز|(?<!لا\s)يمكن|تمكن|يقصد|تعني|يعني|يراد|تسري|يسري|(?<!لا\s)تنطبق|ينطبق|تهدف|يهدف|ترمي|تستند|يستند|تشكل\s+هذ|يشكل\s+هذ|"
    r"تضع\s+هذ|يضع\s+هذ|تعد\s+هذ|يعد\s+هذ|تعتبر|يعتبر|تظهر|تبين|يتبين|يتوقع|ينتظر|يرجح|يذكر|يلاحظ|تلاحظ|يشار|يتضح|ياتي|تاتي|يرد|ترد|يظل|تظل|تبقي\s+هذ|يبقي\s+هذ|"
    r"يكون|تكون\s+هذ|تبلغ|يبلغ|تربط|يؤكد|تؤكد|يشدد|تشدد|يشيد|تشيد|يرحب|ترحب|يثمن|تثمن|يعرب|تعرب|يعبر|تعبر\s+عن|يشكر|يهنئ|يدين|تدين|يستنكر|تستنكر|يناشد|تناشد|يدعو|تدعو|يري|تري|"
    r"يدرك|تدرك|يامل|تامل|يتطلع|تتطلع|يسعي|تسعي|يعتزم|تعتزم|يطمح|تطمح|ينوي|تنوي|يود|تود|ينوه|تنوه|ياخذ\s+علما|يحيط|تحيط|يستذكر|يدخل|تدخل|يترتب|تترتب|تنشا\s+عن|يتوقف|"
    r"يعود|تعود|يصادف|تمثل|يمثل|يدل|تدل|يبدو|تبدو|تسهم|يسهم|تتيح|يتيح|تمتد|تقع|يقع|تدوم|تواجه|يواجه|يعكس|تعكس|يحمل|تزخر|تحتضن|تشهد|يشهد|"
    r"يجدد|تجدد|تتعلق|يتعلق|ينظر|تنظر|يدرس|تدرس|يبحث|تبحث|يبديان|تبدي|يبدي|يرغب|ترغب|يوصي|توصي|يحث|تحث|يؤيد|تؤيد|ينبغي|تنبغي|يجب|تجب|يتعين|تتعين)\b"
    r"|^\w+\s+(?:التشريع|القانون|قانون|النظام\s+(?:النافذ|المعمول)|المنظمة\s+الدولية|الامم)|\bهذ[اه]\s+(?:المذكرة|الاتفاق|الاتفاقية|الخطة|البروتوكول|الخطوة|الارقام|النتائج)\s*(?:اطارا|حيز|سارية|نافذ)"
    r"|^\w+\s+(?:العمل\s+ب)?هذ[اه]\s+(?:المذكرة|الاتفاق|الاتفاقية|البروتوكول|الخطة|الخطوة|البرنامج)(?!\w)|^\w+\s+مفعول"
)
_AR_PAST: Final = re.compile(r"^(?:و|ف)?(?:قد|كان|كانت|تم|تمت|جري|سبق)\s|\s(?:كان|كانت)\s+قد\s")

#: Openings of a list whose items are permissions, definitions or reports.
FREE_HEAD: Final = {
    "ru": re.compile(
        r"\b(?:вправе|могут|может|означа\w+|понима\w+|включа\w+|состо\w+"
        r"|слушали|заслуша\w*|выступи\w*|присутств\w*|рассмотр\w+|отмет\w+|участвова\w+|приложени\w+|повестк\w+|термин\w*"
        r"|целя(?:ми|х)\s+(?:настоящ|явля)\w*|учитывая|исходя)\b"
    ),
    "ar": re.compile(
        r"(?:^|\s)و?(?:يجوز|يمكن|يقصد|تعني|يعني|تشمل|يشمل|تتضمن|يتضمن|تتكون|يتكون"
        r"|حضر|شارك|اسفر\w*|خلص\w*|تناول\w*|استعرض\w*|ناقش\w*|جدول|مرفق\w*|نستذكر|اذ)(?!\w)"
    ),
}  # fmt: skip
_LEAST_WORDS: Final = 3
#: Least share of a piece that a clause from its verb must keep, so that a long subject is not lost.
_LEAST_SHARE: Final = 0.4


def predicate_drafts(
    text: str, language: str, taken: list[tuple[int, int]], agents: frozenset[int] = frozenset()
) -> Iterator[ClauseDraft]:
    """Yield the provisions of a folded Russian or Arabic sentence.

    Parameters
    ----------
    text
        The folded sentence.
    language
        ``ru`` or ``ar``.
    taken
        Spans of the sentence that are clauses already.
    agents
        Offsets at which words end that name who acts.
    """
    pieces = _russian(text, agents) if language == "ru" else _arabic(text)
    for start, end in pieces:
        if len(re.findall(r"\w+", text[start:end])) < _LEAST_WORDS or any(a < end and start < b for a, b in taken):
            continue
        yield ClauseDraft(start, end, STRENGTH, ("provision",), RULE)


def _russian(text: str, agents: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the provisions of a Russian sentence."""
    masked = _RU_SUBORDINATE.sub(lambda found: "," + "_" * (len(found.group()) - 1), text)
    starts = [0]
    for joint in _RU_JOINT.finditer(masked):
        verb = _RU_PREDICATE.search(masked, joint.end())
        if verb and len(re.findall(r"\w+", masked[joint.end() : verb.start()])) < _RU_SOON:
            starts.append(joint.end())
    for begin, following in zip(starts, [*starts[1:], len(text)], strict=True):
        end = next((one.start() for one in _RU_JOINT.finditer(masked, begin) if one.end() == following), following)
        piece = masked[begin:end]
        verb = _RU_PREDICATE.search(piece)
        if verb is None or _RU_FREE.search(piece) or _RU_PAST.search(piece):
            continue
        yield _from_verb(text, begin, end, begin + verb.start(), begin + verb.end(), agents)


def _from_verb(text: str, begin: int, end: int, verb: int, after: int, agents: frozenset[int]) -> tuple[int, int]:
    """Leave out an acting subject, or an opening of time, place or aim, before the verb of a provision."""
    passive = text[verb:after].endswith("ся")
    acted = any(begin < place <= verb and not text[place:verb].strip() for place in agents)
    opened = _RU_ADVERBIAL.match(text, begin) is not None
    if acted or opened or not passive:
        rest = end - verb
        if acted or rest >= _LEAST_SHARE * (end - begin):
            return verb, end
    return begin, end


def _arabic(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the provisions of an Arabic sentence."""
    if _AR_PAST.search(text):
        return
    starts = [0, *(joint.end() for joint in _AR_JOINT.finditer(text))]
    for begin, following in zip(starts, [*starts[1:], len(text)], strict=True):
        link = _AR_LINK.match(text, begin)
        start = link.end() if link else begin
        if not _AR_OPENING.match(text, start) or _AR_FREE.search(text[start:following]):
            continue
        end = following
        while end > start and text[end - 1] in " ،؛,":
            end -= 1
        yield start, end
