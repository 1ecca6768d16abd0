// How the button looks: a constructed style sheet, so that the shop's policy may be `style-src 'self'`. The page
// changes it by variables (`--call-me-accent`, `--call-me-paper`, `--call-me-ink`, `--call-me-line`, `--call-me-
// radius`) and by `::part`.

const css = `
:host {
  --accent: var(--call-me-accent, #0d6b62); --on: var(--call-me-on-accent, #fff); --paper: var(--call-me-paper, #fff);
  --ink: var(--call-me-ink, #1b2226); --soft: var(--call-me-soft, #5a656b); --line: var(--call-me-line, #d8d6ce);
  --end: var(--call-me-end, #ad3226); --round: var(--call-me-radius, 12px);
  display: inline-block; max-width: 100%; color: var(--ink); font: inherit; text-align: start;
}
@media (prefers-color-scheme: dark) {
  :host {
    --accent: var(--call-me-accent, #5fcbb9); --on: var(--call-me-on-accent, #06231f);
    --paper: var(--call-me-paper, #192025);
    --ink: var(--call-me-ink, #e7ecec); --soft: var(--call-me-soft, #9eaab0); --line: var(--call-me-line, #37434a);
    --end: var(--call-me-end, #ff9185);
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
button {
  display: inline-flex; align-items: center; justify-content: center; gap: .5em; min-height: 2.75rem;
  padding: .5rem 1.1rem;
  border: 1px solid var(--line); border-radius: var(--round); background: var(--paper); color: inherit; font: inherit;
  font-weight: 600; cursor: pointer;
}
button:hover { filter: brightness(1.06); }
.panel:focus { outline: none; }
button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.start { background: var(--accent); border-color: transparent; color: var(--on); }
.end { background: var(--end); border-color: transparent; color: var(--paper); }
[aria-pressed=true], [aria-expanded=true] { border-color: var(--accent); color: var(--accent); }
svg {
  width: 1.2em; height: 1.2em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
  stroke-linejoin: round;
}
.panel {
  display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; width: 22rem; max-width: 100%; padding: 1rem;
  border: 1px solid var(--line);
  border-radius: calc(var(--round) + 4px); background: var(--paper);
}
.state { display: flex; gap: .6rem; align-items: baseline; margin: 0; font-weight: 600; }
.state time { margin-inline-start: auto; font-weight: 400; color: var(--soft); font-variant-numeric: tabular-nums; }
.fault { margin: .5rem 0 0; max-width: 22rem; color: var(--end); font-size: .9375em; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; }
.row button { flex: 1 1 auto; }
.keys { display: grid; grid-template-columns: repeat(3, 1fr); gap: .375rem; }
.log {
  display: grid; gap: .35rem; max-height: 12rem; overflow: auto;
  font-size: .9375em;
}
.log p { margin: 0; overflow-wrap: anywhere; }
.log b { margin-inline-end: .4em; }
form { display: flex; gap: .5rem; }
input {
  flex: 1; min-width: 0; min-height: 2.75rem; padding: .4rem .7rem; border: 1px solid var(--soft);
  border-radius: var(--round);
  background: var(--paper); color: inherit; font: inherit;
}
.panel:has(video-grid) { width: 30rem; }
[part=video]:empty { display: none; }
`;

let sheet = null;

/** The one sheet of all buttons of a page. */
export function look() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
