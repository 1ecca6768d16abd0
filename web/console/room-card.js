// A room: its members, and what can be done with it.

import { h, icon, iconButton, reconcile, rename, setAttribute, setIcon, setText } from "../modules/dom.js";
import "../modules/people.js";
import { PersonRow } from "./person-row.js";

/** `<room-card>`: set `room` and `prompts`; it asks by bubbling `deed` events (detail: what, room, and more). */
export class RoomCard extends HTMLElement {
  #t;
  #room = null;
  #title = h("h2");
  #since = h("time-since", { class: "soft small" });
  #locked;
  #recording;
  #people = h("div", { class: "people", role: "list" });
  #nobody;
  #lock = iconButton("unlock", "", () => this.#ask("lock", { value: !this.#room.locked }));
  #record = iconButton("record", "", () => this.#ask(this.#room.recording ? "stop-record" : "record"), "danger");
  #muteAll = iconButton("mic-off", "", () => this.#ask("mute-all", { value: !this.#isMuted }));
  #close = iconButton("close", "", () => this.#ask("close"));
  #prompt = h("select", { name: "prompt" });
  /** What was played last may be stopped. */
  #play = null;
  #stop;
  #panels;

  constructor(t) {
    super();
    this.#t = t;
    this.#locked = h("span", { class: "tag warn", text: t("locked") });
    this.#recording = h("span", { class: "tag rec", text: t("recording") });
    this.#nobody = h("p", { class: "small-empty", text: t("nobody") });
    rename(this.#close, t("closeRoom"));
    this.#stop = h("button", { type: "button", hidden: true, text: t("stopPlay"), on: { click: () => {
      this.#ask("stop-play", { play: this.#play });
      // The keyboard keeps its place.
      this.#prompt.focus();
      this.#stop.hidden = true;
    } } });
    const announcement = h("label", { class: "field" }, t("announcement"), this.#prompt);
    this.#panels = [
      this.#panel("horn", t("announce"), [announcement], t("play"), () => this.#announce(), this.#stop),
      this.#dialPanel(),
    ];
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.append(h("article", { class: "card room" },
      h("div", { class: "room-head" },
        h("div", { class: "row" }, this.#title, this.#since, this.#locked, this.#recording),
        h("div", { class: "deeds" }, this.#record, this.#muteAll, this.#lock, this.#close)),
      this.#people, this.#nobody,
      h("div", { class: "tools" }, h("div", { class: "row" }, ...this.#panels.map((panel) => panel.button)),
        ...this.#panels.map((panel) => panel.form))));
    this.#people.addEventListener("deed", (event) => {
      event.stopPropagation();
      this.#ask(event.detail.what, { member: event.detail.member });
    });
  }

  get #isMuted() {
    const others = this.#room.members.filter((member) => member.role !== "moderator");
    return others.length > 0 && others.every((member) => member.muted);
  }

  set prompts(prompts) {
    const names = [...new Set(prompts.map((prompt) => prompt.name))].sort();
    if (this.#prompt.options.length === names.length) return;
    this.#prompt.replaceChildren(...names.map((name) => h("option", { value: name, text: name.replaceAll("-", " ") })));
  }

  set room(room) {
    const t = this.#t;
    this.#room = room;
    setText(this.#title, t("room", { room: room.name }));
    setAttribute(this.#people, "aria-label", t("members"));
    setAttribute(this.#since, "since", room.created);
    setAttribute(this.#locked, "hidden", !room.locked);
    setAttribute(this.#recording, "hidden", !room.recording);
    setAttribute(this.#nobody, "hidden", room.members.length > 0);
    this.#press(this.#lock, room.locked, room.locked ? "lock" : "unlock", t(room.locked ? "unlock" : "lock"));
    this.#press(this.#record, Boolean(room.recording), room.recording ? "stop" : "record",
      t(room.recording ? "stopRecord" : "record"));
    this.#press(this.#muteAll, this.#isMuted, "mic-off", t(this.#isMuted ? "unmuteAll" : "muteAll"));
    reconcile(this.#people, room.members, (member) => member.id, () => new PersonRow(t),
      (row, member) => { row.member = member; });
  }

  #press(button, isPressed, picture, name) {
    setAttribute(button, "aria-pressed", isPressed ? "true" : "false");
    setIcon(button.firstElementChild, picture);
    rename(button, name);
  }

  #announce() {
    this.#ask("play", { prompt: this.#prompt.value, began: (play) => {
      this.#play = play;
      this.#stop.hidden = false;
    } });
  }

  #dialPanel() {
    const t = this.#t;
    const address = h("input", {
      name: "uri", required: true, inputmode: "email", autocapitalize: "none", autocomplete: "off", spellcheck: "false",
      placeholder: "sip:name@example.com",
    });
    const fields = [h("label", { class: "field" }, t("address"), address)];
    return this.#panel("person-plus", t("dial"), fields, t("call"), () => {
      const text = address.value.trim();
      this.#ask("dial", { uri: /^sips?:/i.test(text) ? text : `sip:${text}` });
      address.value = "";
    });
  }

  /** A form behind a button; `more` stands after its own button. */
  #panel(picture, name, fields, deed, act, ...more) {
    const form = h("form", { hidden: true, on: { submit: (event) => { event.preventDefault(); act(); } } },
      h("div", { class: "line" }, ...fields, h("button", { class: "main", text: deed }), ...more));
    const button = h("button", { type: "button", "aria-expanded": "false", on: { click: () => {
      for (const panel of this.#panels) {
        const isOpen = panel.form === form && form.hidden;
        panel.form.hidden = !isOpen;
        panel.button.setAttribute("aria-expanded", String(isOpen));
      }
      if (!form.hidden) form.querySelector("input, select").focus();
    } } }, icon(picture), name);
    return { button, form };
  }

  #ask(what, more = {}) {
    this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, room: this.#room, ...more } }));
  }
}

customElements.define("room-card", RoomCard);
