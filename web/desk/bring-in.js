// Brings somebody in by SIP URI: to all, apart first, or to take over; and shows who is being called.

import { h, icon, iconButton, reconcile, rename, setText } from "../modules/dom.js";
import { shortAddress } from "../modules/people.js";
import { ways } from "./plans.js";

const pictures = { join: "person-plus", consult: "apart", transfer: "hand-over" };

/** `<bring-in>`: asks by `deed` events "bring" (detail: uri, way) and "cancel" (detail: id). */
export class BringIn extends HTMLElement {
  #t;
  #coming = h("div", { role: "list" });

  constructor(t) {
    super();
    this.#t = t;
    const field = h("input", {
      name: "uri", required: true, autocapitalize: "none", autocomplete: "off", spellcheck: "false",
      placeholder: "sip:name@example.com",
    });
    const buttons = ways.map((way) =>
      h("button", { value: way, title: t(`way-${way}-how`) }, icon(pictures[way]), t(`way-${way}`)));
    const form = h("form", {}, h("label", { class: "field" }, t("specialist"), field),
      h("div", { class: "row" }, ...buttons));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      this.#ask("bring", { uri: /^sips?:/i.test(text) ? text : `sip:${text}`, way: event.submitter?.value || "join" });
      field.value = "";
    });
    this.append(this.#coming, form);
  }

  /** Calls that ring, each with its `way`. */
  set coming(calls) {
    const t = this.#t;
    this.#coming.hidden = calls.length === 0;
    reconcile(this.#coming, calls, (call) => call.id, (call) => {
      const cancel = iconButton("phone-down", "", () => this.#ask("cancel", { id: call.id }), "danger");
      return h("div", { class: "person", role: "listitem" }, icon("phone-out"),
        h("div", { class: "who" }, h("div", { class: "name" }), h("div", { class: "about" })), cancel);
    }, (row, call) => {
      const name = shortAddress(call.to);
      setText(row.querySelector(".name"), name);
      const state = t(call.state === "ringing" ? "ringing" : "calling");
      setText(row.querySelector(".about"), `${state} · ${t(`way-${call.way}`)}`);
      rename(row.querySelector("button"), t("cancel", { name }));
    });
  }

  #ask(what, more) { this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, ...more } })); }
}

customElements.define("bring-in", BringIn);
