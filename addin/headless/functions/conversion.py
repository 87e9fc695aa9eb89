"""CONVERT: units of measurement as multiples of one unit a kind, and the prefixes that they take."""

from __future__ import annotations

from collections.abc import Callable

from addin.headless.functions.arguments import NA, require, scalar

_INCH, _POUND, _CALORIE = 0.0254, 453.59237, 4.1868
_FOOT = 12 * _INCH
_MILE = 5280 * _FOOT
_SURVEY_MILE = 6336000 / 3937
_GALLON = 231 * _INCH**3 * 1000
_IMPERIAL_GALLON = 4.54609
_HORSEPOWER = 550 * _FOOT * _POUND / 1000 * 9.80665
_LIGHT_YEAR = 9460730472580800.0
_PARSEC = 30856775812815500.0
_EV, _HARTREE_GRAM = 1.602176487e-19, 1.660538782e-24

# Kind: unit: (size, whether prefixes may stand before it). Sizes are in g, m, s, Pa, N, J, W, T, l, m², bits and m/s.
_METRIC: dict[str, dict[str, float]] = {
    "mass": {"g": 1.0, "u": _HARTREE_GRAM},
    "length": {"m": 1.0, "ang": 1e-10, "ly": _LIGHT_YEAR, "parsec": _PARSEC, "pc": _PARSEC},
    "time": {"sec": 1.0, "s": 1.0},
    "pressure": {"Pa": 1.0, "p": 1.0, "atm": 101325.0, "at": 101325.0, "mmHg": 133.322},
    "force": {"N": 1.0, "dyn": 1e-5, "dy": 1e-5, "pond": 0.00980665},
    "energy": {
        "J": 1.0, "e": 1e-7, "c": 4.184, "cal": _CALORIE, "eV": _EV, "ev": _EV, "Wh": 3600.0, "wh": 3600.0,
    },
    "power": {"W": 1.0, "w": 1.0},
    "magnetism": {"T": 1.0, "ga": 1e-4},
    "volume": {"l": 1.0, "L": 1.0, "lt": 1.0, "uk_pt": _IMPERIAL_GALLON / 8},
    "area": {"ar": 100.0},
    "information": {"bit": 1.0, "byte": 8.0},
    "speed": {"m/s": 1.0, "m/sec": 1.0, "m/h": 1 / 3600, "m/hr": 1 / 3600, "mph": _MILE / 3600},
}  # fmt: skip
_PLAIN: dict[str, dict[str, float]] = {
    "mass": {
        "sg": _POUND * 9.80665 / _FOOT, "lbm": _POUND, "ozm": _POUND / 16, "grain": _POUND / 7000, "cwt": 100 * _POUND,
        "shweight": 100 * _POUND, "uk_cwt": 112 * _POUND, "lcwt": 112 * _POUND, "hweight": 112 * _POUND,
        "stone": 14 * _POUND, "ton": 2000 * _POUND, "uk_ton": 2240 * _POUND, "LTON": 2240 * _POUND, "brton": 2240 * _POUND,
    },
    "length": {
        "mi": _MILE, "Nmi": 1852.0, "in": _INCH, "ft": _FOOT, "yd": 3 * _FOOT, "ell": 45 * _INCH,
        "Picapt": _INCH / 72, "Pica": _INCH / 72, "pica": _INCH / 6, "survey_mi": _SURVEY_MILE,
    },
    "time": {"yr": 365.25 * 86400, "day": 86400.0, "d": 86400.0, "hr": 3600.0, "mn": 60.0, "min": 60.0},
    "pressure": {"psi": _POUND * 9.80665 / 1000 / _INCH**2, "Torr": 101325 / 760},
    "force": {"lbf": _POUND * 9.80665 / 1000},
    "energy": {
        "HPh": _HORSEPOWER * 3600, "hh": _HORSEPOWER * 3600, "flb": _FOOT * _POUND * 9.80665 / 1000,
        "BTU": 1055.05585262, "btu": 1055.05585262,
    },
    "power": {"HP": _HORSEPOWER, "h": _HORSEPOWER, "PS": 75 * 9.80665},
    "volume": {
        "tsp": _GALLON / 768, "tspm": 0.005, "tbs": _GALLON / 256, "oz": _GALLON / 128, "cup": _GALLON / 16,
        "pt": _GALLON / 8, "us_pt": _GALLON / 8, "qt": _GALLON / 4,
        "uk_qt": _IMPERIAL_GALLON / 4, "gal": _GALLON, "uk_gal": _IMPERIAL_GALLON, "barrel": 42 * _GALLON,
        "bushel": 2150.42 * _INCH**3 * 1000, "MTON": 40 * _FOOT**3 * 1000, "regton": 100 * _FOOT**3 * 1000,
        "GRT": 100 * _FOOT**3 * 1000,
    },
    "area": {
        "uk_acre": 4840 * (3 * _FOOT) ** 2, "us_acre": _SURVEY_MILE**2 / 640, "ha": 10000.0, "Morgen": 2500.0,
    },
    "speed": {"admkn": 6080 * _FOOT / 3600, "kn": 1852 / 3600},
}  # fmt: skip
# What squares and cubes of lengths are called.
_POWERS = {"m": 1.0, "ang": 1e-10, "ly": _LIGHT_YEAR}
_PLAIN_POWERS = {
    "in": _INCH,
    "ft": _FOOT,
    "yd": 3 * _FOOT,
    "mi": _MILE,
    "Nmi": 1852.0,
    "Picapt": _INCH / 72,
    "Pica": _INCH / 72,
}
_PREFIXES = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1, "e": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip
_BINARY = {"Yi": 80, "Zi": 70, "Ei": 60, "Pi": 50, "Ti": 40, "Gi": 30, "Mi": 20, "ki": 10}


