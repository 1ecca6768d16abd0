// Who is in the room, and who talks.

import { h, iconButton, rename, setAttribute, setText } from "../modules/dom.js";
import { bars, face, setFace, shortAddress } from "../modules/people.js";

/** `<member-row>`: `show` a member; asks by `deed` events "mask" and "consult" (detail: member). */
export class MemberRow extends HTMLElement {
  #t;
  #member = null;
  #face = face("?");
  #name = h("div", { class: "name" });
  #about = h("div", { class: "about" });
  #spoken = h("span", { class: "unseen" });
  #consult = iconButton("apart", "", () => this.#ask("consult"));
  #mask = iconButton("shield", "", () => this.#ask("mask"));

  constructor(t) {
    super();
    this.#t = t;
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.classList.add("person");
    this.setAttribute("role", "listitem");
    this.append(this.#face,
      h("div", { class: "who" }, h("div", { class: "row" }, this.#name, this.#spoken, bars()), this.#about),
      h("div", { class: "deeds" }, this.#consult, this.#mask));
  }

  /** `isOwn`: it is this desk's; `isApart`: speaks apart from the room; `canConsult`: the desk may ask it apart. */
  show(member, { isOwn, isApart, canConsult }) {
    const t = this.#t;
    this.#member = member;
    const name = member.name || shortAddress(member.uri);
    setFace(this.#face, name);
    setText(this.#name, isOwn ? `${name} (${t("you")})` : name);
    setText(this.#about, [
      member.role !== "participant" && t(`role-${member.role}`), member.supervision && t(`${member.supervision}s`),
      isApart && t("apart"), member.muted && t("muted"), member.held && t("held"), member.masked && t("masked"),
      shortAddress(member.uri),
    ].filter(Boolean).join(" · "));
    setText(this.#spoken, member.talking ? t("talking") : "");
    setAttribute(this, "data-talking", member.talking && !member.muted);
    setAttribute(this, "data-muted", member.muted || member.masked);
    this.#consult.hidden = isOwn || !canConsult;
    rename(this.#consult, t("askApart", { name }));
    setAttribute(this.#mask, "aria-pressed", member.masked ? "true" : "false");
    rename(this.#mask, t(member.masked ? "unmask" : "mask", { name }));
  }

  #ask(what) {
    this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, member: this.#member } }));
  }
}

customElements.define("member-row", MemberRow);
