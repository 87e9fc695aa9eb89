"""Discrete distributions, and tests of samples."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NA, require, scalar
from addin.headless.functions.cells import as_block, block_numbers, flat, given, raise_error
from addin.headless.functions.distributions import f_tail, normal, t_tail
from addin.headless.functions.special import beta_lower, gamma_upper
from addin.headless.operators import to_number
from addin.xlsx.model import Cell, is_number

# Binomial coefficients up to this many are exact; beyond, by logarithms.
EXACT = 1000
# Products below this have lost digits.
FAINT = 1e-290
MOST_TRIALS = 2**31 - 1
MOST_TERMS = 1_000_000


def _choose(n: int, k: int) -> float:
    """The logarithm of a binomial coefficient."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _binomial(k: int, n: int, p: float) -> float:
    if p in (0, 1):
        return float(k == (n if p else 0))
    chance = p**k * (1 - p) ** (n - k)
    if n <= EXACT and chance > FAINT:
        return math.comb(n, k) * chance
    return math.exp(_choose(n, k) + k * math.log(p) + (n - k) * math.log1p(-p))


def _up_to(k: int, n: int, p: float) -> float:
    """P(X ≤ k)."""
    return 1.0 if k >= n else 0.0 if k < 0 else beta_lower(n - k, k + 1, 1 - p)


@scalar("BINOM.DIST BINOMDIST", "nnnb")
def binom_dist(successes: float, trials: float, p: float, cumulative: bool) -> float:
    k, n = math.floor(successes), math.floor(trials)
    require(0 <= k <= n <= MOST_TRIALS and 0 <= p <= 1)
    return _up_to(k, n, p) if cumulative else _binomial(k, n, p)


@scalar("BINOM.DIST.RANGE", "nnnn")
def binom_dist_range(trials: float, p: float, first: float, last: float | None = None) -> float:
    n, low = math.floor(trials), math.floor(first)
    high = low if last is None else math.floor(last)
    require(0 <= p <= 1 and 0 <= low <= high <= n <= MOST_TRIALS)
    if low == high:
        return _binomial(low, n, p)
    return _up_to(high, n, p) - _up_to(low - 1, n, p)


@scalar("BINOM.INV CRITBINOM", "nnn")
def binom_inv(trials: float, p: float, alpha: float) -> float:
    n = math.floor(trials)
    require(0 <= n <= MOST_TRIALS and 0 < p < 1 and 0 < alpha < 1)
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        # More than alpha, not as much: whatever Microsoft's page says, BINOM.INV(1,0.5,0.5) is 1 in Excel.
        if _up_to(middle, n, p) > alpha * (1 + 1e-15):
            high = middle
        else:
            low = middle + 1
    return float(low)


@scalar("NEGBINOM.DIST", "nnnb")
def negbinom_dist(failures: float, successes: float, p: float, cumulative: bool) -> float:
    f, s = math.floor(failures), math.floor(successes)
    require(0 <= f <= MOST_TRIALS and s >= 1 and 0 < p < 1)
    if cumulative:
        return beta_lower(s, f + 1, p)
    chance = math.pow(p, s) * (1 - p) ** f
    if f + s <= EXACT and chance > FAINT:
        return math.comb(f + s - 1, f) * chance
    return math.exp(_choose(f + s - 1, f) + s * math.log(p) + f * math.log1p(-p))


@scalar("NEGBINOMDIST", "nnn")
def negbinomdist(failures: float, successes: float, p: float) -> float:
    return negbinom_dist(failures, successes, p, False)


@scalar("POISSON.DIST POISSON", "nnb")
def poisson_dist(events: float, mean: float, cumulative: bool) -> float:
    k = math.floor(events)
    require(k >= 0 and mean >= 0)
    if cumulative:
        return gamma_upper(k + 1, mean)
    if mean == 0:
        return float(k == 0)
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


def _hypergeometric(k: int, sample: int, successes: int, population: int) -> float:
    if k < max(0, sample + successes - population) or k > min(sample, successes):
        return 0.0
    if population <= EXACT:
        ways = math.comb(successes, k) * math.comb(population - successes, sample - k)
        return ways / math.comb(population, sample)
    return math.exp(_choose(successes, k) + _choose(population - successes, sample - k) - _choose(population, sample))


@scalar("HYPGEOM.DIST", "nnnnb")
def hypgeom_dist(k: float, sample: float, successes: float, population: float, cumulative: bool) -> float:
    x, n, s, total = (math.floor(number) for number in (k, sample, successes, population))
    require(0 <= n <= total and 0 <= s <= total and 0 <= x <= min(n, s))
    if not cumulative:
        require(x >= n + s - total)
        return _hypergeometric(x, n, s, total)
    low = max(0, n + s - total)
    require(x - low <= MOST_TERMS)
    return math.fsum(_hypergeometric(one, n, s, total) for one in range(low, x + 1))


