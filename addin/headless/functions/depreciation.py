"""How an asset loses its worth over its life."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from addin.headless.functions.arguments import DIV0, require, scalar
from addin.headless.functions.daycount import year_share

MOST_PERIODS = 100_000


@scalar("SLN", "nnn")
def sln(cost: float, salvage: float, life: float) -> float:
    require(life != 0, DIV0)
    return (cost - salvage) / life


@scalar("SYD", "nnnn")
def syd(cost: float, salvage: float, life: float, period: float) -> float:
    require(0 < period <= life)
    return (cost - salvage) * (life - period + 1) * 2 / (life * (life + 1))


@scalar("DB", "nnnnn")
def db(cost: float, salvage: float, life: float, period: float, month: float = 12.0) -> float:
    months = math.floor(month)
    require(cost >= 0 and salvage >= 0 and life > 0 and period >= 1 and 1 <= months <= 12)
    require(period <= min(life + (months < 12), MOST_PERIODS))
    if cost == 0:
        return 0.0
    rate = float(Decimal(1 - (salvage / cost) ** (1 / life)).quantize(Decimal("0.001"), ROUND_HALF_UP))
    first = cost * rate * months / 12
    if math.floor(period) == 1:
        return first
    lost = first
    for _ in range(2, math.floor(period)):
        lost += (cost - lost) * rate
    if math.floor(period) > life:
        return (cost - lost) * rate * (12 - months) / 12
    return (cost - lost) * rate


@scalar("DDB", "nnnnn")
def ddb(cost: float, salvage: float, life: float, period: float, factor: float = 2.0) -> float:
    require(cost >= 0 and salvage >= 0 and life > 0 and 1 <= period <= life and factor > 0)
    return _declining(cost, salvage, life, period, factor)


def _declining(cost: float, salvage: float, life: float, period: float, factor: float) -> float:
    rate = factor / life
    if rate >= 1:
        before, after = cost if period == 1 else 0.0, 0.0
    else:
        before, after = cost * (1 - rate) ** (period - 1), cost * (1 - rate) ** period
    return max(before - max(after, salvage), 0.0)


@scalar("VDB", "nnnnnnb")
def vdb(
    cost: float, salvage: float, life: float, start: float, end: float, factor: float = 2.0, declining: bool = False
) -> float:
    require(cost >= 0 and salvage >= 0 and 0 <= start <= end <= life and life > 0 and factor >= 0)
    require(end - start <= MOST_PERIODS and end <= MOST_PERIODS)
    worth, total, now = cost, 0.0, 0.0
    step = start - math.floor(start) or 1.0
    # Periods are counted from the fraction at which the first one asked for begins.
    while now < end:
        step = min(step, end - now)
        lost = min(worth * min(factor / life, 1.0) * step, max(worth - salvage, 0.0))
        if not declining:
            lost = max(lost, (worth - salvage) / (life - now) * step)
        if now >= start:
            total += lost
        worth, now, step = worth - lost, now + step, 1.0
    return total


@scalar("AMORLINC", "wwwwwww")
def amorlinc(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    _check(cost, bought, first_end, salvage, period, rate, basis)
    whole = cost * rate
    first = year_share(bought, first_end, int(basis)) * whole
    full = math.floor((cost - salvage - first) / whole)
    number = math.floor(period)
    if number == 0:
        return first
    if number <= full:
        return whole
    return cost - salvage - whole * full - first if number == full + 1 else 0.0


def _check(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float
) -> None:
    require(cost > 0 and 0 <= salvage <= cost and bought <= first_end and period >= 0 and rate > 0)
    require(math.floor(basis) in (0, 1, 3, 4))


@scalar("AMORDEGRC", "wwwwwww")
def amordegrc(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    _check(cost, bought, first_end, salvage, period, rate, basis)
    life = 1 / rate
    require(life >= 3 and not 4 < life < 5)
    factor = 1.5 if life <= 4 else 2.0 if life <= 6 else 2.5
    share = rate * factor
    part = _rounded(year_share(bought, first_end, int(basis)) * share * cost)
    left, rest = cost - part, cost - part - salvage
    number = math.floor(period)
    for step in range(number):
        if not part:
            return 0.0
        part = _rounded(share * left)
        rest -= part
        if rest < 0:
            return float(_rounded(left * 0.5)) if number - step <= 1 else 0.0
        left -= part
    return float(part)


def _rounded(value: float) -> int:
    return math.floor(value + 0.5)
