// Small helpers for building elements. Text goes in as text: there is no way to put markup in by these.

/**
 * An element with its properties and children.
 * Properties: `class`, `text`, `data` (data attributes), `on` (listeners by event); the rest are attributes, where
 * `false` and `null` leave one out and `true` makes it empty.
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "text") element.textContent = value;
    else if (key === "class") element.className = value;
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "on") listen(element, value);
    else setAttribute(element, key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function listen(element, listeners) {
  for (const [event, listener] of Object.entries(listeners)) element.addEventListener(event, listener);
}

/** Sets, empties or removes an attribute, and touches nothing if it is so already. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets the text of an element, if it differs: a screen reader is not told the same twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const svg = "http://www.w3.org/2000/svg";

/** A picture of the sheet `icons.svg`. */
export function icon(name) {
  const element = document.createElementNS(svg, "svg");
  element.setAttribute("class", "icon");
  element.setAttribute("aria-hidden", "true");
  element.append(document.createElementNS(svg, "use"));
  setIcon(element, name);
  return element;
}

export function setIcon(element, name) {
  const use = element.querySelector("use");
  if (use && use.getAttribute("href") !== `/icons.svg#${name}`) use.setAttribute("href", `/icons.svg#${name}`);
}

/** A button that shows only a picture; its name is spoken and shown as a tip. */
export function iconButton(picture, name, act, kind = "") {
  const button = h("button", { type: "button", class: `only ${kind}`.trim(), on: { click: act } }, icon(picture));
  rename(button, name);
  return button;
}

/** Gives a button another name, spoken and shown. */
export function rename(button, name) {
  setAttribute(button, "title", name);
  setAttribute(button, "aria-label", name);
}

/**
 * Brings the children of `list` in line with `items`: one element for each key, in this order. An element whose place
 * is right is not moved, so that it keeps the focus.
 */
export function reconcile(list, items, key, make, update) {
  const present = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = present.get(name);
    present.delete(name);
    if (!element) {
      element = make(item);
      element.dataset.key = name;
    }
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const gone of present.values()) gone.remove();
}
