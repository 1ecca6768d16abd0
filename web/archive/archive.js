// The archive: search, list, player.

import { API } from "../modules/api.js";
import { setText } from "../modules/dom.js";
import { askToken, tokenButton } from "../modules/shell.js";
import { speak } from "../modules/texts.js";
import { FoundRow } from "./found-row.js";
import "./player.js";
import { filledIn, fillIn, query } from "./search.js";
import { dictionary } from "./texts.js";

const pageLength = 50;

const t = speak(dictionary);
const api = new API();
const head = document.querySelector("site-head");
const notices = document.querySelector("notice-board");
const [form, player, list, count, nothing, more] =
  ["search", "player", "found", "count", "nothing", "more"].map((id) => document.getElementById(id));
const fault = form.querySelector(".fault");
let rows = [];
let opened = null;
let next = null;
/** Counts searches: an answer that is overtaken is dropped. */
let latest = 0;

function complain(error) {
  notices.show(error.status === 0 ? t("network") : error.message, true);
}

/** Asks; where the server wants a token, for that first. Null if none is given. */
async function asking(ask) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await ask();
      head.setState("live");
      return answer;
    } catch (error) {
      if (error.status !== 401 && error.status !== 403) {
        if (error.status === 0) head.setState("lost");
        throw error;
      }
      head.setState("refused");
      const token = await askToken(api.token !== "" || attempt > 0);
      if (token === null) {
        setText(fault, t("noAccess"));
        return null;
      }
      api.token = token;
    }
  }
}

async function search(cursor) {
  latest += 1;
  const number = latest;
  const values = filledIn(form);
  const language = new URLSearchParams(location.search).get("lang");
  const shown = new URLSearchParams(values);
  if (language) shown.set("lang", language);
  history.replaceState(null, "", `${location.pathname}${shown.size ? `?${shown}` : ""}${location.hash}`);
  const asked = query(values);
  asked.set("limit", pageLength);
  if (cursor) asked.set("cursor", cursor);
  setText(fault, "");
  try {
    const page = await asking(() => api.get(`recordings?${asked}`));
    if (page === null || number !== latest) return;
    show(page, cursor !== undefined);
  } catch (error) {
    if (number !== latest) return;
    setText(fault, error.status === 0 ? t("network") : error.message);
  }
}

function show(page, isMore) {
  if (!isMore) {
    list.replaceChildren();
    rows = [];
  }
  const first = rows.length;
  for (const recording of page.items) {
    const row = new FoundRow(t);
    row.show(recording, recording.id === opened);
    rows.push({ row, recording });
    list.append(row.element);
  }
  next = page.next ?? null;
  more.hidden = next === null;
  nothing.hidden = rows.length > 0;
  setText(count, t("count", { count: rows.length }));
  if (isMore) rows[first]?.row.element.querySelector("a").focus();
}

// The address says which recording is open, and at which moment: #r=ID&t=SECONDS

async function follow() {
  const place = new URLSearchParams(location.hash.slice(1));
  const id = place.get("r");
  if (!id || !/^[\w-]+$/.test(id)) return;
  const at = Number(place.get("t") ?? 0);
  try {
    const isNew = opened !== id;
    const answer = await asking(async () => { await player.open(id, Number.isFinite(at) ? at : 0); return true; });
    if (answer === null) return;
    opened = id;
    for (const { row, recording } of rows) row.show(recording, recording.id === opened);
    if (isNew) player.focus();
  } catch (error) {
    complain(error);
  }
}

function keepPlace(at) {
  if (!opened) return;
  const time = at > 0 ? `&t=${at.toFixed(1)}` : "";
  history.replaceState(null, "", `${location.pathname}${location.search}#r=${opened}${time}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
form.addEventListener("reset", () => setTimeout(search));
more.addEventListener("click", () => search(next));
player.setUp(api, t);
player.addEventListener("moved", ({ detail }) => keepPlace(detail));
player.addEventListener("said", ({ detail }) => notices.show(detail));
player.addEventListener("failed", ({ detail }) => complain(detail));
player.addEventListener("closed", () => {
  const former = opened;
  opened = null;
  history.replaceState(null, "", location.pathname + location.search);
  for (const { row, recording } of rows) {
    row.show(recording, false);
    if (recording.id === former) row.element.querySelector("a").focus();
  }
});
addEventListener("hashchange", follow);

head.end.append(tokenButton(api));
fillIn(form, new URLSearchParams(location.search));
await search();
await follow();
