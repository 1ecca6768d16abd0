// What a page says about its visitor: `context-*` attributes and its address as X-Call-* headers.

export const maximumValues = 16;
/** Octets of an encoded value. */
export const maximumLength = 255;

/** Percent-encoded, cut at a whole character. */
export function encoded(text) {
  let result = "";
  for (const character of String(text)) {
    let next;
    try {
      next = encodeURIComponent(character);
    } catch {
      next = "%EF%BF%BD";
    }
    if (result.length + next.length > maximumLength) break;
    result += next;
  }
  return result;
}

/** Attributes as [name, value] pairs, and the page's address, as headers. Names are letters, digits and hyphens. */
export function contextHeaders(attributes, page) {
  const headers = [["X-Call-Page", encoded(page.split("#")[0])]];
  for (const [attribute, value] of attributes) {
    const name = /^context-([a-z0-9][a-z0-9-]{0,39})$/.exec(attribute)?.[1];
    if (!name || name === "page" || value === "" || headers.length >= maximumValues) continue;
    headers.push([`X-Call-${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}`, encoded(value)]);
  }
  return headers;
}
