// What is known about the caller.

import { h } from "../modules/dom.js";
import { ordered } from "./context.js";

/** `<customer-card>`: `show` a context, name → value, with the names of those values that the shop has signed. */
export class CustomerCard extends HTMLElement {
  #t;
  #said = null;

  constructor(t) {
    super();
    this.#t = t;
  }

  show(context, signed = []) {
    const said = JSON.stringify([context, signed]);
    if (said === this.#said) return;
    this.#said = said;
    const t = this.#t;
    const pairs = ordered(context);
    const isSigned = ([name]) => signed.includes(name);
    this.className = "customer";
    if (pairs.length === 0) return this.replaceChildren(h("p", { class: "soft small", text: t("noContext") }));
    this.replaceChildren(
      ...this.#part("signed", pairs.filter(isSigned), t("fromShop")),
      ...this.#part("said", pairs.filter((pair) => !isSigned(pair)), t("fromPage")));
  }

  /** Values of one kind, and how far they can be relied on; nothing if there are none. */
  #part(kind, pairs, words) {
    if (pairs.length === 0) return [];
    const rows = pairs.map(([name, value]) =>
      h("div", {}, h("dt", { text: this.#title(name) }), h("dd", {}, this.#value(value))));
    return [h("dl", { class: kind }, ...rows), h("p", { class: `soft small ${kind}`, text: words })];
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
