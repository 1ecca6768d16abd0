// A call at the desk: the voice, the customer, who else is in the room, messages.

import { h, icon, reconcile, setAttribute, setIcon, setText } from "../modules/dom.js";
import { nameOf } from "../call/message.js";
import { face, shortAddress } from "../modules/people.js";
import { pageLanguage } from "../modules/texts.js";
import { VideoGrid } from "../video/video-grid.js";
import { BringIn } from "./bring-in.js";
import { CustomerCard } from "./customer-card.js";
import { hearing, isInside } from "./hearing.js";
import { MemberRow } from "./member-row.js";
import { PartChoice } from "./part-choice.js";
import { RecordBar } from "./record-bar.js";

/**
 * `<call-view>`: made for a PhoneCall; asks by `deed` events (detail: what, and more) for what the server has to do.
 */
export class CallView extends HTMLElement {
  #t;
  #call;
  #state = h("span", { role: "status", class: "soft" });
  #quality = h("p", { class: "soft small numbers" });
  #mute;
  #hold;
  #heard = h("p", { class: "heard", role: "status" });
  #apart;
  #part;
  #record;
  #bringIn;
  #people = h("div", { role: "list" });
  #noRoom;
  #customer;
  #digits = h("output", { class: "digits numbers" });
  #log = h("div", { class: "chat-log", role: "log", tabindex: "0" });
  #timer = null;
  #room = null;
  #own = "";
  #pictures = new VideoGrid(pageLanguage());

