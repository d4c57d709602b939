"""Chains of actions governed by one verb: "agreed to build a road, to open a post and to lower duties"."""

from __future__ import annotations

import re
from typing import Final

from landlink.statement.clause_draft import ClauseDraft
from landlink.statement.cue_index import CueIndex
from landlink.statement.english_verbs import plain_form
from landlink.statement.lexicon import Lexicon
from landlink.statement.measure_fields import begins_field
from landlink.statement.patterns import Hit, overlaps

__all__ = ["begins_item", "begins_with_action", "first_action", "goes_on"]

#: Endings of Russian verbal nouns, by case; all items of a chain share one case.
_CASES: Final = (
    ("prepositional", re.compile(r"(?:нии|ции|тии|ке|те|ве|ске|де|оне|ене)$")),
    ("dative", re.compile(r"(?:нию|ции|тию|ке|те|ву|ку|ску|ду|зу)$")),
    ("genitive", re.compile(r"(?:ния|ции|тия|ки|ты|ва|ка|ска|да|за)$")),
    ("accusative", re.compile(r"(?:ние|цию|тие|ку|ту|во|к|ск)$")),
    ("instrumental", re.compile(r"(?:нием|цией|тием|кой|той|вом|ком|ском)$")),
)
_WORD: Final = re.compile(r"[\w'-]+")
#: An Arabic verb in the imperfect, as in the provisions of a memorandum; and one joined to it by "and".
_IMPERFECT: Final = re.compile(r"(?!تعهد |توافق |توصل |تعاهد |تكفل )[يت]\w{2,} ")
#: One after which verbal nouns go on as well: "undertakes to clear ... and to build".
_UNDERTAKES: Final = re.compile(r"[يت]ت?(?:لتزم|عهد|فق|قرر|وافق|ولي)")
_AND_IMPERFECT: Final = re.compile(r"\s*(?:كما )?و?(?:لا )?[يت]\w{2,}\s+\w")
#: "Provided that" with its verb; and a preposition repeated from before: "to raise ..., and to direct".
_PROVISO: Final = re.compile(r"علي ان (?:لا )?[يت]\w{2,}\s+\w")
_AND_PREPOSITION: Final = re.compile(r"و(?:علي|الي|في|عن|كذلك|ايضا|كذا)\s+")
#: A Russian verb in the present tense, as in an agreement; and one after it, with or without a subject.
_PRESENT: Final = re.compile(r"^cue:agreed:.*(?:ют|ут|ят|ат|ет|ит)(?:ся)?(?: на себя)?$")
_AND_PRESENT: Final = re.compile(
    r"(?:[а-я]+(?:ая|ие|ые|ый|ий|ое) (?:стороны? |службы? )?)?(?:не )?[а-я]{3,}(?:ют|ут|ят|ат|ет|ит)(?:ся)?\s+\w"
)
#: Prefixes of the verbal noun of an Arabic item: "and", the preposition of the verb, or both.
_FRONTS: Final = frozenset({"", "و", "وب", "ول", "ب", "ل"})
#: What follows a word that is no verb here.
_NO_OBJECT: Final = re.compile(
    r"\s*(?:$|[,.;:)]|(?:and|or|of|in|for|on|between|with|at|from|by|as|which|that|to|services?|cooperation|links?|projects?)\b)"
)
#: A date at the head of a Chinese part, and words after which its verb follows an object or a place.
_DATE: Final = re.compile(
    r"(?:于|在|到|至|自|从|力争)?(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?|今年|明年|未来\w年|\w{1,3}年)(?:之?前|底前|年底前|底|上半年|下半年|内|起|末)?(?:，)?"
)
_BEFORE_VERB: Final = re.compile(r"于|在|为|向|对|与|同|把|将|以|按照?|由|通过|围绕|及时|实时|妥善|坚定|同步|尽快|新")
#: Characters within which that verb is sought.
_TO_VERB: Final = 30
#: A further part of a Chinese sentence after a comma is a further action, unless it opens with such words.
_FURTHER_PART: Final = re.compile(r"[，；,;](?:并且|并|同时|且|也|还)?\s*$")
_NO_ACTION: Final = re.compile(
    r"包括|即|其中|例如|比如|如|特别是|尤其是|诸如|从而|以便|以期|进而|以(?=[^，；。]{1,6}(?:$|[，；。]))|这|该|此|上述|具体|届时|其(?!他)|但|而|因|由于|"
    r"高度评价|注意到|认为|表示|感谢|欢迎|指出|赞赏|祝贺|可|有权|已|曾|同比|累计|占|较|比上|相当于|约|达|预计|据|有望|使得|有助|有利|"
    r"(?:不少|不低|不多|不超|超)[于过]|[^，；。]{0,10}(?:会议|峰会|日期)|[^，；。]{0,8}(?:如下|以下|下列)|.{0,12}(?:为|是)[：:]?$|\d(?!\d{3}年)|[^，；。]{0,6}[：:]"
)
#: Characters of the shortest such part.
_SHORT_PART: Final = 4
_MARKS: Final = re.compile(r"[，；。：,;]")
#: Words between an English verb of commitment and a verbal noun that it governs.
_NEAR_VERB: Final = 3
#: Longest connector, in letters.
_LONG: Final = 20
#: Most adverbs before an action.
_ADVERBS: Final = 4


