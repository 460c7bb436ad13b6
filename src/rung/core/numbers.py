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


def _exponent_digits(value: float, decimals: int) -> int:
    leading = int(f"{abs(value):e}".partition("e")[2])
    return min(max(leading + decimals, 1), DIGITS_WITHOUT_UNCERTAINTY + 2)
