"""Provisions in Chinese: "委员会每年召开两次会议" commits in an agreement without a verb of commitment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from landlink.statement.action_chains import first_action, goes_on
from landlink.statement.cue_index import CueIndex

__all__ = ["chinese_provisions"]

#: Sentences that bind nobody: what the instrument itself is, final clauses, domestic law, definitions, facts.
_FREE: Final = re.compile(
    r"^本(?:协定|协议|条约|公约|规程|规则|办法|纪要|备忘录|议定书|章程|计划|行动计划|路线图|方案|规划)(?![^，。；]{0,12}(?:费用|经费|资料|信息))|"
    r"^(?:附件|附录|附表)|生效|有效期|同等作准|一式[两二三四五六]份|(?:进行|作出)(?:修改|修订|补充)|可以?(?:修改|修订|补充|根据)|自动延[长期]|以[^，。；]{1,8}文本为准|"
    r"(?:^|，)(?:根据|按照|依照|依据)(?!本|各自|双方|两国|上述|第|前款)[^，。；]{0,20}(?:法律|法规|法令|条例|法》|规定)|"
    r"系指|是指|所称|适用于|旨在|为此目的|现有|同比|累计|合计|共计|截至|据(?:统计|了解|介绍)|配合默契|表示(?:感谢|满意|赞赏)|"
    r"^(?:本着|鉴于|考虑到|认识到|忆及)|制定本|订立本|编制本"
)
_PAST: Final = re.compile(
    r"已(?!经?(?:登记|注册|批准)的)|曾|了(?!解)|此前|去年|上年|(?:19|20)\d\d年(?!\d{0,2}月?\d{0,2}日?[之]?[前底起至到内末—])(?=[^，。；]{0,4}在)"
)
_REPORT: Final = re.compile(
    r"(?:还|也|并|均|共同|一致)?(?:指出|表示|认为|注意到|回顾|介绍|通报了|感谢|祝贺|高度评价|积极评价|赞赏|听取|讨论|就[^，。；]{2,30}交换|强调|满意|欢迎|对[^，。；]{2,30}表示)"
)
_PERMITTED: Final = re.compile(r"可(?:以)?(?![持靠行能见维])|有权|得以|酌情可")
#: Parts that say only when, why or under what condition, and go before the part that acts.
_LEAD_IN: Final = re.compile(
    r"^(?:因|如|若|倘|未经|经|为|自|按照?|根据|依照|依据|除|凡|鉴于|考虑|针对|对于?|关于|在|当|遇|出现|发生|一旦)[^由将把应须]*$|"
    r"(?:的|时|后|前|下|之内|之日起|情况下|期间|书面同意|以外|为准则)$"
)
_AGENT_GAP: Final = re.compile(
    r"(?:缔约|任何|被请求|请求|派遣|主管|各自|有关|一|之|的|和|、|与|及|两国|国家|铁路|海关|双)*"
)
_ACTS: Final = re.compile(r"由|仅限|不|免|予以|按|每|于|均|应")
_SHORTEST: Final = 4
_CUT: Final = re.compile(r"[，；](?:并且|并|且|同时)?")


def chinese_provisions(index: CueIndex, *, strict: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of the provisions of a Chinese sentence that has no verb of commitment.

    Parameters
    ----------
    index
        Cues of the sentence.
    strict
        Whether only a sentence in which a party acts is a provision, as in minutes and plans.
    """
    text = index.text
    if _FREE.search(text) or _PAST.search(text) or text.rstrip()[-1:] not in "。；;":
        return
    found: list[tuple[int, int]] = []
    acted = False
    for start, end in _segments(text):
        begin = _after_agent(index, start, end)
        acts = begin > start
        if acts and _REPORT.match(text, begin, end):
            return
        part = text[begin:end]
        if _PERMITTED.search(part):
            continue
        if not acts and not found and _LEAD_IN.search(part) and end < len(text) - 1:
            continue
        acted = acted or acts
        verb = first_action(index, begin) is not None
        if found and not acts and not (verb or goes_on(index, begin)):
            found[-1] = (found[-1][0], end)
        elif len(part) >= _SHORTEST and (verb or acts or _holds(index, begin, end)) and (acted or not strict):
            found.append((begin, end))
    yield from found


def _segments(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in (*_CUT.finditer(text), None):
        end = cut.start() if cut else len(text)
        if end > start:
            yield start, end
        start = cut.end() if cut else end


def _after_agent(index: CueIndex, start: int, end: int) -> int:
    """Find where the verb begins, after the agents at the head of a part; its start if none acts there."""
    place = start
    while True:
        gap = _AGENT_GAP.match(index.text, place, end)
        hits = [hit for hit in index.within("agent", place, (gap.end() if gap else place) + 1) if hit.end <= end]
        if not hits:
            return place
        place = max(hit.end for hit in hits)


def _holds(index: CueIndex, begin: int, end: int) -> bool:
    """Whether a part without an agent says what is to be: it holds a verb, or who does it, or a limit."""
    return bool(index.within("base", begin, end)) or _ACTS.search(index.text, begin, end) is not None
