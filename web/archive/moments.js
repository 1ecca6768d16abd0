// What happened in a recording, as a list in the order of time.

import { userOf } from "../modules/people.js";

/** Each with `at` and perhaps `to`, in seconds, `kind`, and `party` or `name`. */
export function moments(recording) {
  const all = recording.markers.map((marker) => ({ ...marker }));
  for (const { from, to } of recording.pauses) all.push({ kind: "pause", at: from, to });
  for (const { party, from, to } of recording.masks) all.push({ kind: "mask", at: from, to, party });
  const start = Date.parse(recording.started);
  for (const { party, heard } of recording.notices) {
    const at = (Date.parse(heard) - start) / 1000;
    if (at >= 0 && at <= recording.duration) all.push({ kind: "told", at, party });
  }
  return all.sort((a, b) => a.at - b.at);
}

/** Everybody who is heard in it, in the order of the first word; then the others. */
export function speakers(recording) {
  const heard = recording.markers.filter(({ kind }) => kind === "talking").map(({ party }) => party);
  return [...new Set([...heard, ...recording.parties])];
}

/** What to say of a moment. */
export function words(moment, t) {
  return t(moment.kind, { party: moment.party ? userOf(moment.party) : "", name: moment.name ?? "" });
}
