// The agent's desk: signs in, rings, talks, and shows what is known.

import { Board } from "../console/board.js";
import { MediaError } from "../call/media.js";
import { failure, words } from "../call/words.js";
import { API } from "../modules/api.js";
import { h, icon, iconButton, reconcile, setText } from "../modules/dom.js";
import { shortAddress } from "../modules/people.js";
import { askToken, tokenButton } from "../modules/shell.js";
import { pageLanguage, speak } from "../modules/texts.js";
import { CallView } from "./call-view.js";
import { contextOf, merged, signedOf } from "./context.js";
import { Phone } from "./phone.js";
import { ringCard } from "./ring-card.js";
import { Ringer } from "./ringer.js";
import { dictionary } from "./texts.js";

const pollInterval = 2500;
const t = speak(dictionary);
const callWords = words[pageLanguage()];
const head = document.querySelector("site-head");
const notices = document.querySelector("notice-board");
const [signIn, form, stage, waiting, nobody, dial] =
  ["sign-in", "sign-in-form", "stage", "waiting", "nobody", "dial"].map((id) => document.getElementById(id));
const api = new API();
const board = new Board(api);
const phone = new Phone(h("audio"));
const ringer = new Ringer();
const signOut = iconButton("leave", t("signOut"), () => phone.signOut());
let view = null;
let isIn = false;

/** What fills the stage: an element, or the word that nothing is going on. */
function show(element) {
  view = element instanceof CallView ? element : null;
  stage.replaceChildren(element ?? h("div", { class: "card empty" }, icon("phone"),
    h("p", { text: t(isIn ? "idle" : "signedOut") }), isIn ? h("p", { class: "small", text: t("idleHow") }) : null));
}

function complain(error) {
  const word = error instanceof MediaError ? callWords[error.code] : error.status ? error.message : t("network");
  notices.show(word, true);
}

/** The call of this desk as the server sees it, and its room. */
function ownCall() {
  return board.calls.find((call) => call.state === "answered" && call.room &&
    phone.isOwn(call.direction === "outgoing" ? call.to : call.from)) ?? null;
}

function ownRoom() {
  const call = ownCall();
  return board.rooms.find((room) => room.name === call?.room) ?? null;
}

function update() {
  reconcile(waiting, board.rooms.filter((room) => room.members.length > 0), (room) => room.name, (room) =>
    h("div", { class: "person", role: "listitem" }, icon("mark"),
      h("div", { class: "who" }, h("div", { class: "name", text: room.name }), h("div", { class: "about" })),
      h("button", { type: "button", text: t("join"), "aria-label": t("joinRoom", { room: room.name }),
        on: { click: () => phone.dial(room.name).catch(complain) } })),
  (row, room) => {
    setText(row.querySelector(".about"), t("people", { count: room.members.length }));
    row.querySelector("button").hidden = !isIn || phone.call !== null;
  });
  nobody.hidden = waiting.childElementCount > 0;
  dial.hidden = !isIn || phone.call !== null;
  if (!view) return;
  const room = ownRoom();
  view.room = room;
  // What the others of the room brought along: the customer's context, whoever called whom.
  const others = board.calls.filter((call) => call.state !== "ended" && call.room && call.room === room?.name);
  view.known = merged([...others, view.brought]);
}

phone.addEventListener("user", ({ detail: { state, user, reason } }) => {
  if (state === "refused") setText(form.querySelector(".fault"), t("refused", { reason }));
  isIn = state === "registered" || state === "guest" || (state === "lost" && isIn);
  signIn.hidden = isIn;
  signOut.hidden = !isIn;
  if (isIn) head.setState(state === "lost" ? "lost" : "live", t(state, { user }));
  else head.setState("starting", t("signedOut"));
  if (!phone.call && !stage.querySelector(".ring")) show(null);
  update();
});

phone.addEventListener("ring", ({ detail: call }) => {
  document.title = call ? `☎ ${t("incoming")}` : t("title");
  if (!call) {
    ringer.stop();
    return show(null);
  }
  ringer.start();
  show(ringCard(t, call, { answer: () => phone.answer().catch(complain), decline: () => phone.decline() }));
  stage.querySelector(".answer button").focus();
});

phone.addEventListener("call", ({ detail: call }) => {
  ringer.stop();
  document.title = t("title");
  const { name, uri } = call.sip.remote;
  const brought = call.sip.isIncoming
    ? { context: contextOf(call.sip.invitation), signed: signedOf(call.sip.invitation) } : { context: {}, signed: [] };
  const element = new CallView(t, call, brought.context.customer || name || shortAddress(uri));
  element.brought = brought;
  show(element);
  element.focus();
  let wasConnected = false;
  call.addEventListener("state", ({ detail }) => {
    wasConnected ||= detail.state === "connected";
    if (detail.state === "ended") {
      // Why an incoming call did not come about was said when it was answered.
      const word = call.sip.isIncoming ? null : failure(detail.status);
      if (word || wasConnected) notices.show(word ? callWords[word] : t("ended"), Boolean(word));
      show(null);
    }
    board.refreshSoon();
    update();
  });
  update();
  board.refreshSoon();
});

const part = encodeURIComponent;
const deeds = {
  add: async ({ uri }) => {
    const room = ownRoom();
    if (!room) return t("noRoom");
    // What is known of the customer goes along, and what of it is signed stays signed.
    const calls = board.calls.filter((call) => call.state !== "ended" && call.room === room.name);
    const contextID = (calls.find((call) => call.signed.length > 0) ?? ownCall())?.contextID;
    await api.post("calls", { uri, room: room.name, context: ownCall()?.context ?? {}, contextID });
    return t("added", { uri });
  },
  record: async () => {
    const room = ownRoom();
    if (room?.recording) await api.patch(`recordings/${part(room.recording)}`, { action: "stop" });
    else if (room) await api.post(`rooms/${part(room.name)}/recordings`);
    if (view) view.isPaused = false;
  },
  pause: async ({ value }) => {
    const room = ownRoom();
    if (room?.recording) await api.patch(`recordings/${part(room.recording)}`, { action: value ? "pause" : "resume" });
  },
  say: async ({ text }) => text,
};

stage.addEventListener("deed", async ({ detail }) => {
  try {
    const said = await deeds[detail.what](detail);
    if (said) notices.show(said);
  } catch (error) {
    complain(error);
  }
  board.refreshSoon();
});

api.addEventListener("event", ({ detail: { name, values } }) => {
  if (name !== "recording" || !view || values.room !== ownRoom()?.name) return;
  view.isPaused = values.state === "paused";
});
board.addEventListener("change", update);

let isAsking = false;
async function refresh() {
  try {
    await board.refresh();
  } catch (error) {
    if (error.status !== 401 || isAsking) return;
    isAsking = true;
    const token = await askToken(api.token !== "");
    isAsking = false;
    if (token !== null) api.token = token;
  }
}
api.addEventListener("state", ({ detail }) => { if (detail !== "lost") refresh(); });
setInterval(() => { if (!document.hidden) board.refreshSoon(); }, pollInterval);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  setText(form.querySelector(".fault"), "");
  const { user, password } = form.elements;
  try {
    await phone.signIn(user.value.trim(), password.value);
  } catch {
    setText(form.querySelector(".fault"), t("network"));
  }
});
dial.addEventListener("submit", (event) => {
  event.preventDefault();
  phone.dial(dial.elements.uri.value.trim()).catch(complain);
});
addEventListener("pagehide", () => phone.signOut());

signOut.hidden = true;
head.end.append(tokenButton(api), signOut);
head.setState("starting", t("signedOut"));
show(null);
api.listen();
