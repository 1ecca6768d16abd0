// What the buttons of the console have the server do.

import { isSure } from "../modules/shell.js";

const part = encodeURIComponent;

/** By the name of the deed: what to ask of the server. Gives a text to show, or nothing. */
export const deeds = {
  mute: ({ api, room, member }) =>
    api.patch(`rooms/${part(room.name)}/members/${part(member.id)}`, { muted: !member.muted }),
  remove: async ({ api, t, room, member }) => {
    if (!await isSure(t("removeSure", { name: member.name || member.uri }), t("removeDo"))) return;
    await api.delete(`rooms/${part(room.name)}/members/${part(member.id)}`);
  },
  lock: ({ api, room, value }) => api.patch(`rooms/${part(room.name)}`, { locked: value }),
  "mute-all": ({ api, room, value }) => api.patch(`rooms/${part(room.name)}`, { allMuted: value }),
  close: async ({ api, t, room }) => {
    if (!await isSure(t("closeSure", { room: room.name }), t("close"))) return;
    await api.delete(`rooms/${part(room.name)}`);
  },
  record: ({ api, room }) => api.post(`rooms/${part(room.name)}/recordings`),
  "stop-record": ({ api, room }) => api.patch(`recordings/${part(room.recording)}`, { action: "stop" }),
  play: async ({ api, t, room, prompt, began }) => {
    began((await api.post(`rooms/${part(room.name)}/plays`, { prompts: [prompt] })).id);
    return t("played", { prompt: prompt.replaceAll("-", " "), room: room.name });
  },
  "stop-play": ({ api, room, play }) => api.delete(`rooms/${part(room.name)}/plays/${part(play)}`),
  dial: async ({ api, t, room, uri }) => {
    await api.post("calls", { uri, room: room.name });
    return t("dialled", { uri });
  },
  "hang-up": ({ api, call }) => api.delete(`calls/${part(call.id)}`),
};