  constructor(t, call, who) {
    super();
    this.#t = t;
    this.#call = call;
    this.#mute = this.#button("mic", t("mute"), () => this.#toggleMute());
    this.#hold = this.#button("pause", t("hold"), () => this.#toggleHold());
    [this.#part, this.#record, this.#bringIn] = [new PartChoice(t), new RecordBar(t), new BringIn(t)];
    this.#apart = h("div", { class: "notice row", hidden: true }, h("span", { text: t("consulting") }),
      h("button", { type: "button", class: "push", text: t("merge"), on: { click: () => this.#ask("merge") } }));
    this.#noRoom = h("p", { class: "small-empty", text: t("noRoom") });
    this.#customer = new CustomerCard(t);
    this.#customer.show({});
    const keypad = this.#keypad();
    this.append(
      h("article", { class: "card talk" },
        h("div", { class: "person" }, face(who), h("div", { class: "who" }, h("h2", { text: who }),
          h("p", { class: "row small" }, this.#state, h("time-since", { since: new Date().toISOString() }))),
          h("button", { type: "button", class: "end", on: { click: () => this.#call.hangUp() } }, icon("phone-down"),
            t("hangup"))),
        this.#heard, h("div", { class: "row" }, this.#mute, this.#hold, keypad.button), keypad.panel, this.#part,
        this.#pictures, this.#quality),
      h("div", { class: "pair" },
        h("section", { class: "card" }, h("h3", { text: t("customer") }), this.#customer),
        h("section", { class: "card" }, h("h3", { text: t("members") }), this.#apart, this.#people, this.#noRoom,
          this.#bringIn, this.#record)),
      h("section", { class: "card" }, h("h3", { text: t("chat") }), this.#log, this.#chatForm()));
    this.tabIndex = -1;
    call.addEventListener("state", () => this.#showState());
    call.addEventListener("message", ({ detail }) => this.say(nameOf(detail.from), detail.text));
    this.#showState();
  }

  #showState() {
    setText(this.#state, this.#t(this.#call.state));
    this.#mute.disabled = this.#hold.disabled = this.#call.state !== "connected";
    this.#showHearing();
    if (this.#call.state === "connected") this.#pictures.begin(this.#call);
  }

  connectedCallback() { this.#timer ??= setInterval(() => this.#measure(), 2000); }
  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** What is known of the customer: `context`, and the names in it that are `signed`. */
  set known({ context, signed }) { this.#customer.show(context, signed); }

  /**
   * The room of the call with its members, null while it is not known; `own`: the desk's member; `coming`: calls into
   * the room that ring.
   */
  update(whole, own, coming) {
    // Who is still being called has a place in the room already.
    const room = whole &&
      { ...whole, members: whole.members.filter((member) => !coming.some(({ id }) => id === member.call)) };
    this.#room = room;
    this.#own = own;
    this.#noRoom.hidden = room !== null;
    const isApart = Boolean(room?.consult?.includes(own));
    // The keyboard keeps its place.
    if (!isApart && this.#apart.contains(document.activeElement)) this.focus();
    this.#apart.hidden = !isApart;
    const isOpen = room?.consult === undefined;
    reconcile(this.#people, room?.members ?? [], (member) => member.id, () => new MemberRow(this.#t), (row, member) =>
      row.show(member, {
        isOwn: member.id === own, isApart: Boolean(room.consult?.includes(member.id)),
        canConsult: isOpen && isInside(member, room),
      }));
    this.#part.member = room?.members.find((member) => member.id === own);
    this.#record.room = room;
    this.#bringIn.hidden = room === null;
    this.#bringIn.coming = coming;
    this.#showHearing();
  }

  /** Who hears this desk, as it is. */
  #showHearing() {
    const t = this.#t;
    const { isMuted, isHeld, state } = this.#call;
    this.#heard.hidden = state !== "connected";
    const { kind, why, names = [] } = hearing(this.#room, this.#own, { isMuted, isHeld },
      (member) => member.name || shortAddress(member.uri));
    this.#heard.dataset.kind = kind;
    setText(this.#heard, t(kind === "nobody" ? `nobody-${why}` : `heard-${kind}`, { names: names.join(", ") }));
  }

  say(name, text) {
    this.#log.append(h("p", {}, h("b", { text: name }), " ", text));
    while (this.#log.children.length > 200) this.#log.firstElementChild.remove();
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #button(picture, name, act) {
    return h("button", { type: "button", "aria-pressed": "false", on: { click: act } }, icon(picture),
      h("span", { text: name }));
  }

  #name(button, picture, name, isPressed) {
    setIcon(button.firstElementChild, picture);
    setText(button.lastElementChild, name);
    setAttribute(button, "aria-pressed", isPressed ? "true" : "false");
  }

  #toggleMute() {
    this.#call.mute(!this.#call.isMuted);
    this.showMute();
  }

  showMute() {
    const { isMuted } = this.#call;
    this.#showHearing();
    this.#name(this.#mute, isMuted ? "mic-off" : "mic", this.#t(isMuted ? "unmute" : "mute"), isMuted);
  }

  async #toggleHold() {
    this.#hold.disabled = true;
    if (!await this.#call.hold(!this.#call.isHeld)) this.#ask("say", { text: this.#t("holdFailed") });
    const { isHeld } = this.#call;
    this.#showState();
    this.#name(this.#hold, isHeld ? "play" : "pause", this.#t(isHeld ? "unhold" : "hold"), isHeld);
  }

  #keypad() {
    const t = this.#t;
    setAttribute(this.#digits, "aria-label", t("digits"));
    const press = (digit) => {
      this.#digits.value = (this.#digits.value + digit).slice(-24);
      this.#call.sendDigits(digit).catch(() => {});
    };
    const keys = [..."123456789*0#"].map((digit) =>
      h("button", { type: "button", text: digit, on: { click: () => press(digit) } }));
    const panel = h("div", { hidden: true }, this.#digits,
      h("div", { class: "keypad", role: "group", "aria-label": t("keypad") }, ...keys));
    const button = h("button", { type: "button", "aria-expanded": "false", on: { click: () => {
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
    } } }, icon("keypad"), t("keypad"));
    return { panel, button };
  }

  #chatForm() {
    const t = this.#t;
    setAttribute(this.#log, "aria-label", t("chat"));
    const field = h("input", {
      name: "text", maxlength: 1000, autocomplete: "off", placeholder: t("message"), "aria-label": t("message"),
    });
    return h("form", { class: "line", on: { submit: async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      field.value = "";
      const isTaken = await this.#call.sendText(text).catch(() => false);
      if (isTaken) this.say(t("you"), text);
      else this.#ask("say", { text: t("notTaken") });
    } } }, h("div", { class: "field" }, field), h("button", { text: t("send") }));
  }

  async #measure() {
    const quality = await this.#call.media.quality().catch(() => null);
    if (!quality) return;
    const parts = [this.#t("quality", { lost: (quality.lost * 100).toFixed(1), jitter: quality.jitter })];
    if (quality.roundTrip !== undefined) parts.push(this.#t("delay", { delay: quality.roundTrip }));
    setText(this.#quality, parts.join(" · "));
  }

  #ask(what, more = {}) { this.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: { what, ...more } })); }
}

customElements.define("call-view", CallView);