def begins_item(index: CueIndex, place: int, before: ClauseDraft | None) -> bool:
    """Whether an action that continues a chain begins at an offset.

    Parameters
    ----------
    index
        Cues of the sentence.
    place
        Offset at which a part of the sentence begins.
    before
        The preceding clause, if any.
    """
    cue = before.rule.rpartition(":")[2] if before is not None else ""
    if index.language == "ar" and _IMPERFECT.match(cue):
        further = _AND_IMPERFECT.match(index.text, place) is not None
        if further or not _UNDERTAKES.match(cue):
            return further
    if begins_field(index.text[place:]):
        return False
    if _joins(index, place, before):
        return True
    if index.language == "ar" and before is not None and before.strength:
        preposition = _AND_PREPOSITION.match(index.text, place)
        place = preposition.end() if preposition else place
    strong = _connector(index, place)
    if before is not None and not strong and _listing(index, before.start, place):
        return False
    if before is not None and _same_subject(index, place, before):
        return True
    action = first_action(index, strong.end if strong else place)
    return action is not None and _fits(index, action, place, before)


def begins_with_action(text: str, lexicon: Lexicon) -> bool:
    """Whether a folded sentence begins with an infinitive or a verbal noun."""
    return first_action(CueIndex(text, lexicon), 0) is not None


def _same_subject(index: CueIndex, place: int, before: ClauseDraft) -> bool:
    """Whether a part goes on with the verbs of the subject before it."""
    if index.language == "en":
        return _third_persons(index, place, before)
    return index.language == "zh" and goes_on(index, place)


def _joins(index: CueIndex, place: int, before: ClauseDraft | None) -> bool:
    """Whether a proviso follows, or a further verb in the present tense."""
    if before is None:
        return False
    if index.language == "ar" and before.strength:
        return _PROVISO.match(index.text, place) is not None
    present = index.language == "ru" and _PRESENT.search(before.rule) is not None
    return present and _AND_PRESENT.match(index.text, place) is not None


def _third_persons(index: CueIndex, place: int, before: ClauseDraft) -> bool:
    """Whether a part goes on in the third person after a verb in it: "assigns a colour and replies within an hour"."""
    cue = _WORD.match(before.rule.rpartition(":")[2])
    word = _WORD.match(index.text, _next_word(index, place))
    if cue is None or word is None or not (plain_form(cue.group()) and plain_form(word.group())):
        return False
    return not _NO_OBJECT.match(index.text, word.end()) or index.text.startswith((" within", " to", " for"), word.end())


def goes_on(index: CueIndex, place: int) -> bool:
    """Whether a part of a Chinese sentence after a comma goes on with the actions of the same subject.

    Parameters
    ----------
    index
        Cues of the sentence.
    place
        Offset at which the part begins.
    """
    if not _FURTHER_PART.search(index.text, max(0, place - _LONG), place):
        return False
    mark = _MARKS.search(index.text, place)
    end = mark.start() if mark else len(index.text)
    if end - place < _SHORT_PART or _NO_ACTION.match(index.text[place:end]):
        return False
    agent = index.at("agent", place)
    return agent is None or agent.end - place > end - place - 2


def first_action(index: CueIndex, spot: int) -> Hit | None:
    """Find the action at an offset, skipping adverbs."""
    for _ in range(_ADVERBS):
        spot = _next_word(index, spot)
        if index.language == "zh" and (found := _chinese_verb(index, spot)) is not None:
            return found
        action = _action(index, spot)
        adverb = index.at("adverb", spot)
        if action is not None or adverb is None:
            return action
        spot = adverb.end
    return None


