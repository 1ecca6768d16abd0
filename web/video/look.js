// How the pictures look. Colours are the Call Me button's, or the page's, or our own.

const css = `
:host {
  --a: var(--accent, #0d6b62); --p: var(--paper, #fff); --i: var(--ink, #1b2226); --s: var(--soft, #5a656b);
  --l: var(--line, #d8d6ce);
  display: block; color: var(--i); container-type: inline-size;
}
@media (prefers-color-scheme: dark) {
  :host {
    --a: var(--accent, #5fcbb9); --p: var(--paper, #192025); --i: var(--ink, #e7ecec); --s: var(--soft, #9eaab0);
    --l: var(--line, #37434a);
  }
}
[hidden] { display: none !important; }
* { box-sizing: border-box; }
.stage { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); }
.stage:not(:empty) { margin-bottom: .6rem; }
.stage.speaker { grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); }
.stage.speaker .large { grid-column: 1 / -1; order: -1; }
video-tile {
  position: relative; display: block; aspect-ratio: 16 / 9; overflow: hidden; border-radius: 10px; background: #10161a;
  outline: 2px solid transparent; outline-offset: -2px;
}
video-tile video { display: block; width: 100%; height: 100%; object-fit: contain; }
video-tile.own:not(.screen) video { transform: scaleX(-1); object-fit: cover; }
video-tile.talks { outline-color: var(--a); }
video-tile.stands video { opacity: .35; }
video-tile p {
  position: absolute; inset: auto auto .35rem .35rem; display: flex; align-items: center; gap: .4rem; margin: 0;
  max-width: calc(100% - .7rem); padding: .1rem .5rem; border-radius: 99px; background: rgb(8 12 14 / 78%);
  color: #f2f5f5; font-size: .8125rem;
}
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.note { color: #d3dbdb; white-space: nowrap; }
.note:empty { display: none; }
.dot { flex: none; width: .6rem; height: .6rem; border-radius: 50%; background: #4fd6bd; }
.dot[data-quality=fair] { background: #edc27a; border-radius: 2px; }
.dot[data-quality=poor] { background: #ff9185; border-radius: 0; transform: rotate(45deg); }
.heard {
  display: flex; flex-wrap: wrap; gap: .35rem; margin: 0 0 .6rem; padding: 0; list-style: none; font-size: .875rem;
}
.heard li { padding: .1rem .6rem; border: 1px solid var(--l); border-radius: 99px; overflow-wrap: anywhere; }
.heard li.talks { border-color: var(--a); color: var(--a); }
.bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
button, select {
  display: inline-flex; align-items: center; justify-content: center; gap: .45rem;
  min-width: 2.75rem; min-height: 2.75rem;
  padding: .4rem .8rem; border: 1px solid var(--l); border-radius: 10px; background: var(--p); color: inherit;
  font: inherit; font-size: .9375rem; font-weight: 550; cursor: pointer;
}
select { max-width: 12rem; }
button:focus-visible, select:focus-visible { outline: 2px solid var(--a); outline-offset: 2px; }
button:disabled, button[aria-disabled=true] { opacity: .55; cursor: default; }
.bar [aria-pressed=true] { border-color: var(--a); color: var(--a); }
.pin {
  position: absolute; inset: .25rem .25rem auto auto; min-width: 2.25rem; min-height: 2.25rem; padding: .3rem;
  border-color: transparent; background: rgb(8 12 14 / 62%); color: #f2f5f5;
}
.pin[aria-pressed=true] { background: #f2f5f5; color: #10161a; }
svg {
  flex: none; width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round;
}
.fault { flex-basis: 100%; margin: 0; color: var(--s); font-size: .875rem; }
.fault:empty { display: none; }
`;

let sheet = null;

/** The one sheet of all grids of a page. */
export function look() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
