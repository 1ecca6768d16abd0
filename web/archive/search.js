// What the form asks for, as the query of the REST interface and of the page's own address.

const names = [
  "text", "order", "customer", "number", "agent", "room", "tag", "from", "to", "minimumDuration", "sort",
];

/** What is filled in, without what is as it always is. */
export function filledIn(form) {
  const values = new URLSearchParams();
  for (const name of names) {
    const value = form.elements[name].value.trim();
    if (value && !(name === "sort" && value === "-started")) values.set(name, value);
  }
  return values;
}

/** Fills the form in from an address. */
export function fillIn(form, values) {
  for (const name of names) {
    const value = values.get(name);
    if (value !== null) form.elements[name].value = value;
  }
}

/** Days of the person's own calendar as moments: from the first one's beginning to the last one's end. */
export function query(values) {
  const asked = new URLSearchParams(values);
  for (const [name, days] of [["from", 0], ["to", 1]]) {
    const day = asked.get(name);
    if (!day) continue;
    const date = new Date(`${day}T00:00:00`);
    date.setDate(date.getDate() + days);
    if (Number.isNaN(date.getTime())) asked.delete(name);
    else asked.set(name, date.toISOString());
  }
  return asked;
}