@scalar("HYPGEOMDIST", "nnnn")
def hypgeomdist(k: float, sample: float, successes: float, population: float) -> float:
    return hypgeom_dist(k, sample, successes, population, False)


@function("PROB")
def prob(values: Any, chances: Any, low: Cell, high: Cell = None) -> Cell:
    ours, shares = flat(values), flat(chances)
    require(len(ours) == len(shares), NA)
    pairs = []
    for value, share in zip(ours, shares, strict=True):
        raise_error(value)
        raise_error(share)
        if is_number(value) and is_number(share):
            pairs.append((to_number(value), to_number(share)))
    require(bool(pairs), DIV0)
    require(all(0 <= share <= 1 for _, share in pairs))
    require(abs(math.fsum(share for _, share in pairs) - 1) < 1e-9)
    first = to_number(given(low, 0.0))
    last = first if high is None else to_number(given(high, 0.0))
    return math.fsum(share for value, share in pairs if first <= value <= last)


def _sample(argument: Any) -> list[float]:
    return block_numbers(as_block(argument))


def _variance(values: list[float]) -> float:
    require(len(values) > 1, DIV0)
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _mean(values: list[float]) -> float:
    require(bool(values), DIV0)
    return math.fsum(values) / len(values)


@function("Z.TEST ZTEST")
def z_test(sample: Any, expected: Cell, deviation: Cell = None) -> Cell:
    values = _sample(sample)
    require(bool(values), NA)
    require(len(values) > 1, DIV0)
    sigma = math.sqrt(_variance(values)) if deviation is None else to_number(given(deviation, 0.0))
    if deviation is None:
        require(sigma > 0, DIV0)
    require(sigma > 0)
    return normal((to_number(given(expected, 0.0)) - _mean(values)) / (sigma / math.sqrt(len(values))))


@function("F.TEST FTEST")
def f_test(first: Any, second: Any) -> Cell:
    a, b = _sample(first), _sample(second)
    above, below = _variance(a), _variance(b)
    require(above > 0 and below > 0, DIV0)
    tail = f_tail(above / below, len(a) - 1, len(b) - 1)
    return 2 * min(tail, 1 - tail)


@function("T.TEST TTEST")
def t_test(first: Any, second: Any, tails: Cell, kind: Cell) -> Cell:
    sides, way = math.floor(to_number(tails)), math.floor(to_number(kind))
    require(sides in (1, 2) and way in (1, 2, 3))
    if way == 1:
        statistic, degrees = _paired(flat(first), flat(second))
    else:
        statistic, degrees = _unpaired(_sample(first), _sample(second), equal=way == 2)
    return sides * t_tail(abs(statistic), degrees)


def _paired(first: list[Cell], second: list[Cell]) -> tuple[float, float]:
    require(len(first) == len(second), NA)
    for cell in (*first, *second):
        raise_error(cell)
    changes = [to_number(a) - to_number(b) for a, b in zip(first, second, strict=True) if is_number(a) and is_number(b)]
    spread = math.sqrt(_variance(changes))
    require(spread > 0, DIV0)
    return _mean(changes) / (spread / math.sqrt(len(changes))), len(changes) - 1.0


def _unpaired(a: list[float], b: list[float], equal: bool) -> tuple[float, float]:
    above, below, m, n = _variance(a), _variance(b), len(a), len(b)
    if equal:
        pooled = ((m - 1) * above + (n - 1) * below) / (m + n - 2)
        require(pooled > 0, DIV0)
        return (_mean(a) - _mean(b)) / math.sqrt(pooled * (1 / m + 1 / n)), m + n - 2.0
    left, right = above / m, below / n
    require(left + right > 0, DIV0)
    degrees = (left + right) ** 2 / (left**2 / (m - 1) + right**2 / (n - 1))
    return (_mean(a) - _mean(b)) / math.sqrt(left + right), degrees


@function("CHISQ.TEST CHITEST")
def chisq_test(actual: Any, expected: Any) -> Cell:
    ours, wanted = as_block(actual), as_block(expected)
    require(ours.height * ours.width == wanted.height * wanted.width, NA)
    require(ours.height * ours.width > 1, NA)
    pairs = list(zip(ours.flat(), wanted.flat(), strict=True))
    for cell in chain.from_iterable(pairs):
        raise_error(cell)
    require(any(a is not None for a, _ in pairs) and any(is_number(e) for _, e in pairs), DIV0)
    numbers = [(to_number(a), to_number(e)) for a, e in pairs if is_number(a) and is_number(e)]
    require(all(e for _, e in numbers), DIV0)
    terms = [(a - e) ** 2 / e for a, e in numbers]
    rows, columns = ours.height, ours.width
    degrees = (rows - 1) * (columns - 1) if rows > 1 and columns > 1 else rows * columns - 1
    require(math.fsum(terms) >= 0)
    return gamma_upper(degrees / 2, math.fsum(terms) / 2)
