// What the button shows: a button, and during a call a panel. It knows nothing of SIP.

import { look } from "./look.js";

const pictures = {
  phone: "M6.5 3.5h2.8l1.5 4-2 1.6a12 12 0 0 0 6 6l1.6-2 4.1 1.5v2.8a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7a2 2 0 0 1 "
    + "2-2.2z",
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
};

function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== "part") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function picture(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", pictures[name]);
  svg.append(path);
  return svg;
}

/** Builds into a shadow root; `act` has `call`, `hangup`, `mute`, `digit`, `say`. */
export class Panel {
  #t;
  #since = 0;
  #timer = null;

  constructor(root, t, act) {
    this.#t = t;
    root.adoptedStyleSheets = [look()];
    this.start = h("button", { type: "button", className: "start", part: "button", onclick: act.call },
      picture("phone"), h("slot", {}, t("call")));
    this.state = h("span", { part: "state" });
    this.time = h("time", { hidden: true, part: "time" });
    this.end = h("button", { type: "button", className: "end", part: "hangup", onclick: act.hangup });
    this.mute = h("button", { type: "button", part: "mute", onclick: act.mute, ariaPressed: "false" }, picture("mic"),
      h("span", {}, t("mute")));
    const keys = [..."123456789*0#"].map((digit) =>
      h("button", { type: "button", textContent: digit, onclick: () => act.digit(digit) }));
    this.keys = h("div", { className: "keys", role: "group", ariaLabel: t("keypad"), hidden: true }, ...keys);
    this.log = h("div", { className: "log", role: "log", ariaLabel: t("chat"), tabIndex: 0 });
    this.line = h("input", {
      placeholder: t("message"), ariaLabel: t("message"), maxLength: 1000, autocomplete: "off",
    });
    this.chat = h("div", { hidden: true, part: "chat" }, this.log, h("form", { onsubmit: (event) => {
      event.preventDefault();
      if (this.line.value.trim()) act.say(this.line.value.trim());
      this.line.value = "";
    } }, this.line, h("button", { type: "submit", textContent: t("send") })));
    this.player = h("audio", { autoplay: true });
    this.pictures = h("div", { part: "video" });
    this.talk = h("div", { className: "row" }, this.mute, this.#toggle(t("keypad"), this.keys),
      this.#toggle(t("chat"), this.chat));
    this.panel = h("section", { className: "panel", part: "panel", tabIndex: -1, ariaLabel: t("panel"), hidden: true },
      // Spoken when it changes; the running time is not.
      this.player, this.pictures, h("p", { className: "state" }, h("span", { role: "status" }, this.state), this.time),
      this.talk, this.keys, this.chat, h("div", { className: "row" }, this.end));
    this.fault = h("p", { className: "fault", part: "error", role: "alert", hidden: true });
    root.replaceChildren(this.start, this.panel, this.fault);
  }

  #toggle(name, content) {
    const button = h("button", { type: "button", textContent: name, ariaExpanded: "false", onclick: () => {
      content.hidden = !content.hidden;
      button.ariaExpanded = String(!content.hidden);
      if (!content.hidden) content.querySelector("input, button").focus();
    } });
    return button;
  }

  /** `state`: idle, preparing, calling, ringing, connected, reconnecting, ended. */
  show(state) {
    const isIdle = state === "idle" || state === "ended";
    const { activeElement } = this.panel.getRootNode();
    const wasHidden = this.panel.hidden;
    this.start.hidden = !isIdle;
    this.panel.hidden = isIdle;
    if (!isIdle) this.state.textContent = this.#t(state);
    const isUp = state === "connected" || state === "reconnecting";
    this.talk.hidden = !isUp;
    this.time.hidden = !isUp;
    this.end.textContent = this.#t(isUp ? "hangup" : "cancel");
    if (!isUp) this.#forget();
    if (state === "connected" && !this.#timer) {
      this.#since = Date.now();
      this.#timer = setInterval(() => this.#tick(), 1000);
      this.#tick();
    }
    // The focus goes along, but not to another button: a key that is held down would press it.
    if (activeElement === this.start && !isIdle) this.panel.focus();
    if (!wasHidden && isIdle && this.panel.contains(activeElement)) this.start.focus();
  }

  #forget() {
    clearInterval(this.#timer);
    this.#timer = null;
    for (const part of [this.keys, this.chat]) part.hidden = true;
    this.pictures.replaceChildren();
    for (const button of this.talk.querySelectorAll("[aria-expanded]")) button.ariaExpanded = "false";
    this.log.replaceChildren();
    this.showMute(false);
  }

  #tick() {
    const seconds = Math.floor((Date.now() - this.#since) / 1000);
    this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  showMute(isMuted) {
    this.mute.ariaPressed = String(isMuted);
    this.mute.lastElementChild.textContent = this.#t(isMuted ? "unmute" : "mute");
  }

  /** A line of the chat. */
  say(name, text) {
    this.log.append(h("p", {}, h("b", { textContent: name }), text));
    while (this.log.children.length > 100) this.log.firstElementChild.remove();
    if (this.chat.hidden) this.talk.lastElementChild.click();
    this.log.scrollTop = this.log.scrollHeight;
  }

  complain(text) {
    this.fault.hidden = text === "";
    this.fault.textContent = text;
  }
}