def _sizes() -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for kind, power, scale in (("area", 2, 1.0), ("volume", 3, 1000.0)):
        for unit, size in {**_POWERS, **_PLAIN_POWERS}.items():
            found[f"{unit}{power}"] = found[f"{unit}^{power}"] = (kind, size**power * scale)
        for unit, size in _POWERS.items():
            for prefix, exponent in _PREFIXES.items() if unit != "ly" else ():
                for name in (f"{prefix}{unit}{power}", f"{prefix}{unit}^{power}"):
                    found.setdefault(name, (kind, (size * 10.0**exponent) ** power * scale))
    for kind, units in _PLAIN.items():
        found.update({unit: (kind, size) for unit, size in units.items()})
    for kind, units in _METRIC.items():
        found.update({unit: (kind, size) for unit, size in units.items()})
    for kind, units in _METRIC.items():
        for unit, size in units.items():
            for prefix, exponent in _PREFIXES.items():
                found.setdefault(prefix + unit, (kind, size * 10.0**exponent))
    for prefix, exponent in _BINARY.items():
        for unit, size in _METRIC["information"].items():
            found[prefix + unit] = ("information", size * 2.0**exponent)
    return found


_SIZES = _sizes()
_ZERO = 273.15
# To kelvin and back.
_TEMPERATURES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "C": (lambda t: t + _ZERO, lambda k: k - _ZERO),
    "F": (lambda t: (t - 32) / 1.8 + _ZERO, lambda k: (k - _ZERO) * 1.8 + 32),
    "K": (lambda t: t, lambda k: k),
    "Rank": (lambda t: t / 1.8, lambda k: k * 1.8),
    "Reau": (lambda t: t * 1.25 + _ZERO, lambda k: (k - _ZERO) / 1.25),
}
_TEMPERATURES |= {"cel": _TEMPERATURES["C"], "fah": _TEMPERATURES["F"], "kel": _TEMPERATURES["K"]}
_KELVINS = {prefix + unit: 10.0**exponent for unit in ("K", "kel") for prefix, exponent in _PREFIXES.items()}


@scalar("CONVERT", "wtt")
def convert(number: float, source: str, target: str) -> float:
    if source in _TEMPERATURES or source in _KELVINS:
        require(target in _TEMPERATURES or target in _KELVINS, NA)
        if source == target:
            return number
        kelvin = _TEMPERATURES[source][0](number) if source in _TEMPERATURES else number * _KELVINS[source]
        return _TEMPERATURES[target][1](kelvin) if target in _TEMPERATURES else kelvin / _KELVINS[target]
    require(source in _SIZES and target in _SIZES, NA)
    kind, size = _SIZES[source]
    other, unit = _SIZES[target]
    require(kind == other, NA)
    return number if source == target else number * (size / unit)
