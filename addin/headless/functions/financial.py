"""Annuities and rates: pv·(1+r)ⁿ + pmt·(1+r·due)·((1+r)ⁿ-1)/r + fv = 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from addin.headless.functions import function
from addin.headless.functions.arguments import DIV0, NA, NUM, VALUE, require, result, scalar, strict_number
from addin.headless.functions.cells import by_rows, flat, given, numbers, raise_error
from addin.headless.operators import CellFault, to_number
from addin.xlsx.model import Cell, CellError

STEPS, MOST_STEPS = 50, 200
# Below this rate, powers lose digits.
SMALL = 0.001
MOST_PERIODS = 1_000_000


def _growth(rate: float, periods: float) -> float:
    """(1+r)ⁿ."""
    if rate == -1:
        require(periods >= 0, DIV0)
        return math.pow(0.0, periods)
    require(rate > -1 or periods == math.floor(periods))
    return math.pow(1 + rate, periods)


def _grown(rate: float, periods: float) -> float:
    """(1+r)ⁿ - 1, exact also for small rates."""
    if rate > -1 and abs(rate) < SMALL:
        return math.expm1(periods * math.log1p(rate))
    return _growth(rate, periods) - 1


def _annuity(rate: float, periods: float, due: float) -> float:
    """The worth at the end of 1 a period; ``due`` (not 0): paid at its beginning."""
    if rate == 0:
        return periods
    return (1 + rate * bool(due)) * _grown(rate, periods) / rate


def future(rate: float, periods: float, payment: float, present: float, due: float) -> float:
    return -(present * _growth(rate, periods) + payment * _annuity(rate, periods, due))


def payment_of(rate: float, periods: float, present: float, later: float, due: float) -> float:
    require(periods != 0)
    annuity = _annuity(rate, periods, due)
    require(annuity != 0)
    return -(later + present * _growth(rate, periods)) / annuity


@scalar("FV", "nnnnn")
def fv(rate: float, periods: float, payment: float, present: float = 0.0, due: float = 0.0) -> float:
    return future(rate, periods, payment, present, due)


@scalar("PV", "nnnnn")
def pv(rate: float, periods: float, payment: float, later: float = 0.0, due: float = 0.0) -> float:
    growth = _growth(rate, periods)
    require(growth != 0, DIV0)
    return -(later + payment * _annuity(rate, periods, due)) / growth


@scalar("PMT", "nnnnn")
def pmt(rate: float, periods: float, present: float, later: float = 0.0, due: float = 0.0) -> float:
    require(rate > -1)
    return payment_of(rate, periods, present, later, due)


def principal_of(rate: float, period: float, periods: float, present: float, later: float, due: float) -> float:
    """The part of a period's payment that redeems: -(1+r)^(k-1) · r · (pv+fv) / ((1+r)ⁿ-1)."""
    if due and period == 1:
        return payment_of(rate, periods, present, later, due)
    if rate == 0:
        return payment_of(rate, periods, present, later, due)
    grown = _grown(rate, periods)
    require(grown != 0)
    return -_growth(rate, period - 1) * rate * (present + later) / grown / (1 + rate * bool(due))


@scalar("IPMT", "nnnnnn")
def ipmt(rate: float, period: float, periods: float, present: float, later: float = 0.0, due: float = 0.0) -> float:
    return payment_of(rate, periods, present, later, due) - ppmt(rate, period, periods, present, later, due)


@scalar("PPMT", "nnnnnn")
def ppmt(rate: float, period: float, periods: float, present: float, later: float = 0.0, due: float = 0.0) -> float:
    require(1 <= period < periods + 1)
    return principal_of(rate, period, periods, present, later, due)


def _cumulated(
    rate: float, periods: float, present: float, first: float, last: float, due: float
) -> tuple[float, float]:
    """Interest and principal that is paid from one period to another."""
    start, end = math.ceil(first), math.floor(last)
    require(rate > 0 and periods > 0 and present > 0 and due in (0, 1))
    require(1 <= first <= last <= periods <= MOST_PERIODS)
    payment = payment_of(rate, periods, present, 0.0, due)
    principal = [principal_of(rate, period, periods, present, 0.0, due) for period in range(start, end + 1)]
    return math.fsum(payment - part for part in principal), math.fsum(principal)


@scalar("CUMIPMT", "wwwwww")
def cumipmt(rate: float, periods: float, present: float, first: float, last: float, due: float) -> float:
    return _cumulated(rate, periods, present, first, last, due)[0]


