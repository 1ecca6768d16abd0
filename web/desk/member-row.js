// Who is in the room, and who talks.

import { h, setAttribute, setText } from "../modules/dom.js";
import { bars, face, setFace, shortAddress } from "../modules/people.js";

/** `<member-row>`: set `member`. */
export class MemberRow extends HTMLElement {
  #t;
  #face = face("?");
  #name = h("div", { class: "name" });
  #about = h("div", { class: "about" });
  #spoken = h("span", { class: "unseen" });

  constructor(t) {
    super();
    this.#t = t;
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.classList.add("person");
    this.setAttribute("role", "listitem");
    this.append(this.#face, h("div", { class: "who" }, this.#name, this.#about), h("div", {}, this.#spoken, bars()));
  }

  set member(member) {
    const t = this.#t;
    const name = member.name || shortAddress(member.uri);
    setFace(this.#face, name);
    setText(this.#name, name);
    setText(this.#about, [
      member.role === "moderator" && t("moderator"), member.muted && t("muted"), member.held && t("held"),
      shortAddress(member.uri),
    ].filter(Boolean).join(" · "));
    setText(this.#spoken, member.talking ? t("talking") : "");
    setAttribute(this, "data-talking", member.talking && !member.muted);
    setAttribute(this, "data-muted", member.muted);
  }
}

customElements.define("member-row", MemberRow);
