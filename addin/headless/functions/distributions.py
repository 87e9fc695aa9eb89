"""Continuous distributions: density, distribution and inverse."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from addin.headless.functions.arguments import DIV0, NUM, require, scalar
from addin.headless.functions.special import beta_lower, bracket, gamma_lower, gamma_upper, inverse, log_beta

_STANDARD = NormalDist()
MOST_FREEDOM = 1e10


def phi(z: float) -> float:
    """The standard normal density."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def normal(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def normal_inverse(p: float) -> float:
    require(0 < p < 1)
    # One step of Newton's on the tail that is exact.
    z = _STANDARD.inv_cdf(p)
    return z - (normal(z) - p) / phi(z) if phi(z) > 1e-200 else z


@scalar("PHI", "n")
def phi_(z: float) -> float:
    return phi(z)


@scalar("GAUSS", "n")
def gauss(z: float) -> float:
    return math.erf(z / math.sqrt(2)) / 2


@scalar("NORM.S.DIST", "nb")
def norm_s_dist(z: float, cumulative: bool) -> float:
    return normal(z) if cumulative else phi(z)


@scalar("NORMSDIST", "n")
def normsdist(z: float) -> float:
    return normal(z)


@scalar("NORM.S.INV NORMSINV", "n")
def norm_s_inv(p: float) -> float:
    return normal_inverse(p)


@scalar("NORM.DIST NORMDIST", "nnnb")
def norm_dist(x: float, mean: float, deviation: float, cumulative: bool) -> float:
    require(deviation > 0)
    z = (x - mean) / deviation
    return normal(z) if cumulative else phi(z) / deviation


@scalar("NORM.INV NORMINV", "nnn")
def norm_inv(p: float, mean: float, deviation: float) -> float:
    require(deviation > 0)
    return mean + deviation * normal_inverse(p)


@scalar("LOGNORM.DIST", "nnnb")
def lognorm_dist(x: float, mean: float, deviation: float, cumulative: bool) -> float:
    require(x > 0 and deviation > 0)
    z = (math.log(x) - mean) / deviation
    return normal(z) if cumulative else phi(z) / (deviation * x)


@scalar("LOGNORMDIST", "nnn")
def lognormdist(x: float, mean: float, deviation: float) -> float:
    return lognorm_dist(x, mean, deviation, True)


@scalar("LOGNORM.INV LOGINV", "nnn")
def lognorm_inv(p: float, mean: float, deviation: float) -> float:
    require(deviation > 0)
    return math.exp(mean + deviation * normal_inverse(p))


@scalar("CONFIDENCE.NORM CONFIDENCE", "nnn")
def confidence_norm(alpha: float, deviation: float, size: float) -> float:
    require(0 < alpha < 1 and deviation > 0 and size >= 1)
    return -normal_inverse(alpha / 2) * deviation / math.sqrt(math.floor(size))


@scalar("CONFIDENCE.T", "nnn")
def confidence_t(alpha: float, deviation: float, size: float) -> float:
    require(0 < alpha < 1 and deviation > 0 and size >= 1)
    count = math.floor(size)
    require(count > 1, DIV0)
    return t_inv_2t(alpha, count - 1.0) * deviation / math.sqrt(count)


@scalar("EXPON.DIST EXPONDIST", "nnb")
def expon_dist(x: float, rate: float, cumulative: bool) -> float:
    require(x >= 0 and rate > 0)
    return -math.expm1(-rate * x) if cumulative else rate * math.exp(-rate * x)


@scalar("WEIBULL.DIST WEIBULL", "nnnb")
def weibull_dist(x: float, alpha: float, beta: float, cumulative: bool) -> float:
    require(x >= 0 and alpha > 0 and beta > 0)
    ratio = (x / beta) ** alpha
    if cumulative:
        return -math.expm1(-ratio)
    return alpha / beta * (x / beta) ** (alpha - 1) * math.exp(-ratio) if x else 0.0


@scalar("GAMMA", "n")
def gamma(x: float) -> float:
    require(not (x <= 0 and x == math.floor(x)))
    return math.gamma(x)


@scalar("GAMMALN GAMMALN.PRECISE", "n")
def gammaln(x: float) -> float:
    require(x > 0)
    return math.lgamma(x)


@scalar("GAMMA.DIST GAMMADIST", "nnnb")
def gamma_dist(x: float, alpha: float, beta: float, cumulative: bool) -> float:
    require(x >= 0 and alpha > 0 and beta > 0)
    return gamma_lower(alpha, x / beta) if cumulative else _gamma_density(x / beta, alpha) / beta


