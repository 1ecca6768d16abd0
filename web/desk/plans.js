// What shall become of those whom the desk calls into the room, once they are there.

import { isInside } from "./hearing.js";

/** Ways to bring somebody in: heard by all at once, asked apart first, or instead of this desk. */
export const ways = ["join", "consult", "transfer"];

export class Plans {
  #plans = new Map();

  add(call, way, uri) { this.#plans.set(call, { way, uri }); }
  wayOf(call) { return this.#plans.get(call)?.way ?? "join"; }
  clear() { this.#plans.clear(); }

  /**
   * What is due by now, each once: { way, uri, member } where somebody is in the room, { way: "failed", uri, cause }
   * where nobody came.
   */
  due(calls, room) {
    const due = [];
    for (const [id, { way, uri }] of this.#plans) {
      const call = calls.find((call) => call.id === id);
      const member = room?.members.find((member) => member.call === id);
      if (call?.state === "ended") {
        if (!call.answered) due.push({ way: "failed", uri, cause: call.cause ?? "" });
        this.#plans.delete(id);
      } else if (call?.state === "answered" && member && isInside(member, room)) {
        due.push({ way, uri, member: member.id });
        this.#plans.delete(id);
      }
    }
    return due;
  }
}

/** The call whose context goes along: one that the shop has signed, else the customer's, else the desk's own. */
export function contextSource(calls, own) {
  const others = calls.filter((call) => call.id !== own?.id);
  return calls.find((call) => call.signed.length > 0) ??
    others.find((call) => call.direction === "incoming" && Object.keys(call.context).length > 0) ?? own ?? null;
}
