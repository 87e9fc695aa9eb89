"""How an asset loses its worth over its life."""

from __future__ import annotations

import calendar
import math
from decimal import ROUND_HALF_UP, Decimal

from addin.headless.functions.arguments import DIV0, require, scalar
from addin.headless.functions.daycount import accrued, day

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
    require(cost >= 0 and salvage >= 0 and life > 0 and period > 0 and 1 <= months <= 12)
    require(period <= min(life + (months < 12), MOST_PERIODS))
    if cost == 0:
        return 0.0
    rate = float(Decimal(1 - (salvage / cost) ** (1 / life)).quantize(Decimal("0.001"), ROUND_HALF_UP))
    first = cost * rate * months / 12
    if math.floor(period) <= 1:
        return first
    lost = first
    for _ in range(2, math.floor(period)):
        lost += (cost - lost) * rate
    if math.floor(period) > life:
        return (cost - lost) * rate * (12 - months) / 12
    return (cost - lost) * rate


@scalar("DDB", "nnnnn")
def ddb(cost: float, salvage: float, life: float, period: float, factor: float = 2.0) -> float:
    require(cost >= 0 and salvage >= 0 and life > 0 and 0 < period <= life and factor > 0)
    return _declining(cost, salvage, life, max(period, 1.0), factor)


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
    # Where it may become straight, periods are counted from the fraction at which the first one asked for begins.
    step = 1.0 if declining else start - math.floor(start) or 1.0
    while now < end:
        lost = min(worth * min(factor / life, 1.0), max(worth - salvage, 0.0))
        if declining:
            total += lost * max(min(end - now, 1.0) - max(start - now, 0.0), 0.0)
        else:
            step = min(step, end - now)
            lost = max(lost, (worth - salvage) / (life - now)) * step
            total += lost if now >= start else 0.0
        worth, now, step = worth - lost, now + step, 1.0
    return total


# The French depreciations are as ExcelFinancialFunctions 3 (fsprojects) computes them, which gives Excel's values.
@scalar("AMORLINC", "wwwwwww")
def amorlinc(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    number = _basis(cost, bought, first_end, salvage, period, rate, basis)
    if cost == salvage or period > math.ceil(1 / rate):
        return 0.0
    require(period <= MOST_PERIODS)
    first = _first_share(bought, first_end, number)
    part = min(cost * rate * (first or 1), cost - salvage)
    if period == 0:
        return part
    left, part = cost - salvage - part, cost * rate
    for _ in range(math.floor(period)):
        part = min(part, left)
        left -= part
    return part


def _basis(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float
) -> int:
    require(cost > 0 and 0 <= salvage <= cost and bought <= first_end and period >= 0 and rate > 0)
    number = math.floor(basis)
    require(number in (0, 1, 3, 4))
    return number


def _first_share(bought: float, first_end: float, basis: int) -> float:
    """The years of the first period; without leap days but for the length of the year in basis 1."""
    start, end = day(bought), day(first_end)
    year = 365.0 + (basis == 1 and calendar.isleap(start.year)) if basis in (1, 3) else 360.0
    if basis in (1, 3):
        start, end = (one.replace(day=28) if (one.month, one.day) == (2, 29) else one for one in (start, end))
    return accrued(start, end, basis) / year


@scalar("AMORDEGRC", "wwwwwww")
def amordegrc(
    cost: float, bought: float, first_end: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    number, life = _basis(cost, bought, first_end, salvage, period, rate, basis), math.ceil(1 / rate)
    require(1 / rate >= 3 and not 4 < 1 / rate < 5)
    if cost == salvage or period > life:
        return 0.0
    require(period <= MOST_PERIODS)
    share = rate * (1.5 if life <= 4 else 2.0 if life <= 6 else 2.5)
    first = _first_share(bought, first_end, number)
    part = _rounded(min(cost * share * (first or 1), cost - salvage))
    left, periods = cost - part, life + (first > 0)
    for place in range(1, math.floor(period) + 1):
        # Half of what is left in the last period but one, all of it in the last.
        is_late = periods - place == 3
        part = 0.0 if left < salvage else left * (0.5 if is_late else share)
        share = 1.0 if is_late else share
        left -= part
    if 0 < period < 1:
        return 0.0
    return _rounded(part)


def _rounded(value: float) -> float:
    return float(math.floor(round(value, 13) + 0.5))
