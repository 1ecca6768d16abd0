// One recording: heard, looked at, marked, taken along.

import { h, icon, iconButton, setAttribute, setIcon, setText } from "../modules/dom.js";
import { duration, userOf } from "../modules/people.js";
import { isSure } from "../modules/shell.js";
import { moments, speakers, words } from "./moments.js";
import { setColour } from "./wave-form.js";

const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2];
/** The wave form is drawn some time after a recording is closed. */
const peakDelays = [0, 700, 1500, 3000];

/** `<recording-player>`; its events: `moved` (seconds), `closed`, `failed` (an error), `said` (a text). */
export class RecordingPlayer extends HTMLElement {
  #api;
  #t;
  #recording = null;
  #ticket = "";
  #audio = h("audio", { preload: "auto" });
  #wave = document.createElement("wave-form");
  #title = h("h2");
  #toggle;
  #time = h("span", { class: "numbers" });
  #body = h("div", { class: "player-parts" });

  setUp(api, t) {
    this.#api = api;
    this.#t = t;
    this.#toggle = h("button", { type: "button", class: "main only-wide", on: { click: () => this.#playOrPause() } },
      icon("play"), h("span", { text: t("play") }));
    this.#wave.spoken = (time, length) => t("at", { time, length });
    setAttribute(this.#wave, "aria-label", t("position"));
    this.#wave.addEventListener("seek", ({ detail }) => this.seek(detail));
    for (const event of ["play", "pause", "ended"]) this.#audio.addEventListener(event, () => this.#showState());
    this.#audio.addEventListener("timeupdate", () => this.#showTime());
    this.#audio.addEventListener("seeked", () => this.#showTime());
  }

