"""How the report's page looks: one style sheet, for screens, light and dark, and for paper.

Text and bars keep a contrast of at least 4.5 to 1 to what they stand on, 3 to 1 for lines (WCAG 2.2, 1.4.3 and
1.4.11); nothing is told by colour alone.
"""

from __future__ import annotations

from typing import Final

_LIGHT: Final = (
    "--paper:#fff;--ink:#1b1f24;--soft:#545b64;--line:#c9ced4;--bar:#2763ac;--good:#0f5f36;--good-paper:#e8f5ed;"
    "--bad:#95180f;--bad-paper:#fdeceb;--limit:#95180f"
)
_DARK: Final = (
    "--paper:#15181c;--ink:#e7eaed;--soft:#a9b0b8;--line:#434a52;--bar:#74b0f4;--good:#86dfab;--good-paper:#12291c;"
    "--bad:#ffa8a0;--bad-paper:#371714;--limit:#ffa8a0"
)

STYLE: Final = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:54rem;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}}
h1{{font-size:1.6rem;line-height:1.2;margin:0}}
h2{{font-size:1.15rem;margin:0 0 .6rem}}
section{{margin-top:2.2rem}}
p{{margin:.4rem 0;max-width:44rem}}
code{{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.92em;overflow-wrap:anywhere}}
.lead{{color:var(--soft)}}
.verdict{{margin-top:1.2rem;padding:.8rem 1.1rem;border-left:.35rem solid;border-radius:.25rem}}
.verdict strong{{font-size:1.1rem}}
.verdict ul{{margin:.3rem 0;padding-left:1.2rem}}
.good{{background:var(--good-paper);border-color:var(--good)}}
.good strong{{color:var(--good)}}
.bad{{background:var(--bad-paper);border-color:var(--bad)}}
.bad strong{{color:var(--bad)}}
.figures{{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.6rem;margin:0 0 1rem}}
.figures div{{display:flex;flex-direction:column-reverse;justify-content:flex-end;border:1px solid var(--line);
border-radius:.35rem;padding:.45rem .7rem}}
.figures dt{{color:var(--soft);font-size:.85rem;line-height:1.25}}
.figures dd{{margin:0;font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}}
table{{border-collapse:collapse;width:100%}}
caption{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
th,td{{padding:.28rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}}
thead th{{color:var(--soft);font-size:.85rem;line-height:1.25;vertical-align:bottom}}
.facts th{{width:52%;padding-left:0}}
details .facts th{{width:30%}}
.facts td,.words td,.words th{{overflow-wrap:anywhere}}
.numbers th:first-child,.words th:first-child{{padding-left:0}}
.numbers td,.numbers thead th:not(:first-child){{text-align:right;font-variant-numeric:tabular-nums}}
.numbers td{{white-space:nowrap}}
.numbers .zero{{color:var(--soft)}}
.scroll{{overflow-x:auto;position:relative}}
.facts+.scroll{{margin-top:1.2rem}}
.facts{{position:relative}}
.words td:last-child,details .facts td{{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.8rem}}
details{{margin:.5rem 0}}
summary{{cursor:pointer;padding:.2rem 0}}
:focus-visible{{outline:2px solid var(--bar);outline-offset:2px}}
figure{{margin:0 0 1.4rem}}
figcaption{{color:var(--soft);font-size:.88rem;max-width:44rem}}
svg{{display:block;width:100%;height:auto}}
@media screen and (max-width:40rem){{svg{{min-width:34rem}}}}
svg text{{font-size:12px;fill:var(--soft)}}
svg .label{{text-anchor:end;fill:var(--ink)}}
svg .tick,svg .value{{text-anchor:middle}}
svg .value{{fill:var(--ink)}}
svg .bar{{fill:var(--bar)}}
svg .floor{{stroke:var(--soft);stroke-width:1}}
svg .limit{{stroke:var(--limit);stroke-width:1.5;stroke-dasharray:5 4}}
@media print{{:root{{color-scheme:light;{_LIGHT}}}
@page{{margin:16mm 14mm}}
body{{padding:0;max-width:none;font-size:10.5pt}}
section{{margin-top:1.4rem}}
h2{{break-after:avoid}}
thead{{break-after:avoid}}
figure,tr,.verdict,.figures{{break-inside:avoid}}
.scroll{{overflow:visible}}
.numbers th,.numbers td{{padding:.2rem .35rem}}
.numbers{{font-size:.85em}}
summary{{list-style:none}}
details::details-content{{content-visibility:visible;display:block;block-size:auto}}
.bar,.verdict{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
"""
