// The recording of the room: begins, pauses, ends it, and marks moments in it.

import { h, icon, setAttribute, setIcon, setText } from "../modules/dom.js";

/** `<record-bar>`: set `room`; asks by `deed` events "record", "pause" (detail: value) and "mark" (detail: text). */
export class RecordBar extends HTMLElement {
  #t;
  #isPaused = false;
  #tag = h("span", { class: "tag rec", role: "status" });
  #record;
  #pause;
  #mark;

  constructor(t) {
    super();
    this.#t = t;
    this.#record = this.#button("record", () => this.#ask("record"));
    this.#pause = this.#button("pause", () => this.#ask("pause", { value: !this.#isPaused }));
    const words = h("input", {
      name: "mark", maxlength: 85, autocomplete: "off", placeholder: t("markWhy"), "aria-label": t("markWhy"),
    });
    this.#mark = h("form", { class: "line", on: { submit: (event) => {
      event.preventDefault();
      this.#ask("mark", { text: words.value.trim() });
      words.value = "";
    } } }, h("div", { class: "field" }, words), h("button", {}, icon("flag"), t("mark")));
    this.append(h("div", { class: "row" }, this.#record, this.#pause, this.#tag), this.#mark);
  }

  set room(room) {
    const t = this.#t;
    const isRecorded = Boolean(room?.recording);
    this.#isPaused = Boolean(room?.recordingPaused);
    this.hidden = room === null;
    this.#pause.hidden = this.#mark.hidden = this.#tag.hidden = !isRecorded;
    setText(this.#tag, isRecorded ? t(this.#isPaused ? "paused" : "recording") : "");
    this.#name(this.#record, isRecorded ? "stop" : "record", t(isRecorded ? "stopRecord" : "record"), isRecorded);
    this.#name(this.#pause, this.#isPaused ? "play" : "pause", t(this.#isPaused ? "resumeRecord" : "pauseRecord"),
      this.#isPaused);
  }

  #button(picture, act) {
    return h("button", { type: "button", "aria-pressed": "false", on: { click: act } }, icon(picture), h("span"));
  }

  #name(button, picture, name, isPressed) {
    setIcon(button.firstElementChild, picture);
    setText(button.lastElementChild, name);
    setAttribute(button, "aria-pressed", isPressed ? "true" : "false");
  }

  #ask(what, more = {}) { this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, ...more } })); }
}

customElements.define("record-bar", RecordBar);
