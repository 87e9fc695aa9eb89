"""The special functions that distributions are made of, and the inverse of a growing function."""

from __future__ import annotations

import math
from collections.abc import Callable

from addin.headless.context import Unsupported

TINY = 1e-300
EPSILON = 1e-16
MOST_STEPS = 20_000


def _endless() -> Unsupported:
    """What an iteration that leads nowhere ends with: no number is better than a wrong one."""
    return Unsupported("数值过大或过小，算不到足够的位数")


def gamma_lower(a: float, x: float) -> float:
    """P(a, x) = 1/Γ(a) ∫₀ˣ e^-t t^(a-1) dt."""
    if x <= 0:
        return 0.0
    return _gamma_series(a, x) if x < a + 1 else 1 - _gamma_fraction(a, x)


def gamma_upper(a: float, x: float) -> float:
    """Q(a, x) = 1 - P(a, x), exact where it is small."""
    if x <= 0:
        return 1.0
    return 1 - _gamma_series(a, x) if x < a + 1 else _gamma_fraction(a, x)


def _gamma_scale(a: float, x: float) -> float:
    return math.exp(a * math.log(x) - x - math.lgamma(a))


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for step in range(1, MOST_STEPS):
        term *= x / (a + step)
        total += term
        if term < total * EPSILON:
            return total * _gamma_scale(a, x)
    raise _endless()


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    h = d
    for step in range(1, MOST_STEPS):
        factor = -step * (step - a)
        b += 2
        d = 1 / (factor * d + b or TINY)
        c = b + factor / c or TINY
        h *= d * c
        if abs(d * c - 1) < EPSILON * 2:
            return h * _gamma_scale(a, x)
    raise _endless()


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def beta_lower(a: float, b: float, x: float) -> float:
    """I_x(a, b), the regularised incomplete beta function."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    scale = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return scale * _beta_fraction(a, b, x) / a
    return 1 - scale * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or TINY)
    h = d
    for m in range(1, MOST_STEPS):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or TINY)
            c = 1 + factor / c or TINY
            h *= d * c
        if abs(d * c - 1) < EPSILON * 2:
            return h
    raise _endless()


def inverse(
    rising: Callable[[float], float],
    slope: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    start: float,
) -> float:
    """Where a growing function reaches ``target``: Newton's steps, halving where they leave the bracket."""
    x = start if low < start < high else (low + high) / 2
    for _ in range(400):
        error = rising(x) - target
        if error == 0:
            return x
        if error < 0:
            low = x
        else:
            high = x
        grade = slope(x)
        step = x - error / grade if grade > 0 else low
        if not low < step < high:
            step = high * 1e-9 if low == 0 else math.sqrt(low * high) if high > 4 * low > 0 else (low + high) / 2
        if abs(step - x) <= 4e-16 * abs(x) or step in (low, high):
            return step
        x = step
    return x


def bracket(rising: Callable[[float], float], target: float, high: float) -> float:
    """An upper end (from ``high`` on) at which a function that grows from 0 on has reached the target."""
    for _ in range(1100):
        if rising(high) >= target:
            return high
        high *= 2
    raise _endless()


def bessel_j(x: float, n: int) -> float:
    """1/π ∫₀^π cos(nτ - x sin τ) dτ; the trapezoidal rule converges geometrically for periodic functions."""
    if x * x < 2 * (n + 1):
        return _power_series(x, n, -1)
    return _mean(lambda t: math.cos(n * t - x * math.sin(t)), n, x)


def bessel_i(x: float, n: int) -> float:
    return _power_series(x, n, 1)


def _power_series(x: float, n: int, sign: int) -> float:
    """Σ (±x²/4)^k / (k! (n+k)!) · (x/2)ⁿ; for the plus sign, or a small x, its terms don't cancel."""
    half = x / 2
    term = math.exp(n * math.log(abs(half)) - math.lgamma(n + 1)) if half else float(n == 0)
    total, step = term, 0
    while abs(term) > abs(total) * EPSILON:
        step += 1
        term *= sign * half * half / (step * (step + n))
        total += term
    return -total if x < 0 and n % 2 else total


def _mean(periodic: Callable[[float], float], n: int, x: float) -> float:
    points = 2 * (n + int(abs(x)) + 40)
    return math.fsum(periodic(2 * math.pi * i / points) for i in range(points)) / points


def bessel_k(x: float, n: int) -> float:
    """∫₀^∞ e^(-x cosh t) cosh(nt) dt; the integrand falls doubly exponentially."""
    step = 1 / 64
    total = [math.exp(-x) / 2]
    t = step
    while True:
        falling = x * math.cosh(t)
        value = (math.exp(n * t - falling) + math.exp(-n * t - falling)) / 2
        total.append(value)
        t += step
        if falling > 745 + n * t:
            return math.fsum(total) * step


def bessel_y(x: float, n: int) -> float:
    """Y₀ and Y₁ by integrals (DLMF 10.9.7), higher orders by the stable recurrence upwards."""
    y0, y1 = _bessel_y(x, 0), _bessel_y(x, 1)
    for order in range(1, n):
        y0, y1 = y1, 2 * order / x * y1 - y0
    return y0 if n == 0 else y1


def _bessel_y(x: float, n: int) -> float:
    """1/π ∫₀^π sin(x sin θ - nθ) dθ - 1/π ∫₀^∞ (e^(nt) + (-1)^n e^(-nt)) e^(-x sinh t) dt."""
    first = _integral(lambda t: math.sin(x * math.sin(t) - n * t), math.pi, 4 + int(x))
    end = math.asinh(60 / x)
    sign = -1 if n % 2 else 1

    def falling(t: float) -> float:
        return math.exp(n * t - x * math.sinh(t)) + sign * math.exp(-n * t - x * math.sinh(t))

    return (first - _integral(falling, end, 20 + int(8 * end))) / math.pi


# Gauss-Legendre, 10 points on (-1, 1).
_NODES = (
    (0.14887433898163122, 0.29552422471475287),
    (0.4333953941292472, 0.26926671930999635),
    (0.6794095682990244, 0.21908636251598204),
    (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.06667134430868814),
)


def _integral(smooth: Callable[[float], float], high: float, pieces: int) -> float:
    """From 0 to ``high``, in so many pieces of ten nodes each."""
    half = high / pieces / 2
    total = []
    for piece in range(pieces):
        middle = (2 * piece + 1) * half
        total += [weight * (smooth(middle - half * node) + smooth(middle + half * node)) for node, weight in _NODES]
    return math.fsum(total) * half