@scalar("CUMPRINC", "wwwwww")
def cumprinc(rate: float, periods: float, present: float, first: float, last: float, due: float) -> float:
    return _cumulated(rate, periods, present, first, last, due)[1]


@scalar("ISPMT", "nnnn")
def ispmt(rate: float, period: float, periods: float, present: float) -> float:
    require(periods != 0, DIV0)
    return present * rate * (period / periods - 1)


@scalar("NPER", "nnnnn")
def nper(rate: float, payment: float, present: float, later: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        require(payment != 0)
        return -(present + later) / payment
    require(rate > -1)
    regular = payment * (1 + rate * bool(due)) / rate
    require(present + regular != 0)
    ratio = (regular - later) / (present + regular)
    require(ratio > 0)
    return math.log(ratio) / math.log1p(rate)


@scalar("RATE", "nnnnnn")
def rate_(
    periods: float, payment: float, present: float, later: float = 0.0, due: float = 0.0, guess: float = 0.1
) -> float:
    """By Newton's steps; #NUM! where they lead to -1 or nowhere."""
    require(periods > 0)
    require(guess > -1, VALUE)
    rate = guess
    for _ in range(MOST_STEPS):
        slope = _slope(rate, periods, payment, present, due)
        require(slope != 0)
        step = (later - future(rate, periods, payment, present, due)) / slope
        rate -= step
        require(rate > -1)
        if abs(step) <= 1e-13 * max(1.0, abs(rate)):
            return rate
    require(abs(step) < 1e-7)
    return rate


def _slope(rate: float, periods: float, payment: float, present: float, due: float) -> float:
    """The derivative of pv·(1+r)ⁿ + pmt·(1+r·due)·((1+r)ⁿ-1)/r."""
    if rate == 0:
        return periods * (present + payment * (bool(due) + (periods - 1) / 2))
    growth, grown = _growth(rate, periods - 1) * periods, _grown(rate, periods)
    return present * growth + payment * (
        bool(due) * grown / rate + (1 + rate * bool(due)) * (growth * rate - grown) / rate**2
    )


@scalar("RRI", "nnn")
def rri(periods: float, present: float, later: float) -> float:
    require(periods > 0 and present != 0)
    return math.pow(later / present, 1 / periods) - 1


@scalar("PDURATION", "nnn")
def pduration(rate: float, present: float, later: float) -> float:
    require(rate > 0 and present > 0 and later > 0)
    return (math.log(later) - math.log(present)) / math.log1p(rate)


@scalar("EFFECT", "ww")
def effect(nominal: float, periods: float) -> float:
    count = math.floor(periods)
    require(nominal > 0 and count >= 1)
    return math.expm1(count * math.log1p(nominal / count))


@scalar("NOMINAL", "ww")
def nominal(effective: float, periods: float) -> float:
    count = math.floor(periods)
    require(effective > 0 and count >= 1)
    return count * math.expm1(math.log1p(effective) / count)


@function("FVSCHEDULE")
def fvschedule(principal: Cell, rates: Any) -> Cell:
    worth = strict_number(given(principal, 0.0))
    for cell in flat(rates):
        require(not isinstance(cell, str | bool), VALUE)
        worth *= 1 + to_number(cell)
    return result(worth)


def _discounted(rate: float, flows: list[float]) -> float:
    """Σ flowᵢ / (1+r)ⁱ, i from 0."""
    factor, total = 1.0, []
    for flow in flows:
        total.append(flow * factor)
        factor /= 1 + rate
    return math.fsum(total)


@function("NPV")
def npv(rate: Cell, *flows: Any) -> Cell:
    share = to_number(given(rate, 0.0))
    require(share != -1, DIV0)
    values = numbers(by_rows(*flows))
    require(bool(flows), VALUE)
    return result(_discounted(share, values) / (1 + share))


@function("IRR")
def irr(flows: Any, guess: Cell = 0.1) -> Cell:
    try:
        values = numbers(by_rows(flows))
    except CellFault:
        raise CellFault(VALUE) from None
    start = to_number(given(guess, 0.1))
    require(start > -1, VALUE)
    require(min(values, default=0) < 0 < max(values, default=0))
    return result(_newton(values, [float(i) for i in range(len(values))], start))


def _newton(flows: list[float], times: list[float], guess: float) -> float:
    """The rate at which the flows are worth nothing: from a guess by Newton's steps, else between two rates of a coarse grid."""

    def worth(rate: float) -> float:
        return math.fsum(flow * math.pow(1 + rate, -time) for flow, time in zip(flows, times, strict=True))

    rate = guess
    for _ in range(STEPS):
        factors = [math.pow(1 + rate, -time) for time in times]
        value = math.fsum(flow * factor for flow, factor in zip(flows, factors, strict=True))
        slope = -math.fsum(t * flow * f for t, flow, f in zip(times, flows, factors, strict=True)) / (1 + rate)
        if slope == 0 or rate - value / slope <= -1:
            break
        rate -= value / slope
        if abs(value / slope) <= 1e-13 * max(1.0, abs(rate)):
            return rate
    grid = sorted(_GRID, key=lambda ends: abs(sum(ends) / 2 - guess))
    for low, high in grid:
        if worth(low) * worth(high) <= 0:
            return _bisected(worth, low, high)
    raise CellFault(NUM)


_RATES = (-0.99999, -0.999, -0.99, -0.9, -0.7, -0.5, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1e4, 1e6)
_GRID = tuple(pairwise(_RATES))


def _bisected(worth: Callable[[float], float], low: float, high: float) -> float:
    rising = worth(low) <= worth(high)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (worth(middle) < 0) is rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@function("MIRR")
def mirr(flows: Any, borrowing: Cell, investing: Cell) -> Cell:
    values, cost, gain = numbers(by_rows(flows)), to_number(given(borrowing, 0.0)), to_number(given(investing, 0.0))
    require(min(values, default=0) < 0 and gain != -1, DIV0)
    # At a rate of -1 what is paid later is infinite; what is paid at once is not discounted.
    require(cost != -1 or min(values[1:], default=0) >= 0, DIV0)
    count = len(values)
    paid = _discounted(cost, [min(value, 0.0) for value in values]) if cost != -1 else values[0]
    earned = _discounted(gain, [max(value, 0.0) for value in values])
    require(earned == 0 or (earned > 0) is (paid < 0))
    return result((-earned * (1 + gain) ** (count - 1) / paid) ** (1 / (count - 1)) - 1)


def _numbers_of(cells: list[Cell], blank: bool, wrong: CellError) -> list[float]:
    """All cells as numbers; ``blank``: a blank one counts as 0."""
    found = []
    for cell in cells:
        raise_error(cell)
        require(cell is not None or blank)
        require(not isinstance(cell, str | bool), wrong)
        found.append(to_number(cell))
    return found


def _years_since(dates: list[float], count: int) -> list[float]:
    """Years of 365 days since the first date, before which none may lie."""
    days = [float(math.floor(date)) for date in dates]
    require(len(days) == count > 0 and min(days) >= max(days[0], 0))
    return [(day - days[0]) / 365 for day in days]


@function("XNPV")
def xnpv(rate: Cell, flows: Any, dates: Any) -> Cell:
    share = strict_number(given(rate, 0.0))
    values = _numbers_of(flat(flows), False, NUM)
    times = _years_since(_numbers_of(flat(dates), False, VALUE), len(values))
    require(share > 0)
    return result(math.fsum(value / math.pow(1 + share, time) for value, time in zip(values, times, strict=True)))


@function("XIRR")
def xirr(flows: Any, dates: Any, guess: Cell = 0.1) -> Cell:
    start = strict_number(given(guess, 0.1))
    values = _numbers_of(flat(flows), True, VALUE)
    times = _years_since(_numbers_of(flat(dates), True, VALUE), len(values))
    require(len(values) > 1, NA)
    require(start > -1)
    require(min(values) < 0 < max(values))
    return result(_newton(values, times, start))


@scalar("DOLLARDE", "ww")
def dollarde(price: float, fraction: float) -> float:
    parts, power = _parts(fraction)
    whole = math.trunc(price)
    return whole + (price - whole) * power / parts


@scalar("DOLLARFR", "ww")
def dollarfr(price: float, fraction: float) -> float:
    parts, power = _parts(fraction)
    whole = math.trunc(price)
    return whole + (price - whole) * parts / power


def _parts(fraction: float) -> tuple[int, float]:
    """How many parts a whole has, and the power of ten by which their number is written behind the point."""
    parts = math.trunc(fraction)
    require(parts >= 0)
    require(parts > 0, DIV0)
    return parts, math.pow(10, math.ceil(math.log10(parts)))
