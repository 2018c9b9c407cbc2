"""The style of the report: light, dark, telephones and paper, by what the reader's program asks for."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--bg:#fbfaf7;--card:#fff;--ink:#22302b;--dim:#66736d;--rule:#dfe4df;
--accent:#1f5c4d;
--c0:#1f7a63;--c1:#d98b2b;--c2:#4a6fa5;--c3:#8a6bb1;--c4:#7d9a3c;--c5:#6b3f2a;--c6:#3f9aa8;
--c7:#9c8468;
--loss:#c2453a;--lost:#e0b27a;--rest:#b9c2bd}
@media (prefers-color-scheme:dark){:root{--bg:#141a18;--card:#1c2421;--ink:#e4ebe7;--dim:#9aa8a1;
--rule:#33403b;
--accent:#7fd0b5;--c0:#4fbf9f;--c1:#eba955;--c2:#7fa3d8;--c3:#b59bdb;--c4:#a9c766;--c5:#dfe3a0;
--c6:#6cc3d0;
--c7:#c4ab8d;--loss:#ef7a6f;--lost:#b98a4e;--rest:#56635d}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);line-height:1.55;
font-family:"PingFang SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",
"Hiragino Sans GB",system-ui,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.2rem;margin:0 0 2px;color:var(--accent)}
h3{font-size:1rem;margin:20px 0 4px}
p{margin:.3em 0}.dim{color:var(--dim);font-size:.88rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 14px}
.tile b{display:block;font-size:1.5rem;line-height:1.2}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:18px 20px;
margin:16px 0}
nav{margin:8px 0 0;font-size:.92rem}nav a{margin-right:14px;color:var(--accent);white-space:nowrap}
svg{display:block;margin-top:10px;overflow:visible;font-size:13px}
svg text{fill:var(--ink)}svg .small{font-size:11px;fill:var(--dim)}svg .mid{text-anchor:middle}
svg .end{text-anchor:end}
.axis{stroke:var(--dim)}.faint{stroke:var(--rule)}.cut{stroke:var(--loss);stroke-dasharray:4 3}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin-top:8px}
th,td{padding:5px 8px;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{color:var(--dim);font-weight:600}td.n,th.n{text-align:right;white-space:nowrap}
td:first-child{min-width:5.5em}tr.sum td{font-weight:700;border-top:2px solid var(--rule)}
.wide{overflow-x:auto}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.85rem;color:var(--dim)}
.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px}
.map{display:grid;grid-template-columns:minmax(84px,max-content) 1fr;gap:8px 14px;margin-top:10px;
align-items:start}
.map div{display:flex;flex-wrap:wrap;gap:3px}
.map i{width:18px;height:18px;border-radius:4px;border:1px solid var(--rule)}
.m{background:transparent}.m0{background:color-mix(in srgb,var(--c0) 10%,var(--card))}
.m1{background:color-mix(in srgb,var(--c0) 30%,var(--card))}.m2{background:color-mix(in srgb,
var(--c0) 52%,var(--card))}
.m3{background:color-mix(in srgb,var(--c0) 76%,var(--card))}.m4{background:var(--c0)}
@media (max-width:560px){main{padding:16px 10px 40px}section{padding:14px 12px}h1{font-size:1.35rem}
.tiles{grid-template-columns:1fr 1fr}.tile b{font-size:1.2rem}th,td{padding:4px 5px}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--dim:#444;--rule:#bbb;
--accent:#000}
body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}nav{display:none}
main{max-width:none;padding:0}
section,.tile{border-radius:0}.wide{overflow:visible}.wide table{font-size:8pt}
th.n{white-space:normal}.wide th,.wide td{padding:3px 4px}
svg,tr,.tile,.legend,.map{break-inside:avoid}h2,h3,h2+p,h3+p,thead{break-after:avoid}
@page{size:A4;margin:14mm}}
"""
LOOKS = ("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "loss", "lost", "rest")
COLOURED = "".join(
    f".{look}{{fill:var(--{look})}}.b{look}{{background:var(--{look})}}"
    f".l{look}{{stroke:var(--{look});stroke-width:2}}"
    for look in LOOKS
)
