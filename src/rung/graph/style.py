"""Hold the colours and letters of pictures and pages, for light and dark surroundings."""

from __future__ import annotations

VARIABLES = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1c222d; --soft: #545d6b; --line: #c9ced6;
  --hair: #dbdee3; --flow: #8b95a4; --accent: #0a569f; --accent-fill: #e3eefa; --number: #a3440c;
  --input: #e6eff9; --input-line: #9dbfe2; --parameter: #e4f2eb; --parameter-line: #94c7ae;
  --block: #f4efe3; --block-line: #cdbf9c; --good: #17633f; --alarm: #a5182c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #13161b; --sheet: #1f242c; --ink: #e7e9ed; --soft: #a6afbc; --line: #47505d;
    --hair: #333b46; --flow: #6f7a8a; --accent: #82bbff; --accent-fill: #1c3550; --number: #f2a477;
    --input: #1c2f45; --input-line: #3f658f; --parameter: #1b372d; --parameter-line: #3c7a60;
    --block: #332d20; --block-line: #6f6343; --good: #7fd0a5; --alarm: #ff9aa6;
  }
}
"""

PICTURE = """
svg.graph { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
  sans-serif; font-variant-numeric: tabular-nums; }
.graph text { fill: var(--ink); }
.graph .paper { fill: var(--paper); }
.graph .title { font-size: 14px; font-weight: 600; }
.graph .name, .graph .badge, .graph .label { fill: var(--soft); }
.graph .label { paint-order: stroke; stroke: var(--paper); stroke-width: 8px; stroke-linejoin: round; }
.graph .badge { font-weight: 600; }
.graph .gradient { fill: var(--number); }
.graph .good { fill: var(--good); }
.graph .warn { fill: var(--alarm); }
.graph .box { fill: var(--sheet); stroke: var(--line); stroke-width: 1.2; }
.graph .input .box { fill: var(--input); stroke: var(--input-line); }
.graph .parameter .box { fill: var(--parameter); stroke: var(--parameter-line); }
.graph .constant .box { fill: none; stroke: var(--line); stroke-dasharray: 4 3; }
.graph .block .box { fill: var(--block); stroke: var(--block-line); }
.graph .note .box { fill: none; stroke: var(--line); stroke-dasharray: 2 4; }
.graph .note .title { fill: var(--soft); font-weight: 500; }
.graph .output .box { fill: var(--accent-fill); stroke: var(--accent); stroke-width: 2; }
.graph .flow { fill: none; stroke: var(--flow); stroke-width: 1.4; }
.graph .strong { stroke: var(--accent); stroke-width: 2.6; }
.graph .faint { stroke: var(--line); stroke-width: 1.2; stroke-dasharray: 4 4; }
.graph .tip { fill: var(--flow); }
.graph .tip.strong { fill: var(--accent); stroke: none; }
.graph .tip.faint { fill: var(--line); stroke: none; }
.graph a:hover .box, .graph a:focus-visible .box { stroke: var(--accent); stroke-width: 2.2; }
"""

PAGE = """
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
  sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.2rem 1.2rem; }
h1, h2, summary { font-family: "Iowan Old Style", "Palatino Linotype", "URW Palladio L", Palatino,
  "Book Antiqua", Georgia, serif; font-weight: 600; line-height: 1.3; }
h1 { font-size: clamp(1.3rem, 1rem + 1.6vw, 1.9rem); margin: 0 0 0.4rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 0.4rem; }
p { margin: 0.4rem 0; max-width: 46rem; color: var(--soft); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.picture { overflow-x: auto; margin: 1.1rem 0; border: 1px solid var(--hair);
  border-radius: 0.5rem; background: var(--paper); }
.picture svg { display: block; margin: 0 auto; }
details { margin: 0.8rem 0; border: 1px solid var(--hair); border-radius: 0.5rem;
  padding: 0.2rem 1rem; background: var(--sheet); }
details:target-within, details:has(:target) { border-color: var(--accent); }
details details { background: var(--paper); }
summary { cursor: pointer; font-size: 1.05rem; padding: 0.55rem 0; }
summary small { font: 0.9rem system-ui, sans-serif; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; margin: 0.5rem 0 1rem;
  font-variant-numeric: tabular-nums; }
th, td { text-align: end; padding: 0.3rem 1.3rem 0.3rem 0; border-bottom: 1px solid var(--hair);
  white-space: nowrap; }
th:first-child, td.words { text-align: start; }
thead th { color: var(--soft); font-size: 0.85rem; font-weight: 600; }
tbody th { font-weight: 500; }
"""
