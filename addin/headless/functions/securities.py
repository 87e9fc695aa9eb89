"""Bonds, bills and discounted papers."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from addin.headless.functions.arguments import DIV0, require, scalar
from addin.headless.functions.daycount import (
    accrued,
    day,
    days_between,
    is_month_end,
    months_after,
    number_of,
    period_length,
    year_length,
    year_share,
)


def basis_of(cell: float) -> int:
    basis = math.floor(cell)
    require(0 <= basis <= 4)
    return basis


def frequency_of(cell: float) -> int:
    number = math.floor(cell)
    require(number in (1, 2, 4))
    return number


def _order(settled: float, matures: float) -> None:
    require(math.floor(settled) < math.floor(matures))


def _term(settled: float, matures: float, basis: float) -> float:
    """Years from settlement to maturity, which comes later."""
    number = basis_of(basis)
    _order(settled, matures)
    return year_share(settled, matures, number)


class Coupons:
    """The coupon dates around the day of settlement, counted back from maturity."""

    def __init__(self, settled: float, matures: float, frequency: float, basis: float) -> None:
        self.frequency, self.basis = frequency_of(frequency), basis_of(basis)
        _order(settled, matures)
        self.settled, self.end = day(settled), day(matures)
        step, last = 12 // self.frequency, is_month_end(self.end)
        self.count = max(((self.end.year - self.settled.year) * 12 + self.end.month - self.settled.month) // step, 0)
        while months_after(self.end, -self.count * step, last) > self.settled:
            self.count += 1
        while self.count and months_after(self.end, -(self.count - 1) * step, last) <= self.settled:
            self.count -= 1
        self.previous = months_after(self.end, -self.count * step, last)
        self.next = months_after(self.end, -(self.count - 1) * step, last)

    def days(self, first: date, last: date) -> float:
        return days_between(number_of(first), number_of(last), self.basis)

    @property
    def length(self) -> float:
        """Days of the coupon period."""
        if self.basis == 1:
            return float((self.next - self.previous).days)
        return (365 if self.basis == 3 else 360) / self.frequency

    @property
    def passed(self) -> float:
        return self.days(self.previous, self.settled)

    @property
    def left(self) -> float:
        if self.basis == 0:
            return period_length(self.previous, self.next, 0, self.frequency) - self.passed
        return self.days(self.settled, self.next)

    @property
    def share(self) -> float:
        """What is left of the period, as prices have it."""
        return (self.length - self.passed) / self.length


@scalar("COUPNUM", "wwww")
def coupnum(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return float(Coupons(settled, matures, frequency, basis).count)


@scalar("COUPPCD", "wwww")
def couppcd(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return number_of(Coupons(settled, matures, frequency, basis).previous)


@scalar("COUPNCD", "wwww")
def coupncd(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return number_of(Coupons(settled, matures, frequency, basis).next)


@scalar("COUPDAYS", "wwww")
def coupdays(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return Coupons(settled, matures, frequency, basis).length


@scalar("COUPDAYBS", "wwww")
def coupdaybs(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return Coupons(settled, matures, frequency, basis).passed


@scalar("COUPDAYSNC", "wwww")
def coupdaysnc(settled: float, matures: float, frequency: float, basis: float = 0.0) -> float:
    return Coupons(settled, matures, frequency, basis).left


def _price(coupons: Coupons, rate: float, yields: float, redemption: float) -> float:
    paid, share = 100 * rate / coupons.frequency, coupons.share
    accrued = paid * coupons.passed / coupons.length
    per = yields / coupons.frequency
    if coupons.count == 1:
        return (redemption + paid) / (1 + share * per) - accrued
    flows = [paid / (1 + per) ** (number + share) for number in range(coupons.count)]
    return redemption / math.pow(1 + per, coupons.count - 1 + share) + math.fsum(flows) - accrued


@scalar("PRICE", "wwwwwww")
def price(
    settled: float, matures: float, rate: float, yields: float, redemption: float, frequency: float, basis: float = 0.0
) -> float:
    require(rate >= 0 and yields >= 0 and redemption > 0)
    return _price(Coupons(settled, matures, frequency, basis), rate, yields, redemption)


@scalar("YIELD", "wwwwwww")
def yield_(
    settled: float, matures: float, rate: float, paid: float, redemption: float, frequency: float, basis: float = 0.0
) -> float:
    require(rate >= 0 and paid > 0 and redemption > 0)
    coupons = Coupons(settled, matures, frequency, basis)
    # Real days may be more than the days that a period is taken to have.
    require(coupons.share > 0)
    if coupons.count == 1:
        per = rate / coupons.frequency
        done = coupons.passed / coupons.length
        worth = paid / 100 + done * per
        gain = redemption / 100 + per - worth
        return gain / worth * coupons.frequency / coupons.share
    return yield_of(lambda yields: _price(coupons, rate, yields, redemption), paid, coupons.frequency)


def yield_of(price_at: Callable[[float], float], paid: float, frequency: int) -> float:
    """The yield at which a bond has this price, which falls as the yield grows."""
    low, high = -0.99 * frequency, 1.0
    while price_at(high) > paid:
        high *= 2
        require(high < 1e6)
    for _ in range(200):
        middle = (low + high) / 2
        if price_at(middle) > paid:
            low = middle
        else:
            high = middle
        if high - low <= 1e-16 * max(1.0, abs(high)):
            break
    return (low + high) / 2


@scalar("DURATION", "wwwwww")
def duration(settled: float, matures: float, rate: float, yields: float, frequency: float, basis: float = 0.0) -> float:
    require(rate >= 0 and yields >= 0)
    coupons = Coupons(settled, matures, frequency, basis)
    share = coupons.share
    flows = [100 * rate / coupons.frequency] * coupons.count
    flows[-1] += 100
    worth = [flow / (1 + yields / coupons.frequency) ** (i + share) for i, flow in enumerate(flows)]
    require(math.fsum(worth) != 0, DIV0)
    return math.fsum(one * (i + share) for i, one in enumerate(worth)) / math.fsum(worth) / coupons.frequency


@scalar("MDURATION", "wwwwww")
def mduration(
    settled: float, matures: float, rate: float, yields: float, frequency: float, basis: float = 0.0
) -> float:
    return duration(settled, matures, rate, yields, frequency, basis) / (1 + yields / frequency_of(frequency))


@scalar("DISC", "wwwww")
def disc(settled: float, matures: float, paid: float, redemption: float, basis: float = 0.0) -> float:
    require(paid > 0 and redemption > 0)
    return (1 - paid / redemption) / _term(settled, matures, basis)


@scalar("INTRATE", "wwwww")
def intrate(settled: float, matures: float, invested: float, redemption: float, basis: float = 0.0) -> float:
    require(invested > 0 and redemption > 0)
    return (redemption / invested - 1) / _term(settled, matures, basis)


@scalar("RECEIVED", "wwwww")
def received(settled: float, matures: float, invested: float, discount: float, basis: float = 0.0) -> float:
    require(invested > 0 and discount > 0)
    left = 1 - discount * _term(settled, matures, basis)
    require(left > 0)
    return invested / left


@scalar("PRICEDISC", "wwwww")
def pricedisc(settled: float, matures: float, discount: float, redemption: float, basis: float = 0.0) -> float:
    require(discount > 0 and redemption > 0)
    return redemption * (1 - discount * _term(settled, matures, basis))


@scalar("YIELDDISC", "wwwww")
def yielddisc(settled: float, matures: float, paid: float, redemption: float, basis: float = 0.0) -> float:
    require(paid > 0 and redemption > 0)
    return (redemption / paid - 1) / _term(settled, matures, basis)


@scalar("PRICEMAT", "wwwwww")
def pricemat(settled: float, matures: float, issued: float, rate: float, yields: float, basis: float = 0.0) -> float:
    number = basis_of(basis)
    require(rate >= 0 and yields >= 0 and issued <= settled)
    _order(settled, matures)
    whole, before = _since_issue(settled, matures, issued, number)
    return 100 * ((1 + whole * rate) / (1 + (whole - before) * yields) - before * rate)


def _since_issue(settled: float, matures: float, issued: float, basis: int) -> tuple[float, float]:
    """The years from issue to maturity and to settlement, by the year of the latter."""
    start, now, end = day(issued), day(settled), day(matures)
    year = year_length(start, now, basis)
    return accrued(start, end, basis) / year, accrued(start, now, basis) / year


@scalar("YIELDMAT", "wwwwww")
def yieldmat(settled: float, matures: float, issued: float, rate: float, paid: float, basis: float = 0.0) -> float:
    number = basis_of(basis)
    require(rate >= 0 and paid > 0 and issued <= settled)
    _order(settled, matures)
    whole, before = _since_issue(settled, matures, issued, number)
    return ((1 + whole * rate) / (paid / 100 + before * rate) - 1) / (whole - before)


@scalar("ACCRINTM", "wwwww")
def accrintm(issued: float, settled: float, rate: float, par: float = 1000.0, basis: float = 0.0) -> float:
    require(rate > 0 and par > 0)
    return par * rate * _term(issued, settled, basis)


@scalar("ACCRINT", "wwwwwwwb")
def accrint(
    issued: float,
    first: float,
    settled: float,
    rate: float,
    par: float,
    frequency: float,
    basis: float = 0.0,
    from_issue: bool = True,
) -> float:
    """Par · rate / frequency · Σ accrued days / length, over the coupon periods between issue and settlement.

    The periods are counted from the first coupon. Without ``from_issue`` whole periods before the one of the first coupon don't count.
    """
    number, times = basis_of(basis), frequency_of(frequency)
    require(rate > 0 and par > 0)
    _order(issued, settled)
    start, coupon, end, step = day(issued), day(first), day(settled), 12 // times
    last = is_month_end(coupon)
    regular = months_after(coupon, -step, last)
    front = regular
    if end > coupon and from_issue:
        front = coupon
        while months_after(front, step, last) < end:
            front = months_after(front, step, last)
    length = float((coupon - regular).days) if number == 1 else (365 if number == 3 else 360) / times
    total = accrued(max(start, front), end, number) / length
    while front > start:
        later, front = front, months_after(front, -step, last)
        if start <= front:
            total += from_issue
        else:
            total += accrued(start, later, number) / period_length(front, later, number, times)
    return par * rate / times * total


def _bill(settled: float, matures: float) -> int:
    """Days of a treasury bill, at most a year."""
    start, end = day(settled), day(matures)
    require(start <= end <= months_after(start, 12))
    return (end - start).days


@scalar("TBILLPRICE", "www")
def tbillprice(settled: float, matures: float, discount: float) -> float:
    require(discount > 0)
    found = 100 * (1 - discount * _bill(settled, matures) / 360)
    require(found > 0)
    return found


@scalar("TBILLYIELD", "www")
def tbillyield(settled: float, matures: float, paid: float) -> float:
    require(paid > 0)
    return (100 - paid) / paid * 360 / _bill(settled, matures)


@scalar("TBILLEQ", "www")
def tbilleq(settled: float, matures: float, discount: float) -> float:
    """The bond-equivalent yield; beyond half a year with interest on the half-year's interest."""
    require(discount > 0)
    days = _bill(settled, matures)
    if days <= 182:
        left = 360 - discount * days
        require(left > 0)
        return 365 * discount / left
    paid, share = (100 - discount * 100 * days / 360) / 100, days / (366 if days == 366 else 365)
    require(paid > 0)
    root = share * share - (2 * share - 1) * (1 - 1 / paid)
    require(root >= 0)
    return (-2 * share + 2 * math.sqrt(root)) / (2 * share - 1)
