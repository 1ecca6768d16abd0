// What all pages have: the head, notices, the question for a token, the question whether one is sure.

import { h, icon, iconButton, setText } from "./dom.js";
import { pageLanguage, texts } from "./texts.js";

const t = texts({
  en: {
    console: "Console", archive: "Archive", desk: "Desk", shop: "Shop", pages: "Pages", live: "Live",
    lost: "Reconnecting …",
    refused: "No access",
    starting: "Connecting …", skip: "Skip to the content", token: "Access token",
    tokenWhy: "This server asks for a token of its api.tokens. It stays in this tab only.", tokenName: "Token",
    wrong: "The server does not take this token.", use: "Use", cancel: "Cancel",
  },
  de: {
    console: "Konsole", archive: "Archiv", desk: "Arbeitsplatz", shop: "Laden", pages: "Seiten", live: "Verbunden",
    lost: "Verbinde neu …",
    refused: "Kein Zugang", starting: "Verbinde …", skip: "Zum Inhalt", token: "Zugangstoken",
    tokenWhy: "Dieser Server verlangt ein Token aus api.tokens. Es bleibt nur in diesem Tab.", tokenName: "Token",
    wrong: "Der Server nimmt dieses Token nicht an.", use: "Verwenden", cancel: "Abbrechen",
  },
}, pageLanguage());

const pages = [["console", "/"], ["archive", "/archive"], ["desk", "/desk"], ["shop", "/demo/shop"]];

/** `<site-head page="console">`: brand, pages, state of the connection, and what the page puts into `end`. */
class SiteHead extends HTMLElement {
  #state = h("span", { class: "state", role: "status", data: { state: "starting" }, text: t("starting") });
  #end = h("div", { class: "end" }, this.#state);

  connectedCallback() {
    const here = this.getAttribute("page");
    const query = location.search.includes("lang=") ? `?lang=${pageLanguage()}` : "";
    const links = pages.map(([name, address]) =>
      h("a", { href: address + query, text: t(name), "aria-current": name === here && "page" }));
    this.replaceChildren(
      h("a", { class: "skip", href: "#content", text: t("skip") }),
      h("header", { class: "head" },
        h("a", { class: "brand", href: "/" }, icon("mark"), "Trialogue"),
        h("nav", { "aria-label": t("pages") }, ...links),
        this.#end));
  }

  /** "starting", "live", "lost", "refused", or any other with a text of its own. */
  setState(state, text = t(state)) {
    this.#state.dataset.state = state;
    setText(this.#state, text);
  }

  /** Where a page's own buttons go. */
  get end() { return this.#end; }
}

/** `<notice-board>`: short notices that are spoken and go by themselves. */
class NoticeBoard extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
  }

  show(text, isBad = false) {
    const note = h("p", { text, class: isBad ? "bad" : "" });
    this.append(note);
    while (this.children.length > 3) this.firstElementChild.remove();
    setTimeout(() => note.remove(), isBad ? 8000 : 4000);
  }
}

customElements.define("site-head", SiteHead);
customElements.define("notice-board", NoticeBoard);

/** Opens a dialog with a form; gives what `read` says when it is sent, null when it is left. */
function question(content, accept, read, kind = "main") {
  return new Promise((resolve) => {
    const dialog = h("dialog", {}, h("form", { method: "dialog" }, ...content,
      h("div", { class: "row" },
        h("button", { type: "button", text: t("cancel"), on: { click: () => dialog.close() } }),
        h("button", { type: "submit", class: kind, value: "yes", text: accept }))));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? read() : null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks whether one is sure; `deed` names what is done. */
export async function isSure(text, deed) {
  return await question([h("p", { text })], deed, () => true, "danger") === true;
}

/** Asks for a token; null if none is given. `isWrong`: the one that was given before was refused. */
export function askToken(isWrong) {
  const field = h("input", {
    name: "token", type: "password", autocomplete: "off", required: true, spellcheck: "false",
  });
  return question([
    h("h2", { text: t("token") }), h("p", { class: "soft small", text: t("tokenWhy") }),
    isWrong ? h("p", { class: "notice small", text: t("wrong") }) : null,
    h("label", { class: "field" }, t("tokenName"), field),
  ].filter(Boolean), t("use"), () => field.value.trim());
}

/** The button that asks for a token. */
export function tokenButton(api) {
  return iconButton("key", t("token"), async () => {
    const token = await askToken(false);
    if (token !== null) api.token = token;
  });
}