  get time() { return this.#audio.currentTime; }

  /** Opens a recording at a moment of it, in seconds. */
  async open(id, at = 0) {
    if (this.#recording?.id === id) return this.seek(at);
    this.#audio.pause();
    const [recording, { ticket }] = await Promise.all([
      this.#api.get(`recordings/${id}`), this.#api.post(`recordings/${id}/tickets`),
    ]);
    this.#recording = recording;
    this.#ticket = ticket;
    this.#build();
    this.hidden = false;
    this.#choose(recording.files.find(({ name }) => name.startsWith("mix."))?.name ?? recording.files[0]?.name);
    this.seek(at);
    this.#loadPeaks(id);
    this.#showAccesses();
  }

  close() {
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#recording = null;
    this.hidden = true;
    this.replaceChildren();
    this.dispatchEvent(new Event("closed"));
  }

  seek(seconds) {
    if (!this.#recording) return;
    this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#recording.duration);
    this.#wave.time = this.#audio.currentTime;
    this.#showTime();
    this.dispatchEvent(new CustomEvent("moved", { detail: this.#audio.currentTime }));
  }

  async #playOrPause() {
    if (!this.#audio.paused) return this.#audio.pause();
    try {
      await this.#audio.play();
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(new Error(this.#t("noSound")));
    }
  }

  #showState() {
    const isPlaying = !this.#audio.paused && !this.#audio.ended;
    setIcon(this.#toggle, isPlaying ? "pause" : "play");
    setText(this.#toggle.lastElementChild, this.#t(isPlaying ? "pausePlay" : "play"));
  }

  #showTime() {
    if (!this.#recording) return;
    this.#wave.time = this.#audio.currentTime;
    setText(this.#time, `${duration(this.#audio.currentTime)} / ${duration(this.#recording.duration)}`);
  }

  #fail(error) { this.dispatchEvent(new CustomEvent("failed", { detail: error })); }
  #say(text) { this.dispatchEvent(new CustomEvent("said", { detail: text })); }

  #address(name, more = "") {
    return `/api/v1/recordings/${this.#recording.id}/${name}?ticket=${this.#ticket}${more}`;
  }

  /** Which of the files is heard. */
  #choose(name) {
    if (!name) return;
    const at = this.#audio.currentTime;
    const wasPlaying = !this.#audio.paused;
    this.#audio.src = this.#address(`files/${name}`);
    this.#audio.currentTime = at;
    if (wasPlaying) this.#playOrPause();
  }

  async #loadPeaks(id) {
    for (const delay of peakDelays) {
      await new Promise((resume) => setTimeout(resume, delay));
      if (this.#recording?.id !== id) return;
      try {
        const peaks = await this.#api.get(`recordings/${id}/files/peaks.json`);
        if (this.#recording?.id === id) this.#wave.peaks = peaks;
        return;
      } catch (error) {
        if (error.status !== 404) return;
      }
    }
  }

  // What is shown

  #build() {
    const [recording, t] = [this.#recording, this.#t];
    const style = { dateStyle: "full", timeStyle: "medium" };
    setText(this.#title, t("roomOf", { room: recording.room }));
    const talks = recording.markers.filter(({ kind }) => kind === "talking");
    this.#wave.show({
      length: recording.duration,
      lanes: speakers(recording).map((party) => ({ party, intervals: talks.filter((talk) => talk.party === party) })),
      gaps: recording.pauses.map(({ from, to }) => ({ at: from, to: to ?? recording.duration })),
    });
    this.#body.replaceChildren(this.#moments(), this.#about());
    this.replaceChildren(h("section", { class: "card player", "aria-label": t("roomOf", { room: recording.room }) },
      h("div", { class: "player-head" },
        h("div", {}, this.#title, h("time", {
          class: "soft small", datetime: recording.started,
          text: new Date(recording.started).toLocaleString(document.documentElement.lang, style),
        })), iconButton("close", t("close"), () => this.close())),
      this.#wave, this.#legend(), this.#controls(), this.#body));
    this.#showState();
    this.#showTime();
  }

  #legend() {
    const entries = speakers(this.#recording).map((party) => {
      const entry = h("li", {}, h("i", { class: "swatch" }), userOf(party));
      setColour(entry, party);
      return entry;
    });
    return h("ul", { class: "legend", "aria-label": this.#t("speakers") }, ...entries);
  }

  #controls() {
    const t = this.#t;
    const speed = h("select", { on: { change: () => { this.#audio.playbackRate = Number(speed.value); } } },
      ...speeds.map((value) => h("option", { value, text: `${value} ×`, selected: value === 1 })));
    const files = this.#recording.files.map(({ name }) => {
      const party = this.#recording.tracks[name.split(".")[0]];
      return h("option", { value: name, text: party ? userOf(party) : t("mix") });
    });
    const track = h("select", { on: { change: () => this.#choose(track.value) } }, ...files);
    const link = iconButton("link", t("link"), () => this.#copyLink());
    const download = h("a", { class: "button", download: true, text: t("download") });
    const aim = () => { download.href = this.#address(`files/${track.value}`, "&download=1"); };
    track.addEventListener("change", aim);
    if (files.length) aim();
    this.#audio.playbackRate = 1;
    return h("div", { class: "row controls" }, this.#toggle, this.#time, this.#audio,
      h("label", { class: "inline" }, t("speed"), speed),
      files.length > 1 ? h("label", { class: "inline" }, t("wave"), track) : null,
      h("span", { class: "push" }), link, files.length ? download : null,
      h("a", { class: "button", download: true, href: this.#address("export"), text: t("whole") }));
  }

  #moments() {
    const t = this.#t;
    const list = h("ol", { class: "moments", tabindex: "0", "aria-label": t("moments") });
    const fill = (withSpeech) => list.replaceChildren(...moments(this.#recording)
      .filter(({ kind }) => withSpeech || kind !== "talking")
      .map((moment) => {
        const button = h("button", { type: "button", on: { click: () => this.seek(moment.at) } },
          h("span", { class: "numbers soft", text: duration(moment.at) }), h("i", { class: "swatch" }),
          h("span", { text: words(moment, t) }));
        if (moment.party) setColour(button, moment.party);
        else button.querySelector(".swatch").classList.add("none");
        return h("li", {}, button);
      }));
    const choice = h("select", { on: { change: () => fill(choice.value === "all") } },
      h("option", { value: "all", text: t("everything") }), h("option", { value: "few", text: t("withoutSpeech") }));
    fill(true);
    return h("section", {}, h("div", { class: "row" }, h("h3", { text: t("moments") }),
      h("label", { class: "inline push" }, t("show"), choice)), list);
  }

  #about() {
    const [recording, t] = [this.#recording, this.#t];
    const facts = [...Object.entries(recording.context), ...(recording.seal
      ? [["#", t("seal", { number: recording.seal.number })]] : [])];
    const tags = h("input", { name: "tags", value: recording.tags.join(", "), maxlength: 400, autocomplete: "off",
      placeholder: t("tagsHint") });
    const hold = h("button", { type: "button", on: { click: () => this.#toggleHold(hold) } });
    this.#showHold(hold);
    return h("section", { class: "customer" }, h("h3", { text: t("facts") }),
      h("dl", {}, ...facts.map(([key, value]) => h("div", {}, h("dt", { text: key }), h("dd", { text: value })))),
      h("form", { class: "line", on: { submit: (event) => this.#saveTags(event, tags) } },
        h("label", { class: "field" }, t("tags"), tags), h("button", { type: "submit", text: t("saveTags") })),
      h("div", { class: "row" }, hold),
      h("details", {}, h("summary", { text: t("accesses") }), h("ul", { class: "accesses small" })));
  }

  #showHold(button) {
    const isHeld = this.#recording.legalHold;
    button.replaceChildren(icon(isHeld ? "lock" : "unlock"), this.#t(isHeld ? "release" : "hold"));
    setAttribute(button, "aria-pressed", isHeld ? "true" : "false");
  }

  async #change(body) {
    this.#recording = await this.#api.patch(`recordings/${this.#recording.id}`, body);
    this.#say(this.#t("saved"));
  }

  async #saveTags(event, field) {
    event.preventDefault();
    const tags = field.value.split(",").map((tag) => tag.trim()).filter(Boolean);
    try {
      await this.#change({ tags });
      field.value = this.#recording.tags.join(", ");
    } catch (error) {
      this.#fail(error);
    }
  }

  async #toggleHold(button) {
    const t = this.#t;
    const isHeld = this.#recording.legalHold;
    if (isHeld && !await isSure(t("releaseSure"), t("releaseDo"))) return;
    try {
      await this.#change({ legalHold: !isHeld });
      this.#showHold(button);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #showAccesses() {
    const id = this.#recording.id;
    const { items } = await this.#api.get(`recordings/${id}/accesses`).catch(() => ({ items: [] }));
    const list = this.querySelector(".accesses");
    if (!list || this.#recording?.id !== id) return;
    const language = document.documentElement.lang;
    list.replaceChildren(...(items.length ? items.map(({ by, at, kind, file }) =>
      h("li", { text: `${new Date(at).toLocaleString(language)}: ${by} ${this.#t(kind)} ${file}` }))
      : [h("li", { text: this.#t("nobodyYet") })]));
  }

  async #copyLink() {
    const link = new URL(`#r=${this.#recording.id}&t=${this.#audio.currentTime.toFixed(1)}`, location.href).href;
    this.dispatchEvent(new CustomEvent("moved", { detail: this.#audio.currentTime }));
    try {
      await navigator.clipboard.writeText(link);
      this.#say(this.#t("linked"));
    } catch {
      this.#say(this.#t("linkFailed"));
    }
  }
}

customElements.define("recording-player", RecordingPlayer);
