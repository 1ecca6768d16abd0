// The desk's own parts that need no browser: digest, and what an INVITE says about the customer.

import assert from "node:assert/strict";
import test from "node:test";

import { SIPMessage } from "../../web/call/message.js";
import { contextOf, merged, ordered, signedOf } from "../../web/desk/context.js";
import { challenge, credentials, digestFor } from "../../web/desk/digest.js";

test("a challenge is read", () => {
  assert.deepEqual(challenge('Digest realm="a \\"b\\"", nonce="n", algorithm=SHA-256, qop="auth,auth-int", stale=true'),
    { realm: 'a "b"', nonce: "n", algorithm: "SHA-256", qop: "auth,auth-int", stale: "true" });
  assert.equal(challenge("Bearer realm=x"), null);
});

test("the credentials are those of RFC 7616, section 3.9.1", async () => {
  const value = await credentials(
    { realm: "http-auth@example.org", nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", qop: "auth, auth-int",
      opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS" },
    { user: "Mufasa", password: "Circle of Life", method: "GET", uri: "/dir/index.html",
      cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ" });
  assert.match(value, /response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"/);
  assert.match(value, /^Digest username="Mufasa", realm="http-auth@example\.org"/);
});

test("SHA-256 is chosen, MD5 is not spoken, and a refusal is not answered again", async () => {
  const authorize = digestFor("a", "b");
  const answer = (...challenges) =>
    new SIPMessage({ status: 401 }, challenges.map((value) => ["WWW-Authenticate", value]));
  const request = new SIPMessage({ method: "REGISTER", uri: "sip:x" });
  const both = answer(
    'Digest realm="r", nonce="n", algorithm=MD5', 'Digest realm="r", nonce="n2", algorithm=SHA-256, qop="auth"');
  const [name, value] = await authorize(both, request);
  assert.equal(name, "Authorization");
  assert.match(value, /nonce="n2"/);
  assert.equal(await authorize(answer('Digest realm="r", nonce="n", algorithm=MD5'), request), null);
  const second = new SIPMessage({ method: "REGISTER", uri: "sip:x" }, [[name, value]]);
  assert.equal(await authorize(both, second), null);
  const stale = answer('Digest realm="r", nonce="n3", algorithm=SHA-256, stale=TRUE');
  assert.match((await authorize(stale, second))[1], /nonce="n3"/);
});

test("the context of an INVITE is decoded and stays text", () => {
  const context = contextOf(new SIPMessage({ method: "INVITE", uri: "sip:x" }, [
    ["X-Call-Customer", "Juliana%20%3Cb%3E"], ["x-call-order", "4711"], ["X-Call-Bad", "100%"], ["X-Other", "no"],
    ["User-to-User", "68c3bc;encoding=hex"], ["Call-Info", "<https://shop.example/c/1>;purpose=info"],
  ]));
  assert.deepEqual(context, { customer: "Juliana <b>", order: "4711", bad: "100%", "user-to-user": "hü",
    "call-info": "https://shop.example/c/1" });
  assert.deepEqual(ordered({ x: "1", page: "2", customer: "3" }).map(([name]) => name), ["customer", "page", "x"]);
});

test("what the shop has signed is named by the server and is no value itself", () => {
  const request = new SIPMessage({ method: "INVITE", uri: "sip:x" }, [
    ["X-Call-Order", "4711"], ["X-Call-Page", "x"], ["X-Call-Signed", "order, Customer,"],
  ]);
  assert.deepEqual(contextOf(request), { order: "4711", page: "x" });
  assert.deepEqual(signedOf(request), ["order", "customer"]);
  assert.deepEqual(signedOf(new SIPMessage({ method: "INVITE", uri: "sip:x" })), []);
});

test("of several contexts what is signed goes before what is only said", () => {
  const known = merged([
    { context: { order: "1", cart: "1" } }, { context: { order: "4711", page: "a" }, signed: ["order"] },
    { context: { order: "2", cart: "3" }, signed: [] },
  ]);
  assert.deepEqual(known, { context: { order: "4711", cart: "3", page: "a" }, signed: ["order"] });
});
