"""What it is worth that countries let each other's units in: every agreement with the sites chosen anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from landlink.resilience.response_problem import KindProblem, Pair, Pairs, every_pair, pair_name
from landlink.resilience.siting import choose_sites
from landlink.resilience.siting_problem import SitingRules

__all__ = ["MOST_COUNTRIES", "Sharing", "SharingCase", "sharing_of"]

#: Countries up to which every group that shares is solved: 2^8 groups.
MOST_COUNTRIES: Final = 8
#: Pairs up to which every set that may be needed besides the indispensable ones is tried.
_MOST_PAIRS: Final = 10
#: Relative difference of values that is the solver's accuracy.
_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class SharingCase:
    """One set of agreements, with the best sites for it.

    Attributes
    ----------
    what
        ``nobody`` or ``everybody`` shares; ``only`` this pair; all but this pair (``refused``); all but this country
        (``alone``); or only countries of this ``group``, all with one another.
    who
        The pair, country or group, joined by ``-``.
    value, bound
        Objective, and the proven bound of it.
    cost
        How much worse than with everybody sharing; 0 or more.
    """

    what: str
    who: str
    value: float
    bound: float
    cost: float


@dataclass(frozen=True, eq=False)
class Sharing:
    """All cases of a kind of units.

    Attributes
    ----------
    cases
        The cases.
    indispensable
        Pairs without which the optimum is worse, whatever the others do.
    sufficient
        A smallest set of pairs, these among them, that reaches the optimum; ``None`` if too many would have to be
        tried.
    """

    cases: tuple[SharingCase, ...]
    indispensable: tuple[str, ...]
    sufficient: tuple[str, ...] | None


class _Optimum:
    """Best value for each set of agreements, each found once."""

    def __init__(self, kind: KindProblem, rules: SitingRules, told: Callable[[], None]) -> None:
        self._kind, self._rules, self._told = kind, rules, told
        self._known: dict[Pairs, tuple[float, float]] = {}
        self._of_hours: dict[bytes, tuple[float, float]] = {}

    def __call__(self, pairs: Pairs) -> tuple[float, float]:
        if pairs not in self._known:
            problem = self._kind.problem(pairs)
            # Agreements that change no time need not be solved again.
            key = problem.hours.tobytes()
            if key not in self._of_hours:
                self._told()
                found = choose_sites(problem, self._rules)
                self._of_hours[key] = found.value, found.bound
            self._known[pairs] = self._of_hours[key]
        return self._known[pairs]


def sharing_of(kind: KindProblem, rules: SitingRules, told: Callable[[], None] = lambda: None) -> Sharing:
    """Choose the sites anew for each set of agreements.

    Parameters
    ----------
    kind
        Sites and places.
    rules
        The same rules for each.
    told
        Called before each solve.
    """
    optimum = _Optimum(kind, rules, told)
    every = every_pair(kind.countries)
    sign = -1.0 if rules.objective == "cover" else 1.0
    best = optimum(every)[0]

    def case(what: str, who: str, pairs: Pairs) -> SharingCase:
        value, bound = optimum(pairs)
        return SharingCase(what, who, value, bound, max(0.0, sign * (value - best)))

    def as_good(pairs: Pairs) -> bool:
        return sign * (optimum(pairs)[0] - best) <= _SAME * max(1.0, abs(best))

    listed = sorted(every, key=sorted)
    cases = [case("nobody", "", frozenset()), case("everybody", "", every)]
    cases += [case("only", pair_name(pair), frozenset({pair})) for pair in listed]
    cases += [case("refused", pair_name(pair), every - {pair}) for pair in listed]
    cases += [
        case("alone", one, frozenset(pair for pair in every if one not in pair)) for one in kind.countries if listed
    ]
    cases += [case("group", "-".join(group), every_pair(group)) for group in _groups(kind.countries)]
    needed = [pair for pair in listed if not as_good(every - {pair})]
    enough = _smallest(needed, [pair for pair in listed if pair not in needed], as_good)
    return Sharing(
        tuple(cases), tuple(map(pair_name, needed)), None if enough is None else tuple(sorted(map(pair_name, enough)))
    )


def _groups(countries: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Groups of three countries or more, but not all, if they are few enough."""
    if len(countries) <= MOST_COUNTRIES:
        for size in range(3, len(countries)):
            yield from combinations(countries, size)


def _smallest(needed: list[Pair], others: list[Pair], as_good: Callable[[Pairs], bool]) -> Pairs | None:
    """Smallest set of pairs that is as good as all of them."""
    if len(others) > _MOST_PAIRS and not as_good(frozenset(needed)):
        return None
    for size in range(len(others) + 1):
        for more in combinations(others, size):
            pairs = frozenset((*needed, *more))
            if as_good(pairs):
                return pairs
    return frozenset((*needed, *others))
