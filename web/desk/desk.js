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
import { deeds } from "./deeds.js";
import { isInside } from "./hearing.js";
import { Phone } from "./phone.js";
import { Plans } from "./plans.js";
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
const plans = new Plans();
const signOut = iconButton("leave", t("signOut"), () => phone.signOut());
let view = null;
let isIn = false;
/** A call that came in unheard, to listen. */
let listening = null;

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
      h("div", { class: "deeds" }, iconButton("ear", t("listenTo", { room: room.name }), () => listen(room.name)),
        h("button", { type: "button", text: t("join"), "aria-label": t("joinRoom", { room: room.name }),
          on: { click: () => phone.dial(room.name).catch(complain) } }))),
  (row, room) => {
    const count = room.members.filter((member) => isInside(member, room)).length;
    setText(row.querySelector(".about"), t("people", { count }));
    row.querySelector(".deeds").hidden = !isIn || phone.call !== null;
  });
  nobody.hidden = waiting.childElementCount > 0;
  dial.hidden = !isIn || phone.call !== null;
  if (!view) return;
  const [room, calls] = [ownRoom(), roomCalls()];
  const coming = calls.filter((call) => call.direction === "outgoing" && ["trying", "ringing"].includes(call.state));
  view.update(room, ownCall()?.member ?? "", coming.map((call) => ({ ...call, way: plans.wayOf(call.id) })));
  // What the others of the room brought along: the customer's context, whoever called whom.
  view.known = merged([...calls, view.brought]);
  for (const due of plans.due(board.calls, room)) follow(due, room);
  if (listening) becomeListener(room);
}

/** The calls of this desk's room that are up. */
function roomCalls() {
  const room = ownRoom();
  return board.calls.filter((call) => call.state !== "ended" && call.room && call.room === room?.name);
}

/** Somebody who was called has come, or does not. */
async function follow({ way, uri, member, cause }, room) {
  const who = shortAddress(uri);
  if (way === "failed") return notices.show(t("notReached", { uri: who, cause }), true);
  if (way === "transfer") {
    notices.show(t("takenOver", { uri: who }));
    phone.call?.hangUp();
  } else if (way === "consult") {
    await perform("consult", { member: room.members.find(({ id }) => id === member) });
  }
}

/** Into a room without a word, to listen. */
async function listen(room) {
  try {
    await phone.dial(room, { isMuted: true });
    listening = phone.call && { call: phone.call, room };
  } catch (error) {
    complain(error);
  }
}

/** Unmuted only when the server keeps the voice from all; without its leave the call ends. */
async function becomeListener(room) {
  const own = room?.members.find((member) => member.id === ownCall()?.member);
  if (!own || room.name !== listening.room || !isInside(own, room)) return;
  const { call } = listening;
  listening = null;
  if (!await perform("supervise", { mode: "listen" })) return call.hangUp();
  call.mute(false);
  view?.showMute();
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
      plans.clear();
      listening = null;
      show(null);
    }
    board.refreshSoon();
    update();
  });
  update();
  board.refreshSoon();
});

/** True if the server did it. */
async function perform(what, detail) {
  let isDone = true;
  try {
    const said = await deeds[what]({ api, t, plans, room: ownRoom(), call: ownCall(), calls: roomCalls(), ...detail });
    if (typeof said === "string") notices.show(said);
  } catch (error) {
    isDone = false;
    complain(error);
  }
  board.refreshSoon();
  return isDone;
}

stage.addEventListener("deed", ({ detail: { what, ...detail } }) => perform(what, detail));
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
