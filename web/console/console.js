// The console: rooms, members, calls, as they are now, and what can be done with them.

import { API } from "../modules/api.js";
import { h, reconcile, setText } from "../modules/dom.js";
import { userOf } from "../modules/people.js";
import { askToken, tokenButton } from "../modules/shell.js";
import { speak } from "../modules/texts.js";
import { Board } from "./board.js";
import { CallRow } from "./call-row.js";
import { deeds } from "./deeds.js";
import { RoomCard } from "./room-card.js";
import { dictionary } from "./texts.js";

const pollInterval = 2500;
const levelInterval = 500;
const journalLength = 100;
const endedCalls = 5;

const t = speak(dictionary);
const api = new API();
const board = new Board(api);
const head = document.querySelector("site-head");
const notices = document.querySelector("notice-board");
const [facts, alerts, rooms, noRooms, calls, noCalls, journal, noJournal] =
  ["facts", "alerts", "rooms", "no-rooms", "calls", "no-calls", "journal", "no-journal"]
    .map((id) => document.getElementById(id));
const figures = new Map(["rooms", "members", "calls", "recordings", "load"].map((name) => {
  const value = h("dd", { text: "–" });
  facts.append(h("div", {}, h("dt", { text: t(name) }), value));
  return [name, value];
}));

function show() {
  const { status } = board;
  for (const name of ["rooms", "members", "calls", "recordings"]) setText(figures.get(name), String(status[name]));
  setText(figures.get("load"), `${Math.round(status.load * 100)} %`);
  const warnings = [...(status.draining ? [t("draining")] : []), ...status.alerts];
  alerts.hidden = warnings.length === 0;
  setText(alerts, warnings.join(" · "));
  reconcile(rooms, board.rooms, (room) => room.name, () => new RoomCard(t), (card, room) => {
    card.room = room;
    card.prompts = board.prompts;
  });
  noRooms.hidden = board.rooms.length > 0;
  const up = board.calls.filter((call) => call.state !== "ended");
  const ended = board.calls.filter((call) => call.state === "ended").sort((a, b) => (a.ended < b.ended ? 1 : -1));
  const shown = [...up.sort((a, b) => (a.started < b.started ? 1 : -1)), ...ended.slice(0, endedCalls)];
  reconcile(calls, shown, (call) => call.id, () => new CallRow(t), (row, call) => { row.call = call; });
  noCalls.hidden = shown.length > 0;
}

function note({ name, time, values }) {
  const key = name === "recording" ? `recording-${values.state}` : name;
  if (!(key in dictionary.en)) return;
  const told = { ...values };
  for (const part of ["from", "to", "uri"]) if (told[part]) told[part] = userOf(told[part]);
  told.name ||= told.uri ?? "?";
  const at = new Date(time).toLocaleTimeString(document.documentElement.lang);
  journal.prepend(h("li", {}, h("time", { datetime: time, text: at }), h("span", { text: t(key, told) })));
  while (journal.children.length > journalLength) journal.lastElementChild.remove();
  noJournal.hidden = true;
}

function complain(error) {
  notices.show(error.status === 0 ? t("network") : error.message, true);
}

let isAsking = false;

/** Asks for everything, and for a token where the server wants one. */
async function refresh() {
  try {
    await board.refresh();
  } catch (error) {
    if (error.status !== 401) return;
    if (isAsking) return;
    isAsking = true;
    head.setState("refused");
    const token = await askToken(api.token !== "");
    isAsking = false;
    if (token === null) {
      alerts.hidden = false;
      setText(alerts, t("noAccess"));
      return;
    }
    api.token = token;
  }
}

board.addEventListener("change", show);
api.addEventListener("event", ({ detail }) => note(detail));
api.addEventListener("state", ({ detail }) => {
  head.setState(detail);
  if (detail !== "lost") refresh();
});
document.addEventListener("deed", async ({ detail }) => {
  try {
    const said = await deeds[detail.what]({ ...detail, api, t });
    if (typeof said === "string") notices.show(said);
  } catch (error) {
    complain(error);
  }
  board.refreshSoon();
});
const isLooking = () => !document.hidden && head.querySelector("[data-state=live]");
setInterval(() => { if (isLooking()) board.refreshSoon(); }, pollInterval);
setInterval(() => { if (isLooking()) board.measure().catch(() => {}); }, levelInterval);

head.end.append(tokenButton(api));
api.listen();
