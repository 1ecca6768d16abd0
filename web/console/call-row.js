// A call.

import { h, icon, iconButton, rename, setAttribute, setIcon, setText } from "../modules/dom.js";
import { shortAddress, userOf } from "../modules/people.js";

/** `<call-row>`: set `call`; it asks by a bubbling `deed` event to hang up. */
export class CallRow extends HTMLElement {
  #t;
  #call = null;
  #icon = icon("phone-in");
  #between = h("div");
  #since = h("time-since");
  #state = h("span");
  #hangUp = iconButton("phone-down", "", () => this.dispatchEvent(
    new CustomEvent("deed", { bubbles: true, detail: { what: "hang-up", call: this.#call } })), "danger");

  constructor(t) {
    super();
    this.#t = t;
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.classList.add("call");
    this.append(this.#icon,
      h("div", { class: "between" }, this.#between, h("div", { class: "about" }, this.#state, " · ", this.#since)),
      this.#hangUp);
  }

  set call(call) {
    const t = this.#t;
    this.#call = call;
    const [from, to] = [userOf(call.from), userOf(call.to)];
    setAttribute(this, "data-state", call.state);
    setIcon(this.#icon, call.direction === "incoming" ? "phone-in" : "phone-out");
    setText(this.#between, `${from} → ${to}`);
    setAttribute(this.#between, "title", `${shortAddress(call.from)} → ${shortAddress(call.to)}`);
    const cause = call.state === "ended" && call.cause ? ` (${call.cause})` : "";
    const room = call.room ? ` · ${t("inRoom", { room: call.room })}` : "";
    setText(this.#state, `${t(call.direction)} · ${t(call.state)}${cause}${room}`);
    setAttribute(this.#since, "since", call.answered ?? call.started);
    setAttribute(this.#since, "until", call.ended);
    setAttribute(this.#hangUp, "hidden", call.state === "ended");
    rename(this.#hangUp, t("hangUp", { name: call.direction === "incoming" ? from : to }));
  }
}

customElements.define("call-row", CallRow);
