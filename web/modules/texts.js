// Which language a page speaks, and its texts.

export const languages = ["en", "de"];

/** The language: `?lang=`, else the first of the browser's that we speak, else English. */
export function pageLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, ...(navigator.languages ?? [])].filter(Boolean).map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.find((tag) => languages.includes(tag)) ?? "en";
}

/** A function that gives the text of a key with `{name}` filled in. `dictionary` is language → key → text. */
export function texts(dictionary, language) {
  const own = { ...dictionary.en, ...dictionary[language] };
  return (key, values = {}) => (own[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const attributes = { label: "aria-label", hint: "placeholder", alt: "alt" };

/** Fills in what stands in the page itself: `data-text`, and attributes for `data-label`, `data-hint`, `data-alt`. */
export function applyTexts(root, t) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const [place, attribute] of Object.entries(attributes)) {
    for (const element of root.querySelectorAll(`[data-${place}]`)) {
      element.setAttribute(attribute, t(element.dataset[place]));
    }
  }
}

/** Sets the page's language, fills in its texts and title, and gives its text function. */
export function speak(dictionary) {
  const language = pageLanguage();
  document.documentElement.lang = language;
  const t = texts(dictionary, language);
  applyTexts(document, t);
  if (dictionary.en.title) document.title = t("title");
  return t;
}
