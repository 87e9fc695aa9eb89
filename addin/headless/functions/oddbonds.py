"""Bonds whose first or last coupon period is longer or shorter than the others: the equations of Microsoft's reference.

Which days stand in them, for each basis, the reference doesn't say: they are those with which ExcelFinancialFunctions 3 (fsprojects)
gives Excel's values.
"""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from addin.headless.context import Unsupported
from addin.headless.functions.arguments import NUM, require, scalar
from addin.headless.functions.daycount import accrued, day, is_month_end, months_after, period_length
from addin.headless.functions.securities import Coupons, yield_of
from addin.headless.operators import CellFault


class _First(NamedTuple):
    """A bond with an odd first period, in coupon periods."""

    frequency: int
    first: float
    """The odd period."""
    passed: float
    """What of it is over at settlement."""
    wait: float
    """From settlement to the first coupon."""
    later: int
    """Coupons after the first one."""

    def price(self, rate: float, yields: float, redemption: float) -> float:
        paid, growth = 100 * rate / self.frequency, 1 + yields / self.frequency
        flows = [paid * self.first] + [paid] * self.later
        flows[-1] += redemption
        worth = math.fsum(flow / math.pow(growth, self.wait + number) for number, flow in enumerate(flows))
        return worth - paid * self.passed


def _first(settled: float, matures: float, issued: float, first: float, frequency: float, basis: float) -> _First | None:
    """None if the coupons, counted back from maturity, don't reach the first one."""
    odd, rest = Coupons(settled, first, frequency, basis), Coupons(first, matures, frequency, basis)
    begun, settlement, coupon, length, number = day(issued), odd.settled, odd.end, odd.length, odd.basis
    require(begun < settlement)
    if rest.previous != coupon:
        return None
    if (whole := accrued(begun, coupon, number)) < length:
        passed, left = accrued(begun, settlement, number), accrued(settlement, coupon, number)
        return _First(odd.frequency, whole / length, passed / length, left / length, rest.count)
    interest, passed, end = 0.0, 0.0, coupon
    periods = Coupons(issued, first, frequency, basis).count
    for place in range(periods):
        start = months_after(end, -12 // odd.frequency)
        days = accrued(start, end, number) if number == 1 else length
        interest += 1 if place < periods - 1 else accrued(begun, end, number) / days
        passed += max(accrued(max(begun, start), min(settlement, end), number), 0.0) / days
        end = start
    left = accrued(settlement, odd.next, number) if number in (2, 3) else length - odd.passed
    wait = _whole_periods(settlement, coupon, 12 // odd.frequency) + left / length
    return _First(odd.frequency, interest, passed, wait, rest.count)


def _whole_periods(settled: date, coupon: date, step: int) -> int:
    """How many lie between settlement and a coupon."""
    last = is_month_end(coupon) or (coupon.month != 2 and coupon.day > 28 and is_month_end(settled))
    start = months_after(settled, 0, last)
    count = int(settled < start)
    while (start := months_after(start, step, last)) < coupon:
        count += 1
    return count


@scalar("ODDFPRICE", "wwwwwwwww")
def oddfprice(
    settled: float,
    matures: float,
    issued: float,
    first: float,
    rate: float,
    yields: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    require(rate >= 0 and yields >= 0 and redemption > 0)
    bond = _first(settled, matures, issued, first, frequency, basis)
    if bond is None:
        # Microsoft's reference doesn't name this condition.
        raise CellFault(NUM)
    return bond.price(rate, yields, redemption)


@scalar("ODDFYIELD", "wwwwwwwww")
def oddfyield(
    settled: float,
    matures: float,
    issued: float,
    first: float,
    rate: float,
    paid: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    require(rate >= 0 and paid > 0 and redemption > 0)
    bond = _first(settled, matures, issued, first, frequency, basis)
    if bond is None:
        raise Unsupported("ODDFYIELD 的首次付息日不在从到期日倒推的付息日上时，不知道 Excel 怎样计算")
    return yield_of(lambda yields: bond.price(rate, yields, redemption), paid, bond.frequency)


class _Last(NamedTuple):
    """A bond with an odd last period, in coupon periods."""

    frequency: int
    whole: float
    passed: float
    left: float


def _last(settled: float, matures: float, before: float, frequency: float, basis: float) -> _Last:
    """``before``: the last coupon before the odd period."""
    require(math.floor(before) < math.floor(settled) < math.floor(matures))
    periods = Coupons(before, matures, frequency, basis)
    settlement, coupon, end, number = day(settled), periods.settled, periods.end, periods.basis
    whole, passed, left = 0.0, 0.0, 0.0
    for place in range(periods.count):
        until = months_after(coupon, 12 // periods.frequency)
        length = _length(coupon, until, number)
        days = length if place < periods.count - 1 else _length(coupon, end, number)
        whole += days / length
        over = days if until < settlement else max(accrued(coupon, settlement, number), 0.0)
        passed += over / length
        left += max(accrued(max(coupon, settlement), min(until, end), number), 0.0) / length
        coupon = until
    return _Last(periods.frequency, whole, passed, left)


def _length(start: date, end: date, basis: int) -> float:
    return period_length(start, end, basis if basis in (0, 4) else 1, 1)


@scalar("ODDLPRICE", "wwwwwwww")
def oddlprice(
    settled: float,
    matures: float,
    before: float,
    rate: float,
    yields: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    require(rate >= 0 and yields >= 0 and redemption > 0)
    bond = _last(settled, matures, before, frequency, basis)
    paid = 100 * rate / bond.frequency
    return (redemption + bond.whole * paid) / (1 + bond.left * yields / bond.frequency) - bond.passed * paid


@scalar("ODDLYIELD", "wwwwwwww")
def oddlyield(
    settled: float,
    matures: float,
    before: float,
    rate: float,
    price: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    require(rate >= 0 and price > 0 and redemption > 0)
    bond = _last(settled, matures, before, frequency, basis)
    paid = 100 * rate / bond.frequency
    worth = price + bond.passed * paid
    return (redemption + bond.whole * paid - worth) / worth * bond.frequency / bond.left
