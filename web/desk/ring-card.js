// A call that rings: who it is and what is known, before it is answered.

import { h, icon } from "../modules/dom.js";
import { face, shortAddress } from "../modules/people.js";
import { contextOf, signedOf } from "./context.js";
import { CustomerCard } from "./customer-card.js";

/** The card for a SIPCall; `act` has `answer` and `decline`. */
export function ringCard(t, call, act) {
  const { name, uri } = call.remote;
  const context = contextOf(call.invitation);
  const who = context.customer || name || shortAddress(uri);
  const customer = new CustomerCard(t);
  customer.show(context, signedOf(call.invitation));
  return h("div", { class: "card ring", role: "alertdialog", "aria-label": `${t("incoming")}: ${who}` },
    h("p", { class: "tag good", text: t("incoming") }),
    h("div", { class: "person", data: { talking: "" } }, face(who),
      h("div", { class: "who" }, h("h2", { text: who }), h("p", { class: "soft small", text: shortAddress(uri) }))),
    customer,
    h("div", { class: "row answer" },
      h("button", { type: "button", class: "main", on: { click: act.answer } }, icon("phone"), t("answer")),
      h("button", { type: "button", class: "danger", on: { click: act.decline } }, icon("phone-down"), t("decline"))));
}
