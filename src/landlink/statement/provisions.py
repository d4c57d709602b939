"""Provisions of agreements, procedures and plans, which bind without a verb of commitment.

"The Committee meets twice a year", "Стороны ежегодно обмениваются данными", an item of a plan of measures: in a joint
statement such words report; in a text that calls itself an agreement, a procedure or a plan, they are what was agreed.
Which kind of text it is follows from its title and its articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from landlink.statement.chinese_provisions import chinese_provisions
from landlink.statement.clause_draft import ClauseDraft, Governor
from landlink.statement.cue_index import CueIndex
from landlink.statement.english_provisions import english_provisions
from landlink.statement.lexicon import Lexicon
from landlink.statement.patterns import Hit

__all__ = ["PLAN", "PROSE", "Kind", "binding", "kind_of", "provision_drafts"]

#: Strength of a provision: that of "shall".
_STRENGTH: Final = 4
RULE: Final = "provision"
#: What governs the items of a plan that no verb of it governs.
PLAN: Final = Governor(_STRENGTH, "provision:plan")

_AGREEMENT: Final = re.compile(
    r"\b(?:agreement|memorandum of understanding|convention|treaty|operating procedures?"
    r"|exchange of (?:letters|notes)|rules of procedure|working (?:rules|procedure)|arrangement on"
    r"|terms of reference)\b"
    r"|^(?:\W*проект )?(?:соглашени[ея]|договор(?!енн)|конвенция|порядок|регламент|правила|положение"
    r"|меморандум|устав|инструкция|кодекс|временны[ей] \w+|"
    r"технологическ\w+ (?:карта|схема|процесс)|процедура|решение|постановление|распоряжение|программа"
    r"|стратегия|концепция|схема)\b"
    r"|协定|协议|议定书|规程|谅解备忘录|工作规则|管理办法|条约"
    r"|^(?:مشروع )?(?:اتفاق|اتفاقية|الاتفاق|الاتفاقية|مذكرة|بروتوكول|البروتوكول|لائحة|اللائحة|نظام|النظام"
    r"|معاهدة|ميثاق|قواعد|دليل|اجراءات|عقد|ملحق|قرار|مقرر|محضر|ترتيبات?|"
    r"تعليمات|ضوابط|برنامج|استراتيجية|خطة|خريطة|خارطة)(?!\w)",
    re.MULTILINE,
)
_PLAN: Final = re.compile(
    r"\b(?:action plan|plan of (?:action|measures)|road ?map|work(?:ing)? (?:plan|programme|program)"
    r"|programme of (?:work|measures|cooperation))\b"
    r"|^(?:\W*проект )?(?:(?:\w+ )?план\b|дорожная карта|(?:\w+ )?программа\b|комплекс мер|перечень (?:мер"
    r"|мероприятий|проектов))"
    r"|行动计划|路线图|工作计划|实施方案|合作规划|规划纲要"
    r"|^(?:مشروع )?(?:خطة|الخطة|خريطة|خارطة|برنامج|البرنامج|مصفوفة|قائمة (?:الاجراءات|المشروعات|المشاريع))(?!\w)",
    re.MULTILINE,
)
_MINUTES: Final = re.compile(
    r"\b(?:minutes|protocol|agreed (?:minutes|record)|record of (?:discussions?|talks|understanding))\b|纪要|会谈记录"
)
_ARTICLE: Final = re.compile(
    r"^[^\S\n]*(?:article\s+\d+|статья\s+\d+|第[一二三四五六七八九十百\d]+条|المادة\s+(?:\(?\d+|ال\w+))",
    re.IGNORECASE | re.MULTILINE,
)
#: Articles from which a text is one of provisions whatever it is called.
_ARTICLES: Final = 3

#: Sentences of such texts that bind nobody: permissions, definitions, scope, what was.
_FREE: Final = {
    "ru": re.compile(
        r"\b(?:вправе|могут|может|можно|означа\w+|понима\w+|называ\w+|регулиру\w+|распространя\w+|применя\w+|является|являются|\w{2,}(?:л|ла|ло|ли)(?:сь|ся)?|"
        r"настоящ\w+ \w+ (?:не )?затрагива\w+|учитывая|исходя|желая|руководствуясь)\b"
    ),
    "ar": re.compile(
        r"(?:^|\s)و?(?:يجوز|يمكن|يقصد|تعني|يعني|تسري|يسري|تنطبق|كان|كانت|قد|تم|جري|لا تخل|تهدف|يهدف|اذ|رغبة"
        r"|ايمانا|استنادا)(?!\w)"
    ),
}
#: Words of duty, and of opinions on what should be.
_MODAL: Final = {
    "en": re.compile(r"must"),
    "ru": re.compile(r"должн\w+|обязан\w*"),
    "zh": re.compile(r"应|应当|应该|必须|须|需|需要"),
    "ar": re.compile(r"يجب|يتعين|يلزم"),
}
_OPINION: Final = {
    "en": re.compile(
        r"\b(?:stress|emphasi|underlin|consider|believ|felt|feel|convinced|agreed that|remind|importan|necess)\w*"
    ),
    "ru": re.compile(r"подчеркн|подчеркив|счита|отмети|отмеча|убежд|мнени|важн|необходим"),
    "zh": re.compile(r"认为|强调|指出|重申|主张|建议|呼吁|希望|同意|赞同|相信|提醒"),
    "ar": re.compile(r"اكد|شدد|اعرب|يري|راي|اهمية|ضرورة"),
}
#: Where a further provision of the same subject begins.
_FURTHER: Final = {
    "ru": re.compile(r"(?:,|\s+и|,\s+а также)\s+(?=(?:не\s+)?[а-я]{3,}(?:ют|ет|ит|ят|ут|ат)(?:ся)?\s)"),
    "ar": re.compile(r"[،؛,]?\s+(?=و(?:لا )?[يت]\w{2,}\s)"),
}
_LEAST_WORDS: Final = 4


@dataclass(frozen=True)
class Kind:
    """Whether a text consists of provisions, whether its items are those of a plan, and whether it is minutes."""

    provisions: bool = False
    plan: bool = False
    minutes: bool = False

    @property
    def binds(self) -> bool:
        """Whether a duty, or a present tense of the parties, is a commitment."""
        return self.provisions or self.plan or self.minutes


#: The kind of a text that is neither.
PROSE: Final = Kind()


def kind_of(folded_title: str, text: str) -> Kind:
    """Find the kind of a text from its folded title and its articles."""
    articles = len(_ARTICLE.findall(text)) >= _ARTICLES
    provisions, plan, minutes = (pattern.search(folded_title) is not None for pattern in (_AGREEMENT, _PLAN, _MINUTES))
    return Kind(articles or provisions, plan, minutes)


def binding(draft: ClauseDraft, text: str, language: str) -> ClauseDraft:
    """Give "must" the strength of "shall", as in a text of provisions, unless it is only held to be."""
    _, _, word = draft.rule.partition(":soft:")
    if not word or not _MODAL[language].fullmatch(word):
        return draft
    held = _OPINION[language].search(text, 0, max(0, text.find(word, draft.start)))
    return draft if held else replace(draft, strength=_STRENGTH)


def provision_drafts(text: str, lexicon: Lexicon, mentions: Sequence[Hit], kind: Kind) -> Iterator[ClauseDraft]:
    """Yield the provisions of a folded sentence that has no verb of commitment.

    Parameters
    ----------
    text
        The folded sentence.
    lexicon
        Lexicon of its language.
    mentions
        Countries that it names.
    kind
        Kind of the text.
    """
    language = lexicon.language
    if language in {"en", "zh"}:
        own = chinese_provisions if language == "zh" else english_provisions
        for start, end in own(CueIndex(text, lexicon, mentions), strict=not kind.provisions):
            yield ClauseDraft(start, end, _STRENGTH, ("provision",), RULE)
        return
    if not kind.provisions:
        return
    words = len(re.findall(r"\w+", text))
    if words < _LEAST_WORDS or _FREE[language].search(text) or text.rstrip()[-1:] not in ".。;；؛":
        return
    start = 0
    for cut in (*_FURTHER[language].finditer(text), None):
        end = cut.start() if cut else len(text)
        if end - start > 1:
            yield ClauseDraft(start, end, _STRENGTH, ("provision",), RULE)
        start = cut.end() if cut else end
