// What a page says about its visitor, the words for failures, and how large the button is.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

import { contextHeaders, encoded, maximumLength, maximumValues } from "../../web/call/context.js";
import { failure, words } from "../../web/call/words.js";

const web = new URL("../../web/", import.meta.url);

test("context attributes become headers, percent-encoded", () => {
  assert.deepEqual(
    contextHeaders([["context-cart", "3 × jeans\r\nContact: x"], ["widget", "support"], ["context-order-id", "4711"]],
      "https://shop.example/jeans?x=1#top"),
    [["X-Call-Page", "https%3A%2F%2Fshop.example%2Fjeans%3Fx%3D1"],
      ["X-Call-Cart", "3%20%C3%97%20jeans%0D%0AContact%3A%20x"], ["X-Call-Order-Id", "4711"]]);
});

test("names that are none, empty values and what is too much are left out", () => {
  const many = Array.from({ length: 40 }, (_, index) => [`context-k${index}`, "v"]);
  assert.equal(contextHeaders(many, "x").length, maximumValues);
  const names = ["context-", "context-a b", "context-a:b", "context-page"];
  const none = [...names.map((name) => [name, "v"]), ["context-a", ""]];
  assert.equal(contextHeaders(none, "x").length, 1);
});

test("a value is cut at a whole character", () => {
  const value = encoded("é".repeat(100));
  assert.ok(value.length <= maximumLength);
  assert.equal(decodeURIComponent(value), "é".repeat(42));
  assert.equal(encoded("\ud800x"), "%EF%BF%BDx");
});

test("every failure has its words, in every language", () => {
  const codes = ["insecure", "unsupported", "denied", "missing", "busy", "network", "token"];
  for (let status = 300; status < 700; status += 1) {
    const code = failure(status);
    if (code) codes.push(code);
  }
  for (const language of Object.keys(words)) {
    for (const code of codes) assert.ok(words[language][code], `${language}: ${code}`);
    assert.deepEqual(Object.keys(words[language]), Object.keys(words.en));
  }
  assert.equal(failure(487), null);
  const own = ["denied", "missing", "busy", "network", "insecure", "occupied"].map((code) => words.en[code]);
  assert.equal(new Set(own).size, own.length);
});

test("the button is small", (context) => {
  const files = ["call-me.js", ...readdirSync(new URL("call/", web)).map((name) => `call/${name}`)];
  const sizes = files.map((name) => gzipSync(readFileSync(new URL(name, web)), { level: 9 }).length);
  const size = sizes.reduce((all, one) => all + one);
  context.diagnostic(`${files.length} files, ${size} octets gzipped`);
  assert.ok(size <= 20 * 1024, `${size} octets`);
});
