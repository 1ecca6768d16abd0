// What is known about the caller.

import { h } from "../modules/dom.js";
import { ordered } from "./context.js";

/** `<customer-card>`: set `context`, name → value. */
export class CustomerCard extends HTMLElement {
  #t;
  #said = null;

  constructor(t) {
    super();
    this.#t = t;
  }

  set context(context) {
    const said = JSON.stringify(context);
    if (said === this.#said) return;
    this.#said = said;
    const t = this.#t;
    const pairs = ordered(context);
    this.className = "customer";
    if (pairs.length === 0) return this.replaceChildren(h("p", { class: "soft small", text: t("noContext") }));
    this.replaceChildren(
      h("dl", {}, ...pairs.map(([name, value]) =>
        h("div", {}, h("dt", { text: this.#title(name) }), h("dd", {}, this.#value(value))))),
      h("p", { class: "soft small", text: t("fromPage") }));
  }

  #title(name) {
    const own = this.#t(`key-${name}`);
    return own === `key-${name}` ? name.replaceAll("-", " ") : own;
  }

  /** An address of the web can be followed, anything else is text: a context never makes a link of another kind. */
  #value(value) {
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return value;
    const text = value.replace(/^https?:\/\//i, "");
    return h("a", { href: value, target: "_blank", rel: "noopener noreferrer", text });
  }
}

customElements.define("customer-card", CustomerCard);
