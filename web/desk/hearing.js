// Who hears a member: what the server says, and what the browser alone knows of its own microphone.

/** In the room: one who still stands before the door, asked for a PIN, hears and is heard by nobody. */
export function isInside(member, room) {
  const { muted, masked, supervision, heardBy } = member;
  return room.consult !== undefined || heardBy === undefined || heardBy.length > 0 || muted || masked ||
    supervision !== undefined;
}

/**
 * `kind`: "unknown", "alone", "all", "some" (with `names`), or "nobody" (with `why`: "held", "muted", "masked",
 * "listen", "deaf"). `name` gives what a member is called.
 */
export function hearing(room, id, { isMuted = false, isHeld = false } = {}, name = (member) => member.name) {
  const own = room?.members.find((member) => member.id === id);
  if (!own) return { kind: "unknown" };
  if (isHeld || own.held) return { kind: "nobody", why: "held" };
  if (isMuted || own.muted) return { kind: "nobody", why: "muted" };
  if (own.masked) return { kind: "nobody", why: "masked" };
  const others = room.members.filter((member) => member.id !== id && isInside(member, room));
  if (others.length === 0) return { kind: "alone" };
  const audience = others.filter((member) =>
    !member.deaf && !member.held && (own.heardBy === undefined || own.heardBy.includes(member.id)));
  if (audience.length === others.length) return { kind: "all" };
  if (audience.length > 0) return { kind: "some", names: audience.map(name) };
  return { kind: "nobody", why: own.supervision === "listen" ? "listen" : "deaf" };
}
