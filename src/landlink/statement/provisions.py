"""Provisions of agreements, procedures and plans, which bind without a verb of commitment.

"The Committee meets twice a year", "Стороны ежегодно обмениваются данными", an item of a plan of measures: in a joint
statement such words report; in a text that calls itself an agreement, a procedure or a plan, they are what was agreed.
Which kind of text it is follows from its title and its articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from landlink.statement.clause_draft import ClauseDraft, Governor

__all__ = ["PLAN", "Kind", "kind_of", "provision_drafts"]

#: Strength of a provision: that of "shall".
_STRENGTH: Final = 4
RULE: Final = "provision"
#: What governs the items of a plan that no verb of it governs.
PLAN: Final = Governor(_STRENGTH, "provision:plan")

_AGREEMENT: Final = re.compile(
    r"\b(?:agreement|memorandum of understanding|convention|treaty|operating procedures?|rules of procedure|working (?:rules|procedure)|arrangement on|terms of reference)\b"
    r"|соглашени|договор между|конвенци|порядок (?:работы|взаимодействия|пропуска)|регламент|меморандум о взаимопонимании|положение о"
    r"|协定|协议|议定书|规程|谅解备忘录|工作规则|管理办法|条约"
    r"|اتفاقي|مذكرة تفاهم|لائحة|نظام عمل|بروتوكول"
)
_PLAN: Final = re.compile(
    r"\b(?:action plan|plan of (?:action|measures)|road ?map|work(?:ing)? (?:plan|programme|program)|programme of (?:work|measures|cooperation))\b"
    r"|план (?:мероприятий|действий|работы)|дорожная карта|программа (?:сотрудничества|действий|работы)"
    r"|行动计划|路线图|工作计划|实施方案|合作规划|规划纲要"
    r"|خطة عمل|خريطة طريق|خارطة طريق|برنامج (?:عمل|تنفيذي)|خطة (?:تنفيذية|العمل)"
)
_ARTICLE: Final = re.compile(
    r"^\s*(?:article\s+\d+|статья\s+\d+|第[一二三四五六七八九十百\d]+条|المادة\s+(?:\(?\d+|ال\w+))",
    re.IGNORECASE | re.MULTILINE,
)
#: Articles from which a text is one of provisions whatever it is called.
_ARTICLES: Final = 3

#: Sentences of such texts that bind nobody: permissions, definitions, scope, what was.
_FREE: Final = {
    "en": re.compile(
        r"\b(?:may|might|can|could|means|mean|was|were|had|has|have|did|nothing in|for the purposes? of|apply to|applies to|governs?|is defined|"
        r"are defined|should|would|recalls?|hopes?|consists? of|refers? to)\b"
    ),
    "ru": re.compile(
        r"\b(?:вправе|могут|может|можно|означа\w+|понима\w+|называ\w+|регулиру\w+|распространя\w+|применя\w+|является|являются|\w{2,}(?:л|ла|ло|ли)(?:сь|ся)?|"
        r"настоящ\w+ \w+ (?:не )?затрагива\w+|учитывая|исходя|желая|руководствуясь)\b"
    ),
    "zh": re.compile(
        r"可(?:以)?(?=[^持靠行])|系指|是指|所称|适用于|本(?:协定|规程|备忘录)(?:所|不|旨)|已|曾|了|为此目的|旨在|鉴于|根据.{0,20}制定"
    ),
    "ar": re.compile(
        r"(?:^|\s)و?(?:يجوز|يمكن|يقصد|تعني|يعني|تسري|يسري|تنطبق|كان|كانت|قد|تم|جري|لا تخل|تهدف|يهدف|اذ|رغبة|ايمانا|استنادا)(?!\w)"
    ),
}
#: Where a further provision of the same subject begins.
_FURTHER: Final = {
    "en": re.compile(r",?\s+and\s+(?=[a-z]{3,}(?:es|s)\s+(?!of|and|or|for|in)\S)"),
    "ru": re.compile(r"(?:,|\s+и|,\s+а также)\s+(?=(?:не\s+)?[а-я]{3,}(?:ют|ет|ит|ят|ут|ат)(?:ся)?\s)"),
    "zh": re.compile(r"[，；](?:并|且|同时)?(?=[^，；、]{4})"),
    "ar": re.compile(r"[،؛,]?\s+(?=و(?:لا )?[يت]\w{2,}\s)"),
}
_LEAST_WORDS: Final = 4


@dataclass(frozen=True)
class Kind:
    """Whether a text consists of provisions, and whether its items are those of a plan."""

    provisions: bool = False
    plan: bool = False


def kind_of(folded_title: str, text: str) -> Kind:
    """Find the kind of a text from its folded title and its articles."""
    articles = len(_ARTICLE.findall(text)) >= _ARTICLES
    return Kind(bool(articles or _AGREEMENT.search(folded_title)), _PLAN.search(folded_title) is not None)


def provision_drafts(text: str, language: str, spans: Sequence[tuple[int, int]] = ()) -> Iterator[ClauseDraft]:
    """Yield the provisions of a folded sentence that has no verb of commitment.

    Parameters
    ----------
    text
        The folded sentence.
    language
        ISO 639-1 code.
    spans
        Spans of the sentence that are clauses already.
    """
    words = len(text) / 2 if language == "zh" else len(re.findall(r"\w+", text))
    if words < _LEAST_WORDS or _FREE[language].search(text) or text.rstrip()[-1:] not in ".。;；؛":
        return
    start = 0
    for cut in (*_FURTHER[language].finditer(text), None):
        end = cut.start() if cut else len(text)
        if end - start > 1 and not any(first < end and start < last for first, last in spans):
            yield ClauseDraft(start, end, _STRENGTH, ("provision",), RULE)
        start = cut.end() if cut else end