def _chinese_verb(index: CueIndex, spot: int) -> Hit | None:
    """Find the verb of a Chinese part that opens with a date, a place or an object: 把查验时间压缩至……."""
    if date := _DATE.match(index.text, spot):
        spot = date.end()
    elif not _BEFORE_VERB.match(index.text, spot):
        return None
    if (here := _action(index, spot)) is not None:
        return here
    if not (before := _BEFORE_VERB.match(index.text, spot)):
        return None
    mark = _MARKS.search(index.text, spot)
    end = min(spot + _TO_VERB, mark.start() if mark else len(index.text))
    verbs = index.within("base", before.end(), end)
    return verbs[0] if verbs else None


def _connector(index: CueIndex, place: int) -> Hit | None:
    """Find a connector such as "as well as" at an offset or right before it."""
    for hit in index.within("connector", place - _LONG, place + 3):
        if hit.start == place or (hit.end <= place and index.apart(hit.end, place) == 0 and place - hit.end <= 2):
            return hit if hit.start == place else Hit(place, place, hit.kind, 0, place)
    return None


def _listing(index: CueIndex, begin: int, place: int) -> bool:
    """Whether an offset lies within a list of examples ("such as ...")."""
    return bool(index.within("enumerate", begin, place))


def _next_word(index: CueIndex, place: int) -> int:
    while place < len(index.text) and not index.text[place].isalnum():
        place += 1
    return place


def _action(index: CueIndex, spot: int) -> Hit | None:
    """Find the action at an offset, in Arabic possibly after a joined "and"."""
    found: list[Hit] = []
    for kind in ("base", "gerund", "noun", "base_or_noun"):
        near = index.within(kind, spot, spot + 3)
        found += [hit for hit in near if hit.start == spot and index.text[spot : hit.pos] in _FRONTS]
    blocked = index.within("notaction", spot, spot + 1)
    found = [hit for hit in found if not overlaps(hit, blocked)]
    return max(found, key=lambda hit: hit.end) if found else None


def _fits(index: CueIndex, action: Hit, place: int, before: ClauseDraft | None) -> bool:
    """Whether an action has the form that the chain requires."""
    if index.language == "zh":
        return _fits_chinese(index, action, place)
    if index.language == "ar":
        return _fits_arabic(index, action)
    if before is None:
        return True
    if index.language == "ru":
        return action.kind == "base" or _same_case(index, action, place, before)
    return _fits_english(index, action, place, before)


def _fits_english(index: CueIndex, action: Hit, place: int, before: ClauseDraft) -> bool:
    """Whether an English action fits: a possible noun needs an object, an -ing form another one before it."""
    if action.kind == "base_or_noun":
        return not _NO_OBJECT.match(index.text, action.end)
    if action.kind == "base":
        return True
    return any(_heads(index, hit, before) for hit in index.within(action.kind, before.start, place))


def _heads(index: CueIndex, hit: Hit, before: ClauseDraft) -> bool:
    """Whether an English verbal noun opens its clause or directly follows its verb of commitment."""
    if index.apart(before.start, hit.pos) <= 1:
        return True
    cues = [cue for cue in index.cues_in(before.start, hit.pos) if cue.end <= hit.pos]
    return bool(cues) and index.apart(cues[-1].end, hit.pos) <= _NEAR_VERB


def _fits_chinese(index: CueIndex, action: Hit, place: int) -> bool:
    """Whether a Chinese action fits: after an enumeration mark, only a verb that cannot be a noun."""
    rest = re.match(r"[^，；、。：,;]*", index.text[action.end :])
    long_enough = rest is not None and len(rest.group()) >= 2
    listed = place > 0 and index.text[place - 1] in "、和且及"
    return long_enough and (action.kind == "base" or not listed)


def _fits_arabic(index: CueIndex, action: Hit) -> bool:
    """Whether an Arabic action fits: an object must follow, not punctuation or "and"."""
    rest = index.text[action.end :]
    return bool(re.match(r"\s+(?!و\w{3,})\w", rest))


def _same_case(index: CueIndex, action: Hit, place: int, before: ClauseDraft) -> bool:
    """Whether a Russian verbal noun has the case of the first ones that the verb governs."""
    nouns = index.within("noun", before.start, place)
    if not nouns:
        return False
    word = _WORD.match(index.text, action.pos)
    own = word.group() if word else ""
    for noun in nouns[:2]:
        match = _WORD.match(index.text, noun.pos)
        other = match.group() if match else ""
        if any(ending.search(own) and ending.search(other) for _, ending in _CASES):
            return True
    return False
