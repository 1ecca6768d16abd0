// Digest authentication with SHA-256: RFC 7616 and RFC 8760. MD5 is not offered to be spoken.

import { token } from "../call/message.js";

async function hash(text) {
  const octets = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

const parameter = /([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g;

/** The parameters of a challenge. */
export function challenge(value) {
  if (!/^digest\s/i.test(value)) return null;
  const parameters = {};
  for (const [, name, quoted, plain] of value.slice(7).matchAll(parameter)) {
    parameters[name.toLowerCase()] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
  }
  return parameters;
}

/** The credentials for a challenge's parameters. `cnonce` is for tests. */
export async function credentials({ realm, nonce, qop, opaque }, { user, password, method, uri, cnonce = token() }) {
  const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const secret = await hash(`${user}:${realm}:${password}`);
  const deed = await hash(`${method}:${uri}`);
  const useQuality = (qop ?? "").split(",").some((word) => word.trim() === "auth");
  const count = "00000001";
  const response = await hash(
    useQuality ? `${secret}:${nonce}:${count}:${cnonce}:auth:${deed}` : `${secret}:${nonce}:${deed}`);
  return `Digest ${[
    `username=${quoted(user)}`, `realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri=${quoted(uri)}`,
    `response="${response}"`, "algorithm=SHA-256", ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(useQuality ? ["qop=auth", `nc=${count}`, `cnonce="${cnonce}"`] : []),
  ].join(", ")}`;
}

/**
 * For SIPClient: answers the first challenge with SHA-256; null where there is none, or the same was refused before.
 */
export function digestFor(user, password) {
  return async (response, request) => {
    const isOwn = response.status === 401;
    const [from, to] = isOwn ? ["WWW-Authenticate", "Authorization"] : ["Proxy-Authenticate", "Proxy-Authorization"];
    const found = response.all(from).map(challenge).find((one) => one?.algorithm?.toUpperCase() === "SHA-256");
    if (!found || (request.get(to) && found.stale?.toLowerCase() !== "true")) return null;
    return [to, await credentials(found, { user, password, method: request.method, uri: request.uri })];
  };
}
