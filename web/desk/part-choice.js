// How a supervisor takes part: listens, whispers to the agents, or is heard by all.

import { h, setAttribute } from "../modules/dom.js";

const modes = ["listen", "whisper", "barge"];

/** `<part-choice>`: set `member`; asks by `deed` events "supervise" (detail: mode). */
export class PartChoice extends HTMLElement {
  #buttons = new Map();

  constructor(t) {
    super();
    this.hidden = true;
    for (const mode of modes) {
      this.#buttons.set(mode, h("button", { type: "button", title: t(`${mode}How`), text: t(mode), on: { click: () =>
        this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what: "supervise", mode } })) } }));
    }
    this.append(h("div", { class: "row", role: "group", "aria-label": t("part") }, ...this.#buttons.values()));
  }

  /** Whose part it is; shown only to supervisors. */
  set member(member) {
    this.hidden = member?.supervision === undefined;
    for (const [mode, button] of this.#buttons) {
      setAttribute(button, "aria-pressed", member?.supervision === mode ? "true" : "false");
    }
  }
}

customElements.define("part-choice", PartChoice);
