"""Fields that follow a measure of a plan: "Target: 40 km. Deadline: 2027. Responsible: the ministry"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from landlink.statement.sentences import TextSpan

__all__ = ["begins_field", "with_fields", "without_owner"]

#: Fields that say how much and by when; and those that do not belong to the commitment.
_OF_MEASURE: Final = re.compile(
    r"[(（]?(?:deadline|time limit|timeline|time ?frame|targets?|indicators?|due(?: date)?"
    r"|completion(?: date)?|by when|"
    r"срок\w*(?: исполнения| выполнения| реализации)?|целевой показатель|показатель|индикатор|цель|"
    r"完成时限|完成时间|完成期限|时限|期限|目标值?|数量指标|指标|الموعد(?: النهائي)?|المدة|الهدف|المؤشر"
    r"|المهلة|موعد الإنجاز)\s*[:：]",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"[(（]?(?:responsib\w+(?: \w+)?|lead(?: agency| body| unit)?|performers?|executors?|status"
    r"|ответственн\w+(?: \w+)?|исполнител\w+|"
    r"责任单位|牵头单位|负责单位|责任部门|牵头部门|配合单位|الجهة (?:المسؤولة|المنفذة)|المسؤول\w*"
    r"|المنفذ\w*|الجهات المسؤولة)\s*[:：]",
    re.IGNORECASE,
)


def begins_field(line: str) -> bool:
    """Whether a line begins with the name of a field."""
    return bool(_OF_MEASURE.match(line) or _OTHER.match(line))


#: What follows the field of who is responsible: the next field, or the end of a part.
_AFTER_OWNER: Final = re.compile(rf"[;；\n]|(?={_OF_MEASURE.pattern})", re.IGNORECASE)


def without_owner(text: str) -> str:
    """Leave out who is responsible for a measure: the name of a ministry says little of what the measure is about.

    Examples
    --------
    >>> without_owner("repair the road (responsible: ministry of health)")
    'repair the road '
    """
    kept, place = "", 0
    while (owner := _OTHER.search(text, place)) is not None:
        kept += text[place : owner.start()]
        after = _AFTER_OWNER.search(text, owner.end())
        place = after.end() if after else len(text)
    return kept + text[place:]


def with_fields(text: str, spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Join each measure with the target and the deadline that follow it.

    Parameters
    ----------
    text
        The normalised text.
    spans
        Its sentences, in order.

    Returns
    -------
    list of TextSpan
        The sentences, those of targets and deadlines joined to the measure before.
    """
    found: list[TextSpan] = []
    waiting: list[TextSpan] = []
    for span in spans:
        piece = text[span.start : span.end]
        owner = bool(found) and not begins_field(text[found[-1].start : found[-1].end])
        if owner and _OF_MEASURE.match(piece):
            found[-1] = replace(found[-1], end=span.end, opens=span.opens)
            waiting = []
        elif owner and _OTHER.match(piece):
            waiting.append(span)
        else:
            found += [*waiting, span]
            waiting = []
    return [*found, *waiting]
