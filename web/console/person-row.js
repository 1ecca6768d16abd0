// A member of a room.

import { h, iconButton, rename, setAttribute, setIcon, setText } from "../modules/dom.js";
import { bars, face, levelBar, setFace, shortAddress, showLevel } from "../modules/people.js";

/** `<person-row>`: set `member`; it asks by a bubbling `deed` event (detail: what, member). */
export class PersonRow extends HTMLElement {
  #t;
  #member = null;
  #face = face("?");
  #name = h("div", { class: "name" });
  #about = h("div", { class: "about" });
  #spoken = h("span", { class: "unseen" });
  #level = levelBar();
  #mute = iconButton("mic", "", () => this.#ask("mute"));
  #remove = iconButton("leave", "", () => this.#ask("remove"), "danger");

  constructor(t) {
    super();
    this.#t = t;
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.classList.add("person");
    this.setAttribute("role", "listitem");
    this.append(this.#face,
      h("div", { class: "who" },
        h("div", { class: "row" }, this.#name, this.#spoken, bars(), this.#level), this.#about),
      h("div", { class: "deeds" }, this.#mute, this.#remove));
  }

  set member(member) {
    const t = this.#t;
    this.#member = member;
    const name = member.name || shortAddress(member.uri);
    setFace(this.#face, name);
    setText(this.#name, name);
    setText(this.#spoken, member.talking ? t("talking") : "");
    const tags = [
      member.role === "moderator" && t("moderator"), member.muted && t("muted"), member.held && t("held"),
      member.deaf && t("deaf"), member.masked && t("masked"),
    ].filter(Boolean);
    const parts = [...tags, member.codec, shortAddress(member.uri)].filter(Boolean);
    if (this.#about.dataset.said !== parts.join("\n")) {
      this.#about.dataset.said = parts.join("\n");
      this.#about.replaceChildren(...tags.map((text) => h("span", { class: "tag", text })),
        ...[member.codec, shortAddress(member.uri)].filter(Boolean).map((text) => h("span", { text })));
    }
    showLevel(this.#level, member.talking && !member.muted ? member.level : undefined);
    setAttribute(this, "data-talking", member.talking && !member.muted);
    setAttribute(this, "data-muted", member.muted);
    setAttribute(this.#mute, "aria-pressed", member.muted ? "true" : "false");
    setIcon(this.#mute.firstElementChild, member.muted ? "mic-off" : "mic");
    rename(this.#mute, t(member.muted ? "unmute" : "mute", { name }));
    rename(this.#remove, t("remove", { name }));
  }

  #ask(what) {
    this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, member: this.#member } }));
  }
}

customElements.define("person-row", PersonRow);
