// One recording of the list.

import { h, reconcile, setAttribute, setText } from "../modules/dom.js";
import { duration, userOf } from "../modules/people.js";

/** `<li>`: when, where, who, how long; its link opens the player. */
export class FoundRow {
  #t;
  #when = h("time", {});
  #about = h("span", { class: "soft" });
  #who = h("span", { class: "who" });
  #length = h("span", { class: "numbers" });
  #tags = h("span", { class: "row tags" });
  #link = h("a", { class: "found-link" }, this.#when, this.#who, this.#about, this.#tags, this.#length);
  element = h("li", { class: "card" }, this.#link);

  constructor(t) { this.#t = t; }

  show(recording, isOpen) {
    const t = this.#t;
    this.#link.href = `#r=${recording.id}`;
    setAttribute(this.#link, "aria-current", isOpen && "true");
    this.#when.dateTime = recording.started;
    const style = { dateStyle: "medium", timeStyle: "short" };
    setText(this.#when, new Date(recording.started).toLocaleString(document.documentElement.lang, style));
    setText(this.#who, recording.parties.map(userOf).join(", "));
    const context = Object.entries(recording.context).slice(0, 4).map(([key, value]) => `${key}: ${value}`);
    setText(this.#about, [t("roomOf", { room: recording.room }), ...context].join(" · "));
    setText(this.#length, duration(recording.duration));
    const tags = [
      ...(recording.state === "finished" ? [] : [[t(recording.state), recording.state === "failed" ? "warn" : ""]]),
      ...(recording.legalHold ? [[t("held"), "good"]] : []), ...recording.tags.map((tag) => [tag, ""]),
    ];
    reconcile(this.#tags, tags, ([text]) => text, () => h("span"), (element, [text, kind]) => {
      element.className = `tag ${kind}`.trim();
      setText(element, text);
    });
  }
}
