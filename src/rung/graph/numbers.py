"""Write numbers in few digits."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: float, digits: int = 5) -> str:
    """Write a number with so many significant digits and a true minus sign.

    Examples
    --------
    >>> number(24.704081632), number(-2.0), number(1.5e-7), number(123456.0)
    ('24.704', '−2', '1.5e−7', '123456')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    if value == int(value) and abs(value) < 1e7:
        return f"{int(value)}".replace("-", MINUS)
    if 1e-4 <= abs(value) < 1e7:
        decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
        text = f"{value:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    return text.replace("-", MINUS)


def signed(value: float, digits: int = 5) -> str:
    """Write a number with its sign.

    Examples
    --------
    >>> signed(2.5), signed(-2.5), signed(0.0)
    ('+2.5', '−2.5', '0')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 else text


def quantity(value: float) -> str:
    """Write a count with a letter for thousands, millions and so on.

    Examples
    --------
    >>> quantity(950), quantity(4160), quantity(12_345_678)
    ('950', '4.16k', '12.3M')
    """
    for unit, letter in UNITS:
        if value >= unit:
            return f"{value / unit:.3g}{letter}"
    return f"{value:g}"