def _gamma_density(x: float, alpha: float) -> float:
    if x == 0:
        require(alpha >= 1)
        return float(alpha == 1)
    return math.exp((alpha - 1) * math.log(x) - x - math.lgamma(alpha))


def gamma_inverse(p: float, alpha: float) -> float:
    require(0 <= p < 1)
    if p == 0:
        return 0.0

    def rising(x: float) -> float:
        return gamma_lower(alpha, x)

    return inverse(rising, lambda x: _gamma_density(x, alpha), p, 0.0, bracket(rising, p, alpha + 1), alpha)


@scalar("GAMMA.INV GAMMAINV", "nnn")
def gamma_inv(p: float, alpha: float, beta: float) -> float:
    require(0 <= p <= 1 and alpha > 0 and beta > 0)
    return gamma_inverse(p, alpha) * beta


def freedom(cell: float) -> int:
    require(1 <= cell <= MOST_FREEDOM)
    return math.floor(cell)


@scalar("CHISQ.DIST", "nnb")
def chisq_dist(x: float, degrees: float, cumulative: bool) -> float:
    half = freedom(degrees) / 2
    require(x >= 0)
    return gamma_lower(half, x / 2) if cumulative else _gamma_density(x / 2, half) / 2


@scalar("CHISQ.DIST.RT CHIDIST", "nn")
def chisq_dist_rt(x: float, degrees: float) -> float:
    half = freedom(degrees) / 2
    require(x >= 0)
    return gamma_upper(half, x / 2)


@scalar("CHISQ.INV", "nn")
def chisq_inv(p: float, degrees: float) -> float:
    return gamma_inverse(p, freedom(degrees) / 2) * 2


@scalar("CHISQ.INV.RT CHIINV", "nn")
def chisq_inv_rt(p: float, degrees: float) -> float:
    half = freedom(degrees) / 2
    require(0 < p <= 1)
    return _falling(lambda x: gamma_upper(half, x / 2), lambda x: _gamma_density(x / 2, half) / 2, p, 2 * half + 2)


def _falling(tail: Callable[[float], float], density: Callable[[float], float], p: float, high: float) -> float:
    """Where a tail that falls from 1 to 0 is ``p``, exact for small tails."""
    if p == 1:
        return 0.0
    top = bracket(lambda x: -tail(x), -p, high)
    return inverse(lambda x: -tail(x), density, -p, 0.0, top, high / 2)


@scalar("BETA.DIST", "nnnbnn")
def beta_dist(x: float, alpha: float, beta: float, cumulative: bool, low: float = 0.0, high: float = 1.0) -> float:
    require(alpha > 0 and beta > 0 and low <= x <= high and low != high)
    share = (x - low) / (high - low)
    if cumulative:
        return beta_lower(alpha, beta, share)
    return _beta_density(share, alpha, beta) / (high - low)


def _beta_density(x: float, alpha: float, beta: float) -> float:
    if x in (0, 1):
        power = alpha if x == 0 else beta
        require(power >= 1)
        return (beta if x == 0 else alpha) if power == 1 else 0.0
    return math.exp((alpha - 1) * math.log(x) + (beta - 1) * math.log1p(-x) - log_beta(alpha, beta))


