"""Build these pages as a site: `make site`."""

from rung.version import __version__

project = "rung"
author = "rung contributors"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["plugin"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
# Links to files outside these pages (measurements, changes, the map of the code) lead nowhere on a
# site; in the repository, which is where they are read, tests/test_docs.py follows each.
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = f"rung {release}"
html_show_sphinx = False
html_copy_source = False

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
