"""A hundred strings that try to run as programs, to break out of their place, or to hide."""

from __future__ import annotations

TAGS = (
    "<script>alert({n})</script>",
    "</style><script>alert({n})</script>",
    "</title><script>alert({n})</script>",
    "<img src=x onerror=alert({n})>",
    "<svg onload=alert({n})>",
    "<svg><script>alert({n})</script></svg>",
    "<iframe src=javascript:alert({n})></iframe>",
    "<body onload=alert({n})>",
    "<details open ontoggle=alert({n})>",
    "<input autofocus onfocus=alert({n})>",
    "<a href=javascript:alert({n})>x</a>",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src onerror=alert({n})>",
    "<base href=//example.org/{n}>",
    "<link rel=stylesheet href=//example.org/{n}>",
    "<meta http-equiv=refresh content=0;url=//example.org/{n}>",
    "<object data=//example.org/{n}></object>",
    "<!--{n}",
    "]]><script>alert({n})</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert({n})>'>",
    "<template><script>alert({n})</script></template>",
)
ATTRIBUTES = (
    '" onmouseover=alert({n}) x="',
    "' autofocus onfocus=alert({n}) x='",
    '"><script>alert({n})</script>',
    "'><img src=x onerror=alert({n})>",
    '" style="background:url(//example.org/{n})" x="',
    "` onload=alert({n}) `",
    '\\" onfocus=alert({n}) autofocus \\"',
    "&quot;&gt;&lt;script&gt;alert({n})&lt;/script&gt;",
    "&#x3c;script&#x3e;alert({n})&#x3c;/script&#x3e;",
    '"/><style>@import "//example.org/{n}";</style>',
)
TEMPLATES = (
    "{{{{ {n}*7 }}}}",
    "{{% for x in (1,) %}}{n}{{% endfor %}}",
    "${{alert({n})}}",
    "#{{alert({n})}}",
    "{{units}} {n}",
    "{{margin}} {n}",
    "%s %d {n}",
    "$x_{{{n}}}^2$",
    "\\frac{{{n}}}{{0}}",
    "$\\mathdefault{{{n}}}$",
)
HIDDEN = (
    "\u202e{n}gpj.exe",
    "\u2066{n}\u2069",
    "a\u200b{n}",
    "\x1b[31m{n}\x1b[0m",
    "bell\x07{n}",
    "\ufeff{n}",
    "\ufffe{n}",
    "e\u0301{n}",
    "\U0001f680 {n}",
    "\u05db\u05ea\u05d5\u05d1\u05ea {n}",
)


def strings(n: int = 100) -> list[str]:
    """Return so many hostile strings; no two are equal."""
    patterns = (*TAGS, *ATTRIBUTES, *TEMPLATES, *HIDDEN)
    return [patterns[k % len(patterns)].format(n=k) for k in range(n)]