@scalar("BETADIST", "nnnnn")
def betadist(x: float, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> float:
    return beta_dist(x, alpha, beta, True, low, high)


def beta_inverse(p: float, alpha: float, beta: float) -> float:
    return inverse(
        lambda x: beta_lower(alpha, beta, x),
        lambda x: _beta_density(x, alpha, beta) if 0 < x < 1 else 0.0,
        p,
        0.0,
        1.0,
        alpha / (alpha + beta),
    )


@scalar("BETA.INV BETAINV", "nnnnn")
def beta_inv(p: float, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> float:
    require(0 < p < 1 and alpha > 0 and beta > 0 and low < high)
    return low + (high - low) * beta_inverse(p, alpha, beta)


def t_tail(x: float, degrees: float) -> float:
    """P(T > x) for x ≥ 0."""
    if x < 1:
        return 0.5 - t_middle(x, degrees)
    return beta_lower(degrees / 2, 0.5, degrees / (degrees + x * x)) / 2


def t_middle(x: float, degrees: float) -> float:
    """P(0 < T < x), exact where it is small."""
    return beta_lower(0.5, degrees / 2, x * x / (degrees + x * x)) / 2


def _t_density(x: float, degrees: float) -> float:
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    return scale * math.exp(-(degrees + 1) / 2 * math.log1p(x * x / degrees))


@scalar("T.DIST", "nnb")
def t_dist(x: float, degrees: float, cumulative: bool) -> float:
    require(cumulative or degrees >= 1, DIV0)
    number = freedom(degrees)
    if not cumulative:
        return _t_density(x, number)
    return 1 - t_tail(x, number) if x > 0 else t_tail(-x, number)


@scalar("T.DIST.RT", "nn")
def t_dist_rt(x: float, degrees: float) -> float:
    number = freedom(degrees)
    return t_tail(x, number) if x >= 0 else 1 - t_tail(-x, number)


@scalar("T.DIST.2T", "nn")
def t_dist_2t(x: float, degrees: float) -> float:
    require(x >= 0)
    return 2 * t_tail(x, freedom(degrees))


@scalar("TDIST", "nnn")
def tdist(x: float, degrees: float, tails: float) -> float:
    require(x >= 0 and math.floor(tails) in (1, 2))
    return math.floor(tails) * t_tail(x, freedom(degrees))


@scalar("T.INV.2T TINV", "nn")
def t_inv_2t(p: float, degrees: float) -> float:
    number = freedom(degrees)
    require(0 < p <= 1)
    return _falling(lambda x: 2 * t_tail(x, number), lambda x: 2 * _t_density(x, number), p, 4.0)


@scalar("T.INV", "nn")
def t_inv(p: float, degrees: float) -> float:
    require(0 < p < 1)
    number = freedom(degrees)
    if abs(p - 0.5) > 0.2:
        return t_inv_2t(2 * (1 - p), number) if p > 0.5 else -t_inv_2t(2 * p, number)
    found = inverse(
        lambda x: t_middle(x, number), lambda x: _t_density(x, number), abs(p - 0.5), 0.0, 2.0, abs(p - 0.5) * 2.5
    )
    return math.copysign(found, p - 0.5) if p != 0.5 else 0.0


def f_tail(x: float, above: float, below: float) -> float:
    return beta_lower(below / 2, above / 2, below / (below + above * x))


def _f_density(x: float, above: float, below: float) -> float:
    if x == 0:
        require(above >= 2)
        return float(above == 2)
    logarithm = above / 2 * math.log(above / below) + (above / 2 - 1) * math.log(x) - log_beta(above / 2, below / 2)
    return math.exp(logarithm - (above + below) / 2 * math.log1p(above * x / below))


@scalar("F.DIST", "nnnb")
def f_dist(x: float, above: float, below: float, cumulative: bool) -> float:
    over, under = freedom(above), freedom(below)
    require(x >= 0)
    if cumulative:
        return beta_lower(over / 2, under / 2, over * x / (over * x + under))
    return _f_density(x, over, under)


@scalar("F.DIST.RT FDIST", "nnn")
def f_dist_rt(x: float, above: float, below: float) -> float:
    require(x >= 0)
    return f_tail(x, freedom(above), freedom(below))


@scalar("F.INV", "nnn")
def f_inv(p: float, above: float, below: float) -> float:
    over, under = freedom(above), freedom(below)
    require(0 <= p < 1)
    share = beta_inverse(p, over / 2, under / 2) if p else 0.0
    return under * share / (over * (1 - share))


@scalar("F.INV.RT FINV", "nnn")
def f_inv_rt(p: float, above: float, below: float) -> float:
    over, under = freedom(above), freedom(below)
    require(0 < p <= 1)
    return _falling(lambda x: f_tail(x, over, under), lambda x: _f_density(x, over, under), p, 4.0)


@scalar("FISHER", "n")
def fisher(x: float) -> float:
    require(-1 < x < 1)
    return math.atanh(x)


@scalar("FISHERINV", "n")
def fisherinv(y: float) -> float:
    return math.tanh(y)


@scalar("STANDARDIZE", "nnn")
def standardize(x: float, mean: float, deviation: float) -> float:
    require(deviation > 0, NUM)
    return (x - mean) / deviation


@scalar("ERF", "ww")
def erf(low: float, high: float | None = None) -> float:
    return math.erf(low) if high is None else math.erf(high) - math.erf(low)


@scalar("ERF.PRECISE", "w")
def erf_precise(x: float) -> float:
    return math.erf(x)


@scalar("ERFC ERFC.PRECISE", "w")
def erfc(x: float) -> float:
    return math.erfc(x)
