// What a call says about its customer, as the desk shows it.

const kept = 24;

function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** User-to-User (RFC 7433) as text, if it is text. */
function userToUser(value) {
  const [data] = value.split(";");
  if (!/;\s*encoding=hex/i.test(value) || !/^([0-9a-f]{2})+$/i.test(data)) return data;
  const octets = new Uint8Array(data.match(/../g).map((pair) => parseInt(pair, 16)));
  return new TextDecoder().decode(octets);
}

/** The context in an INVITE: X-Call-* headers, User-to-User, Call-Info; as name → value. */
export function contextOf(request) {
  const context = {};
  for (const [name, value] of request.headers) {
    const short = /^x-call-(.+)$/i.exec(name)?.[1].toLowerCase();
    if (short && short !== "signed" && Object.keys(context).length < kept) context[short] = decoded(value);
  }
  const more = request.get("User-to-User");
  if (more) context["user-to-user"] = userToUser(more);
  const info = /<(https?:[^>]+)>/.exec(request.get("Call-Info") ?? "")?.[1];
  if (info) context["call-info"] = info;
  return context;
}

/** Names in it that the shop has signed: our server says so, and takes this header from nobody else. */
export function signedOf(request) {
  const names = (request.get("X-Call-Signed") ?? "").split(",");
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
}

/** One of several, each with `context` and `signed`: what comes later wins, but never over what is signed. */
export function merged(all) {
  const context = {};
  const signed = new Set();
  for (const { context: values, signed: names = [] } of all) {
    for (const [name, value] of Object.entries(values)) {
      if (names.includes(name)) signed.add(name);
      else if (signed.has(name)) continue;
      context[name] = value;
    }
  }
  return { context, signed: [...signed] };
}

/** First what says who it is, then the rest as it came. */
export function ordered(context) {
  const first = ["customer", "name", "order", "item", "cart", "page"];
  const place = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  return Object.entries(context).sort(([a], [b]) => place(a) - place(b));
}
