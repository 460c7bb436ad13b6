"""Cite what a run rests on: rung itself, the methods of its verdict, and its families, as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rung.core.result import Result
from rung.images.numbers import sources_of_family

RUNG_TITLE = "rung: climb from a straight line to a deep network, and stop where your data stops"


class Work(NamedTuple):
    """A work that can be cited; `where` holds its other BibTeX fields."""

    kind: str
    author: str
    title: str
    year: int
    where: tuple[tuple[str, str], ...]


def _article(
    author: str, title: str, year: int, journal: str, volume: str, pages: str, **more: str
) -> Work:
    number = {"number": more.pop("number")} if "number" in more else {}
    where = {"journal": journal, "volume": volume, **number, "pages": pages, **more}
    return Work("article", author, title, year, tuple(where.items()))


def _proceedings(
    author: str, title: str, year: int, booktitle: str, volume: str, pages: str
) -> Work:
    where = (("booktitle", booktitle), ("volume", volume), ("pages", pages))
    return Work("inproceedings", author, title, year, where)


_ML, _JMLR = "Machine Learning", "Journal of Machine Learning Research"
_NEURIPS = "Advances in Neural Information Processing Systems"
WORKS: Mapping[str, Work] = MappingProxyType(
    {
        "nadeau2003": _article(
            "Nadeau, Claude and Bengio, Yoshua",
            "Inference for the Generalization Error",
            2003, _ML, "52", "239--281", number="3",
        ),
        "varma2006": _article(
            "Varma, Sudhir and Simon, Richard",
            "Bias in Error Estimation When Using Cross-Validation for Model Selection",
            2006, "BMC Bioinformatics", "7", "91",
        ),
        "kapoor2023": _article(
            "Kapoor, Sayash and Narayanan, Arvind",
            "Leakage and the Reproducibility Crisis in Machine-Learning-Based Science",
            2023, "Patterns", "4", "100804", number="9",
        ),
        "fisher2019": _article(
            "Fisher, Aaron and Rudin, Cynthia and Dominici, Francesca",
            "All Models are Wrong, but Many are Useful: Learning a Variable's Importance by "
            "Studying an Entire Class of Prediction Models Simultaneously",
            2019, _JMLR, "20", "1--81", number="177",
        ),
        "apley2020": _article(
            "Apley, Daniel W. and Zhu, Jingyu",
            "Visualizing the Effects of Predictor Variables in Black Box Supervised Learning Models",
            2020, "Journal of the Royal Statistical Society: Series B", "82", "1059--1086", number="4",
        ),
        "holte1993": _article(
            "Holte, Robert C.",
            "Very Simple Classification Rules Perform Well on Most Commonly Used Datasets",
            1993, _ML, "11", "63--90", number="1",
        ),
        "hoerl1970": _article(
            "Hoerl, Arthur E. and Kennard, Robert W.",
            "Ridge Regression: Biased Estimation for Nonorthogonal Problems",
            1970, "Technometrics", "12", "55--67", number="1",
        ),
        "hastie1986": _article(
            "Hastie, Trevor and Tibshirani, Robert",
            "Generalized Additive Models",
            1986, "Statistical Science", "1", "297--310", number="3",
        ),
        "cover1967": _article(
            "Cover, Thomas M. and Hart, Peter E.",
            "Nearest Neighbor Pattern Classification",
            1967, "IEEE Transactions on Information Theory", "13", "21--27", number="1",
        ),
        "cortes1995": _article(
            "Cortes, Corinna and Vapnik, Vladimir",
            "Support-Vector Networks",
            1995, _ML, "20", "273--297", number="3",
        ),
        "breiman1984": Work(
            "book",
            "Breiman, Leo and Friedman, Jerome H. and Olshen, Richard A. and Stone, Charles J.",
            "Classification and Regression Trees",
            1984, (("publisher", "Wadsworth"),),
        ),
        "breiman2001": _article(
            "Breiman, Leo", "Random Forests", 2001, _ML, "45", "5--32", number="1"
        ),
        "breiman1996": _article(
            "Breiman, Leo", "Stacked Regressions", 1996, _ML, "24", "49--64", number="1"
        ),
        "friedman2001": _article(
            "Friedman, Jerome H.",
            "Greedy Function Approximation: A Gradient Boosting Machine",
            2001, "The Annals of Statistics", "29", "1189--1232", number="5",
        ),
        "ke2017": _proceedings(
            "Ke, Guolin and Meng, Qi and Finley, Thomas and Wang, Taifeng and Chen, Wei and Ma, "
            "Weidong and Ye, Qiwei and Liu, Tie-Yan",
            "LightGBM: A Highly Efficient Gradient Boosting Decision Tree",
            2017, _NEURIPS, "30", "3146--3154",
        ),
        "rosenblatt1958": _article(
            "Rosenblatt, Frank",
            "The Perceptron: A Probabilistic Model for Information Storage and Organization in the "
            "Brain",
            1958, "Psychological Review", "65", "386--408", number="6",
        ),
        "rumelhart1986": _article(
            "Rumelhart, David E. and Hinton, Geoffrey E. and Williams, Ronald J.",
            "Learning Representations by Back-Propagating Errors",
            1986, "Nature", "323", "533--536", number="6088",
        ),
        "chen1999": _article(
            "Chen, Stanley F. and Goodman, Joshua",
            "An Empirical Study of Smoothing Techniques for Language Modeling",
            1999, "Computer Speech \\& Language", "13", "359--394", number="4",
        ),
        "bengio2003": _article(
            "Bengio, Yoshua and Ducharme, R{\\'e}jean and Vincent, Pascal and Jauvin, Christian",
            "A Neural Probabilistic Language Model",
            2003, _JMLR, "3", "1137--1155",
        ),
        "vaswani2017": _proceedings(
            "Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, "
            "Llion and Gomez, Aidan N. and Kaiser, {\\L}ukasz and Polosukhin, Illia",
            "Attention Is All You Need",
            2017, _NEURIPS, "30", "5998--6008",
        ),
        "bruna2013": _article(
            "Bruna, Joan and Mallat, St{\\'e}phane",
            "Invariant Scattering Convolution Networks",
            2013, "IEEE Transactions on Pattern Analysis and Machine Intelligence",
            "35", "1872--1886", number="8",
        ),
        "pedregosa2011": _article(
            "Pedregosa, Fabian and others",
            "Scikit-learn: Machine Learning in Python",
            2011, _JMLR, "12", "2825--2830",
        ),
        "paszke2019": _proceedings(
            "Paszke, Adam and others",
            "PyTorch: An Imperative Style, High-Performance Deep Learning Library",
            2019, _NEURIPS, "32", "8024--8035",
        ),
    }
)  # fmt: skip
# What a family rests on, by what its name ends in: families of images add such words in front.
OF_FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "one_feature": ("holte1993",),
        "linear": ("hoerl1970",),
        "additive": ("hastie1986",),
        "polynomial": ("hoerl1970",),
        "perceptron": ("rosenblatt1958",),
        "neighbours": ("cover1967",),
        "svm": ("cortes1995",),
        "tree": ("breiman1984",),
        "forest": ("breiman2001",),
        "boosting": ("friedman2001", "ke2017"),
        "mlp": ("rumelhart1986",),
        "blend": ("breiman1996",),
        "ngram": ("chen1999",),
        "char_mlp": ("bengio2003",),
        "gpt": ("vaswani2017",),
    }
)
OF_LIBRARIES: Mapping[str, str] = MappingProxyType(
    {"scikit-learn": "pedregosa2011", "torch": "paszke2019"}
)


def references_of(result: Result) -> list[str]:
    """Return the keys of what a run rests on: its verdict, its choice and leader, its libraries."""
    keys = ["kapoor2023"]
    if not result.folds.has_one_split:
        keys += ["nadeau2003", "varma2006"]
    for family in (result.choice.family, result.choice.leader):
        keys += [key for end, works in OF_FAMILIES.items() if _is_of(family, end) for key in works]
        keys += ["bruna2013"] if "scattering" in sources_of_family(family) else []
    keys += ["fisher2019"] if "importance" in result.sections else []
    keys += ["apley2020"] if "effects" in result.sections else []
    keys += [work for library, work in OF_LIBRARIES.items() if library in result.versions]
    return list(dict.fromkeys(keys))


def _is_of(family: str, end: str) -> bool:
    """Tell whether a family is one of tables, or one of images that learns as it does."""
    return family == end or (bool(sources_of_family(family)) and family.partition("_")[2] == end)


def bibtex(result: Result) -> str:
    """Return the entries of a paper that reports a run, rung first.

    Examples
    --------
    >>> print(entry("breiman2001", WORKS["breiman2001"]))
    @article{breiman2001,
      author = {Breiman, Leo},
      title = {{Random Forests}},
      year = {2001},
      journal = {Machine Learning},
      volume = {45},
      number = {1},
      pages = {5--32}
    }
    """
    version = result.versions.get("rung", "")
    own = Work("misc", "{rung contributors}", RUNG_TITLE, 0, (("note", f"Version {version}"),))
    entries = [entry("rung", own)]
    entries += [entry(key, WORKS[key]) for key in references_of(result)]
    return "\n\n".join(entries)


def entry(key: str, work: Work) -> str:
    """Return one entry of BibTeX."""
    year = (("year", str(work.year)),) if work.year else ()
    fields = (("author", work.author), ("title", f"{{{work.title}}}"), *year, *work.where)
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@{work.kind}{{{key},\n{lines}\n}}"
