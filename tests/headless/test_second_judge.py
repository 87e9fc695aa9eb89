"""The functions of numbers agree with IronCalc, another engine, on arguments drawn by chance (where it is installed: `.[dev]`)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.headless.support import values

ironcalc = pytest.importorskip("ironcalc")
DRAWS = 8
# P a probability, N a small whole number, X a number over 0, R a rate, D a date, Z any number, B a truth, K a basis, F a frequency.
DRAW: dict[str, Any] = {
    "P": lambda chance: round(chance.uniform(0.02, 0.98), 4),
    "N": lambda chance: chance.randint(1, 40),
    "X": lambda chance: round(chance.uniform(0.2, 12), 3),
    "R": lambda chance: round(chance.uniform(0.005, 0.3), 4),
    "D": lambda chance: chance.randint(40000, 41000),
    "E": lambda chance: chance.randint(41001, 46000),
    "S": lambda chance: chance.randint(41001, 41300),
    "Z": lambda chance: round(chance.uniform(-50, 50), 3),
    "B": lambda chance: chance.choice(["TRUE", "FALSE"]),
    "K": lambda chance: chance.randint(0, 4),
    "F": lambda chance: chance.choice([1, 2, 4]),
    "C": lambda chance: f'"{chance.randint(1, 9)}{chance.choice("+-")}{chance.randint(2, 9)}i"',
    "M": lambda chance: 1000 * chance.randint(1, 50),
}
FUNCTIONS = """
NORM.DIST ZZXB, NORM.INV PZX, NORM.S.INV P, LOGNORM.DIST XXXB, LOGNORM.INV PXX, GAMMA.DIST XXXB
GAMMA.INV PXX, CHISQ.DIST XNB, CHISQ.DIST.RT XN, CHISQ.INV PN, T.DIST ZNB, T.DIST.2T XN, T.INV PN
T.INV.2T PN, F.DIST XNNB, F.DIST.RT XNN, F.INV PNN, BETA.DIST PXXB, BETA.INV PXX, POISSON.DIST NXB
EXPON.DIST XXB, WEIBULL.DIST XXXB, BINOM.INV NPP, NEGBINOM.DIST NNPB, FISHER P, FISHERINV Z
GAMMALN X, GAMMA X, ERF X, ERFC X, PMT RNMM, PV RNM, FV RNMM, NPER RMM, RRI NMM, EFFECT RN
NOMINAL RN, PDURATION RMM, DISC DEMMK, INTRATE DEMMK, PRICEDISC DERMK, ACCRINTM DERMK, PRICE DERRMFK
DURATION DERRFK, COUPNUM DEFK, COUPPCD DEFK, COUPNCD DEFK, COUPDAYBS DEFK, COUPDAYS DEFK
YEARFRAC DEK, DAYS360 DEB, SYD MXNN, SLN MXN, ATAN2 ZZ, COT X, ACOT Z, CEILING.MATH ZXB
FLOOR.MATH ZXB, CEILING.PRECISE ZZ, GCD NNN, LCM NNN, MULTINOMIAL NNN, DEC2BIN N, DEC2HEX M
BITAND MN, BITXOR MM, BITLSHIFT NN, ROMAN N, IMABS C, IMARGUMENT C, IMSUM CC, IMSUB CC, IMPRODUCT CC
IMREAL C, BESSELJ XN, VDB MXNNN, MOD ZX, QUOTIENT ZX, ROUND ZN, TRUNC ZN, NETWORKDAYS DE, WORKDAY DN, EDATE DN
EOMONTH DN, DAYS DE, WEEKNUM D, COUPDAYSNC DEFK, MDURATION DERRFK, IMDIV CC, ISPMT RNNM
"""


def _formulas() -> list[str]:
    chance = random.Random(20)
    found = []
    for entry in FUNCTIONS.replace("\n", ", ").strip(", ").split(", "):
        name, kinds = entry.split()
        found += [f"{name}({','.join(str(DRAW[kind](chance)) for kind in kinds)})" for _ in range(DRAWS)]
    return found


def test_agrees_with_another_engine() -> None:
    formulas = _formulas()
    model = ironcalc.create("judge", "en", "UTC")
    for row, formula in enumerate(formulas):
        model.set_user_input(0, row + 1, 1, f"={formula}")
    model.evaluate()
    wrong = []
    for row, (formula, ours) in enumerate(zip(formulas, values(formulas), strict=True)):
        theirs = model.get_cell_value(0, row + 1, 1)
        if isinstance(ours, float) and isinstance(theirs, float):
            if abs(ours - theirs) > 1e-8 * max(1.0, abs(theirs)):
                wrong.append(f"{formula}: {ours!r}, theirs {theirs!r}")
        elif getattr(ours, "value", ours) != theirs:
            wrong.append(f"{formula}: {ours!r}, theirs {theirs!r}")
    assert not wrong, "\n".join(wrong)
