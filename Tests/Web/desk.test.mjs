// The desk's own parts that need no browser: digest, and what an INVITE says about the customer.

import assert from "node:assert/strict";
import test from "node:test";

import { SIPMessage } from "../../web/call/message.js";
import { contextOf, merged, ordered, signedOf } from "../../web/desk/context.js";
import { challenge, credentials, digestFor } from "../../web/desk/digest.js";
import { hearing, isInside } from "../../web/desk/hearing.js";
import { contextSource, Plans } from "../../web/desk/plans.js";

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

const member = (id, more = {}) => ({
  id, name: id, call: `c${id}`, muted: false, deaf: false, held: false, masked: false, ...more,
});

test("who hears the desk is told as it is", () => {
  const [own, other, third] = [member("own"), member("customer"), member("boss")];
  const heard = (members, more = {}, room = {}) => hearing({ members, ...room }, "own", more);
  assert.deepEqual(hearing(null, "own"), { kind: "unknown" });
  assert.deepEqual(heard([other]), { kind: "unknown" });
  assert.deepEqual(heard([own]), { kind: "alone" });
  assert.deepEqual(heard([own, other, third]), { kind: "all" });
  assert.deepEqual(heard([own, other], { isMuted: true }), { kind: "nobody", why: "muted" });
  assert.deepEqual(heard([own, other], { isHeld: true }), { kind: "nobody", why: "held" });
  assert.deepEqual(heard([member("own", { muted: true, heardBy: [] }), other]), { kind: "nobody", why: "muted" });
  assert.deepEqual(heard([member("own", { masked: true, heardBy: [] }), other]), { kind: "nobody", why: "masked" });
  assert.deepEqual(heard([own, member("customer", { deaf: true })]), { kind: "nobody", why: "deaf" });
  assert.deepEqual(heard([own, member("customer", { held: true, muted: true, heardBy: [] }), third]),
    { kind: "some", names: ["boss"] });
  const listener = member("own", { supervision: "listen", heardBy: [] });
  assert.deepEqual(heard([listener, other]), { kind: "nobody", why: "listen" });
  const whisperer = member("own", { supervision: "whisper", heardBy: ["boss"] });
  assert.deepEqual(heard([whisperer, other, third]), { kind: "some", names: ["boss"] });
  const apart = member("own", { heardBy: ["boss"] });
  assert.deepEqual(heard([apart, other, third], {}, { consult: ["own", "boss"] }), { kind: "some", names: ["boss"] });
});

test("who stands before the door is not in the room", () => {
  const room = { members: [] };
  assert.equal(isInside(member("a", { heardBy: [] }), room), false);
  assert.equal(isInside(member("a"), room), true);
  assert.equal(isInside(member("a", { heardBy: [], muted: true }), room), true);
  assert.equal(isInside(member("a", { heardBy: [], supervision: "listen" }), room), true);
  assert.deepEqual(hearing({ members: [member("own"), member("a", { heardBy: [] })] }, "own"), { kind: "alone" });
});

test("what was meant with a call is done once, when it is in the room", () => {
  const plans = new Plans();
  plans.add("cx", "consult", "sip:x@y");
  plans.add("cz", "transfer", "sip:z@y");
  const calls = [{ id: "cx", state: "ringing" }, { id: "cz", state: "trying" }];
  const room = { members: [member("own")] };
  assert.deepEqual([plans.wayOf("cx"), plans.wayOf("cz"), plans.wayOf("other")], ["consult", "transfer", "join"]);
  assert.deepEqual(plans.due([], room), [], "a call that the page has not heard of yet");
  assert.deepEqual(plans.due(calls, room), []);
  calls[0] = { id: "cx", state: "answered", answered: "now" };
  assert.deepEqual(plans.due(calls, room), [], "answered, but not in the room");
  room.members.push(member("x", { call: "cx", heardBy: [] }));
  assert.deepEqual(plans.due(calls, room), [], "before the door");
  room.members[1] = member("x", { call: "cx" });
  assert.deepEqual(plans.due(calls, room), [{ way: "consult", uri: "sip:x@y", member: "x" }]);
  assert.deepEqual(plans.due(calls, room), []);
  calls[1] = { id: "cz", state: "ended", cause: "486" };
  assert.deepEqual(plans.due(calls, room), [{ way: "failed", uri: "sip:z@y", cause: "486" }]);
  assert.deepEqual(plans.due(calls, room), []);
});

test("the customer's context goes along, a signed one before all", () => {
  const call = (id, direction, context, signed = []) => ({ id, direction, context, signed });
  const [own, customer] = [call("own", "incoming", {}), call("c", "incoming", { order: "1" })];
  assert.equal(contextSource([own, customer], own), customer);
  const signed = call("s", "outgoing", { order: "2" }, ["order"]);
  assert.equal(contextSource([own, customer, signed], own), signed);
  assert.equal(contextSource([own], own), own);
  assert.equal(contextSource([], null), null);
});
