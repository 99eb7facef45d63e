"""How the report looks: for a phone first, dark on light, with the fonts that are there."""

STYLE = """
:root { color-scheme: light; --ink: #1c1f23; --soft: #5b626b; --rule: #dfe3e7; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { max-width: 40rem; margin: .25rem 0 .75rem; }
.soft, figcaption { color: var(--soft); }
.plots { display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: .9rem; }
figcaption strong { color: var(--ink); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 100%; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: right;
  vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { font-weight: 600; }
td.text { white-space: pre-wrap; overflow-wrap: anywhere; text-align: left; min-width: 16rem; }
code { font-size: .85em; overflow-wrap: anywhere; }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
""".strip()
