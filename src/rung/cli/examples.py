"""Show two uses of every command at the end of its help."""

from __future__ import annotations

EXIT_CODES = (
    "Exit codes: 0 done; 1 a fault of rung itself; 2 an option is not accepted; 3 the data or a "
    "model file cannot be used; 4 disk, memory or an optional library is missing; 130 interrupted; "
    "143 terminated."
)
EXAMPLES = {
    "fit": (
        "rung fit stars.csv --target mass --quick",
        "rung fit visits.csv --target ill --groups patient --out ill-run",
    ),
    "sample": (
        "rung sample names-run/model.rung --n 5",
        "rung sample stars-run/model.rung -n 100 --out drawn.csv",
    ),
    "check": (
        "rung check stars.csv --target mass",
        "rung check galaxies --labels labels.csv --target class",
    ),
    "predict": (
        "rung predict mass-run new.csv --out predictions.csv",
        "rung predict mass-run/model.rung new.parquet",
    ),
    "explain": (
        "rung explain mass-run new.csv",
        "rung explain mass-run/model.rung stars.csv --row 7",
    ),
    "figures": (
        "rung figures mass-run",
        "rung figures mass-run --format pdf --out paper",
    ),
    "score": (
        "rung score mass-run labelled.csv",
        "rung score mass-run/model.rung labelled.csv --groups object --strict",
    ),
    "look": ("rung look stars.csv --target mass", "rung look stars.csv --out look.html"),
    "compare": ("rung compare mass-run mass-run-2", "rung compare mass-run mass-run-2 --json"),
    "cluster": (
        "rung cluster stars.csv",
        "rung cluster stars.csv --label kind --picture groups.html --out groups.csv",
    ),
    "embed": (
        "rung embed stars.csv",
        "rung embed stars.csv --method tsne --color class --picture map.html",
    ),
    "ask": (
        "rung ask stars-run/model.rung --given class=QSO",
        "rung ask stars-run/model.rung --given class=QSO --given u=19.2 --json",
    ),
    "inspect": ("rung inspect mass-run", "rung inspect mass-run/model.rung --json"),
    "export": (
        "rung export mass-run/model.rung --to json --out model.json",
        "rung export mass-run/model.rung --to onnx --out model.onnx",
    ),
    "graph": (
        "rung graph '2*(a-b)+c' a=3 b=1 c=4 --out g.svg",
        "rung graph mass-run/model.rung --row 7 --data stars.csv --out row.svg",
    ),
    "families": ("rung families", "rung families | head"),
    "demo": ("rung demo", "rung demo --write-table diabetes.csv"),
    "curve": (
        "rung curve --out curve.svg",
        "rung curve points.csv --x-column t --y-column flux --polynomial",
    ),
    "descent": ("rung descent --out descent.svg", "rung descent --relus 20 --batch-rows 64"),
    "help": ("rung help fit", "rung help predict"),
}


def epilog(command: str) -> str:
    """Return what stands at the end of the help of a command.

    Examples
    --------
    >>> epilog("demo").splitlines()[2]
    'rung demo'
    """
    return "\n\n".join(["Examples:", *EXAMPLES[command], EXIT_CODES])
