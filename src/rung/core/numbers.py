"""Write single numbers for people: significant digits, a true minus sign, exponents at need."""

from __future__ import annotations

import math

ABSENT = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
LEAST_PLAIN, LARGEST_PLAIN = 1e-2, 1e9
MOST_DECIMALS = 8
DIGITS_WITHOUT_UNCERTAINTY = 4


def decimals_for(uncertainty: float, digits: int = 2) -> int | None:
    """Return how many decimals show `digits` significant digits of an uncertainty.

    Negative counts mean tens, hundreds and so on; None means that it is zero or not finite.

    Examples
    --------
    >>> decimals_for(0.0123), decimals_for(1234.0), decimals_for(0.0)
    (3, -2, None)
    """
    if not math.isfinite(uncertainty) or uncertainty <= 0.0:
        return None
    return digits - 1 - int(f"{uncertainty:.{digits - 1}e}".partition("e")[2])


def number(value: float | None, decimals: int | None = None) -> str:
    """Write one number, with a true minus sign and thousands apart.

    Parameters
    ----------
    value : float or None
        None and values that are not finite become a dash.
    decimals : int, optional
        Decimals to keep; four significant digits where it is not given.

    Examples
    --------
    >>> number(44256.3, -2), number(0.12345, 3), number(0.123456)
    ('44,300', '0.123', '0.1235')

    Only small and large numbers have an exponent:

    >>> number(1 - 4e-12, 12), number(4e-12, 13)
    ('1.00000000', '4.0e−12')
    """
    if value is None or not math.isfinite(value):
        return ABSENT
    if decimals is None:
        decimals = decimals_for(abs(value), DIGITS_WITHOUT_UNCERTAINTY)
        decimals = max(0, decimals) if decimals is not None else 0
    rounded = round(value, decimals)
    rounded += 0.0  # a negative zero loses its sign
    shown = max(decimals, 0)
    if abs(rounded) >= LEAST_PLAIN:
        shown = min(shown, MOST_DECIMALS)
    if abs(rounded) >= LARGEST_PLAIN or (rounded != 0 and shown > MOST_DECIMALS):
        text = f"{value:.{_exponent_digits(value, decimals)}e}"
    else:
        text = f"{rounded:,.{shown}f}"
    return text.replace("-", MINUS)


def signed(text: str) -> str:
    """Put a plus before a number that is written without a sign.

    Examples
    --------
    >>> signed("0.12"), signed("0.00")
    ('+0.12', '0.00')
    """
    is_zero = not text.strip("0.,")
    return text if is_zero or text.startswith((MINUS, ABSENT)) else f"+{text}"


def difference(value: float, half: float) -> str:
    """Write a difference with half of its interval, to two digits of the latter.

    Examples
    --------
    >>> difference(-0.03412, 0.0123), difference(0.5, 0.0)
    ('−0.034 ± 0.012', '+0.5000 ± 0')
    """
    decimals = decimals_for(half)
    return f"{signed(number(value, decimals))} ± {number(half, decimals)}"


def _exponent_digits(value: float, decimals: int) -> int:
    leading = int(f"{abs(value):e}".partition("e")[2])
    return min(max(leading + decimals, 1), DIGITS_WITHOUT_UNCERTAINTY + 2)
