// The shop of the demo: a page that knows nothing of telephony, but for one element.

import "../call-me.js";
import { h } from "../modules/dom.js";
import "../modules/shell.js";
import { speak } from "../modules/texts.js";

const t = speak({
  en: {
    title: "Blaufaden: your order", hello: "Hello, Juliana", delivered: "Delivered yesterday",
    item: "Straight jeans “Elbe”",
    detail: "Size 29/32 · indigo · order 4711", picture: "Blue jeans with a tear at the knee",
    story: "Something wrong with them? A torn knee is no way to start. Talk to us: we see your order already.",
    how: "The call goes by your browser: no phone, no number. You will be asked for the microphone.", call: "Call us",
    sumGoods: "Jeans", sumShipping: "Shipping", sumTotal: "Total", behind: "What stands in this page",
    events: "What the button says:", ready: "Demo shop",
  },
  de: {
    title: "Blaufaden: Ihre Bestellung", hello: "Hallo, Juliana", delivered: "Gestern geliefert",
    item: "Gerade Jeans „Elbe“",
    detail: "Größe 29/32 · Indigo · Bestellung 4711", picture: "Blaue Jeans mit einem Riss am Knie",
    story: "Stimmt etwas nicht? So ein Riss am Knie ist kein Anfang. Sprechen Sie mit uns: wir sehen Ihre Bestellung.",
    how: "Der Anruf geht über Ihren Browser: kein Telefon, keine Nummer. Sie werden nach dem Mikrofon gefragt.",
    call: "Rufen Sie uns an", sumGoods: "Jeans", sumShipping: "Versand", sumTotal: "Summe",
    behind: "Was in dieser Seite steht",
    events: "Was der Knopf sagt:", ready: "Vorführladen",
  },
});

const button = document.getElementById("button");
button.lang = document.documentElement.lang;
const events = document.getElementById("events");
document.querySelector("site-head").setState("shop", t("ready"));
document.getElementById("markup").textContent =
  `<script type="module" src="${location.origin}/call-me.js"></script>\n${button.outerHTML.replace(/\s+/g, " ")}`;

for (const name of ["call-state", "call-error"]) {
  button.addEventListener(name, ({ detail }) => {
    events.append(h("li", {}, h("time", { text: new Date().toLocaleTimeString(document.documentElement.lang) }),
      h("span", { text: `${name}: ${detail.text ?? detail.state}` })));
  });
}
