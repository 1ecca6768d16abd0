// What the buttons of the desk have the server do.

import { contextSource } from "./plans.js";

const part = encodeURIComponent;

/**
 * By the name of the deed; each gets its own details, `api`, `t`, the desk's `call` and `room` as the server sees them,
 * `calls` of that room, and the `plans`. Gives a text to show, or nothing.
 */
export const deeds = {
  bring: async ({ api, t, room, call, calls, plans, uri, way }) => {
    if (!room) return t("noRoom");
    // What is known of the customer goes along, and what of it is signed stays signed.
    const contextID = contextSource(calls, call)?.contextID;
    const role = way === "transfer" ? "agent" : "specialist";
    const made = await api.post("calls", { uri, room: room.name, role, context: call?.context ?? {}, contextID });
    plans.add(made.id, way, uri);
    return t("added", { uri });
  },
  cancel: ({ api, id }) => api.delete(`calls/${part(id)}`),
  consult: async ({ api, t, room, call, member }) => {
    if (!room || !call?.member) return t("noRoom");
    await api.post(`rooms/${part(room.name)}/consult`, { members: [call.member, member.id] });
  },
  merge: async ({ api, room }) => { if (room) await api.delete(`rooms/${part(room.name)}/consult`); },
  mask: async ({ api, room, member }) => {
    if (room) await api.patch(`rooms/${part(room.name)}/members/${part(member.id)}`, { masked: !member.masked });
  },
  supervise: async ({ api, room, call, mode }) => {
    if (!room || !call?.member) return;
    await api.put(`rooms/${part(room.name)}/members/${part(call.member)}/supervision`, { mode });
  },
  record: async ({ api, room }) => {
    if (room?.recording) await api.patch(`recordings/${part(room.recording)}`, { action: "stop" });
    else if (room) await api.post(`rooms/${part(room.name)}/recordings`);
  },
  pause: async ({ api, room, value }) => {
    if (room?.recording) await api.patch(`recordings/${part(room.recording)}`, { action: value ? "pause" : "resume" });
  },
  mark: async ({ api, t, room, text }) => {
    if (!room?.recording) return;
    await api.patch(`recordings/${part(room.recording)}`, { mark: text });
    return t("marked");
  },
  say: ({ text }) => text,
};
