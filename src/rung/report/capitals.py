"""Put titles into sentences, and sentences at their beginning, without touching names."""

from __future__ import annotations

# Methods are called after them, so that they keep their capital.
PEOPLE = frozenset(
    ["Bayesian", "Bernoulli", "Cox", "Dirichlet", "Fisher", "Fourier", "Gauss", "Gaussian", "Huber", "Kalman",
     "Laplace", "Markov", "Poisson", "Student", "Theil", "Tweedie", "Weibull"]
)  # fmt: skip


def _is_name(word: str) -> bool:
    """Tell whether the case of a word belongs to it: abbreviations, double names, signs, code."""
    rest = word[1:]
    has_signs = any(not c.isalpha() for c in rest.replace("-", "")) or rest.startswith("-")
    return not word[:1].isascii() or rest != rest.lower() or has_signs


def inside(title: str) -> str:
    """Write a title as it stands inside a sentence.

    Examples
    --------
    >>> inside("Gradient boosting"), inside("Kneser-Ney n-grams"), inside("Gaussian process")
    ('gradient boosting', 'Kneser-Ney n-grams', 'Gaussian process')
    >>> inside("Scattering, linear"), inside("CatBoost"), inside("k-NN"), inside("Self-training")
    ('scattering, linear', 'CatBoost', 'k-NN', 'self-training')
    """
    first = title.split(" ", 1)[0].rstrip(",:;")
    if first in PEOPLE or _is_name(first):
        return title
    return title[:1].lower() + title[1:]


def capital(text: str) -> str:
    """Begin a sentence, whose first word keeps its case if that belongs to it.

    Examples
    --------
    >>> capital("log loss"), capital("σ_NMAD"), capital("my_loss"), capital("mAP")
    ('Log loss', 'σ_NMAD', 'my_loss', 'mAP')
    """
    first = text.split(" ", 1)[0].rstrip(",:;.")
    return text if _is_name(first) else text[:1].upper() + text[1:]
