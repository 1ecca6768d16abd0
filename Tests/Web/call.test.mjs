// The user agent against a scripted far end: calls, their ends, and what comes within them.

import assert from "node:assert/strict";
import test from "node:test";

import { SIPClient } from "../../web/call/client.js";
import { SIPCall } from "../../web/call/sip-call.js";
import { SIPMessage } from "../../web/call/message.js";
import { FarEnd, settle } from "./socket.mjs";

const contact = ["Contact", "<sip:3000@far.example:5060>"];

async function start(options = {}) {
  const far = new FarEnd();
  const client = new SIPClient({
    url: "wss://far.example/sip", uri: "sip:a@anonymous.invalid", name: "Anna", makeSocket: far.make, ...options,
  });
  await client.connect();
  return { far, client };
}

/** A call that is answered. */
async function connected(options) {
  const { far, client } = await start(options);
  const call = new SIPCall(client, "sip:3000@far.example");
  const states = [];
  call.addEventListener("state", ({ detail }) => states.push(detail.state));
  const coming = far.next("INVITE");
  const answer = call.invite("offer", [["X-Call-Cart", "3"], ["Authorization", "Bearer t"]]);
  const invite = await coming;
  const ack = far.next("ACK");
  far.answer(invite, 180, "Ringing");
  far.answer(invite, 200, "OK", [contact, ["Record-Route", "<sip:p2;lr>"], ["Record-Route", "<sip:p1;lr>"]], "answer");
  return { far, client, call, states, invite, answer: await answer, ack: await ack };
}

test("a call is placed as RFC 7118 wants it, answered and acknowledged", async () => {
  const { invite, answer, ack, states } = await connected();
  assert.match(invite.get("Via"), /^SIP\/2\.0\/WSS \w+\.invalid;branch=z9hG4bK/);
  assert.match(invite.get("Contact"), /^<sip:\w+@\w+\.invalid;transport=ws;ob>$/);
  assert.match(invite.get("Supported"), /outbound/);
  assert.match(invite.get("From"), /^"Anna" <sip:a@anonymous\.invalid>;tag=/);
  assert.equal(invite.get("Authorization"), "Bearer t");
  assert.equal(invite.get("X-Call-Cart"), "3");
  assert.equal(invite.get("To"), "<sip:3000@far.example>");
  assert.equal(answer, "answer");
  assert.equal(ack.uri, "sip:3000@far.example:5060");
  assert.deepEqual(ack.all("Route"), ["<sip:p1;lr>", "<sip:p2;lr>"]);
  assert.equal(ack.sequence.number, invite.sequence.number);
  assert.match(ack.get("To"), /;tag=far$/);
  assert.deepEqual(states, ["ringing", "answered"]);
});

test("a 200 that comes again is acknowledged again", async () => {
  const { far, invite } = await connected();
  const again = far.next("ACK");
  far.answer(invite, 200, "OK", [contact], "answer");
  await again;
});

test("BYE ends the call, whoever sends it", async () => {
  const here = await connected();
  const bye = here.far.next("BYE");
  here.call.hangUp();
  assert.match((await bye).get("To"), /;tag=far$/);
  assert.equal(here.call.state, "ended");
  const there = await connected();
  const ok = there.far.next(200);
  there.far.ask(there.invite, "BYE", 1);
  await ok;
  assert.equal(there.call.state, "ended");
  assert.equal(there.client.calls.size, 0);
});

const refusals = [[404, "Not Found"], [486, "Busy Here"], [488, "Not Acceptable"], [503, "Full"], [603, "Decline"]];
for (const [status, reason] of refusals) {
  test(`${status} ends the call with its status, and gets its ACK in the transaction`, async () => {
    const { far, client } = await start();
    const call = new SIPCall(client, "sip:3000@far.example");
    let end;
    call.addEventListener("state", ({ detail }) => { end = detail; });
    const coming = far.next("INVITE");
    const answer = call.invite("offer");
    const invite = await coming;
    const ack = far.next("ACK");
    far.answer(invite, status, reason);
    assert.equal(await answer, null);
    assert.equal((await ack).branch, invite.branch);
    assert.deepEqual(end, { state: "ended", status, reason });
  });
}

test("CANCEL waits for the first provisional response, and a 200 that crosses it is hung up", async () => {
  const { far, client } = await start();
  const call = new SIPCall(client, "sip:3000@far.example");
  const coming = far.next("INVITE");
  const answer = call.invite("offer");
  const invite = await coming;
  call.hangUp();
  await settle();
  assert.equal(far.sent.some((message) => message.method === "CANCEL"), false);
  const cancel = far.next("CANCEL");
  far.answer(invite, 100, "Trying");
  assert.equal((await cancel).branch, invite.branch);
  assert.equal((await cancel).get("CSeq"), `${invite.sequence.number} CANCEL`);
  const bye = far.next("BYE");
  far.answer(invite, 200, "OK", [contact], "answer");
  far.answer(await bye, 200, "OK");
  assert.equal(far.sent.some((message) => message.method === "ACK"), true);
  assert.equal(client.calls.size, 0);
  assert.equal(await answer, null);
});

test("a challenge is answered once", async () => {
  const { far, client } = await start({ authorize: async () => ["Authorization", "Digest x"] });
  const call = new SIPCall(client, "sip:3000@far.example");
  let coming = far.next("INVITE");
  const answer = call.invite("offer");
  const first = await coming;
  coming = far.next("INVITE");
  far.answer(first, 401, "Unauthorized");
  const second = await coming;
  assert.equal(second.get("Authorization"), "Digest x");
  assert.equal(second.sequence.number, first.sequence.number + 1);
  assert.notEqual(second.branch, first.branch);
  far.answer(second, 401, "Unauthorized");
  assert.equal(await answer, null);
});

test("digits go by INFO, one after the other, and nothing else does", async () => {
  const { far, call } = await connected();
  const digits = call.sendDigits("1x#");
  for (const digit of ["1", "#"]) {
    const info = await far.next("INFO").catch(() => null) ?? far.sent.at(-1);
    assert.equal(info.get("Content-Type"), "application/dtmf-relay");
    assert.match(info.body, new RegExp(`^Signal=${digit === "#" ? "#" : digit}\r\n`));
    far.answer(info, 200, "OK");
  }
  await digits;
});

test("chat goes both ways", async () => {
  const { far, call, invite } = await connected();
  const coming = far.next("MESSAGE");
  const taken = call.sendText("grüße");
  far.answer(await coming, 202, "Accepted");
  assert.equal(await taken, true);
  const heard = new Promise((resolve) => call.addEventListener("message", ({ detail }) => resolve(detail.body)));
  far.ask(invite, "MESSAGE", 5, [["Content-Type", "text/plain"]], "hello");
  assert.equal(await heard, "hello");
});

test("a re-INVITE is answered by the media, again until its ACK comes, and refused if the media cannot", async () => {
  const { far, call, invite } = await connected();
  call.renegotiate = async (offer) => `answer to ${offer}`;
  let ok = far.next(200);
  far.ask(invite, "INVITE", 1, [contact], "offer 2");
  assert.equal((await ok).body, "answer to offer 2");
  ok = far.next(200);
  await ok;
  far.ask(invite, "ACK", 1);
  const count = far.sent.length;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.equal(far.sent.length, count);
  call.renegotiate = async () => { throw new Error("no"); };
  const refusal = far.next(488);
  far.ask(invite, "INVITE", 2, [contact], "offer 3");
  await refusal;
});

test("an old CSeq is refused and an unknown method too", async () => {
  const { far, invite } = await connected();
  far.ask(invite, "INFO", 9);
  let refusal = far.next(500);
  far.ask(invite, "INFO", 3);
  await refusal;
  refusal = far.next(405);
  far.ask(invite, "PUBLISH", 10);
  assert.match((await refusal).get("Allow"), /INVITE/);
});

test("when the connection breaks the client opens another, and the call goes on in its dialog", async () => {
  const { far, client, call, invite } = await connected();
  const up = new Promise((resolve) => client.addEventListener("up", resolve, { once: true }));
  far.socket.close();
  await up;
  assert.equal(far.sockets.length, 2);
  const coming = far.next("INVITE");
  const answer = call.reinvite("new offer");
  const again = await coming;
  assert.equal(again.get("Call-ID"), invite.get("Call-ID"));
  assert.match(again.get("To"), /;tag=far$/);
  far.answer(again, 200, "OK", [contact], "new answer");
  assert.equal(await answer, "new answer");
  call.hangUp();
});

test("without a call there is no reason to come back", async () => {
  const { far, client } = await start();
  far.socket.close();
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(far.sockets.length, 1);
  assert.equal(client.isUp, false);
});

test("what is asked for when the connection breaks fails at once", async () => {
  const { far, client } = await start();
  const call = new SIPCall(client, "sip:3000@far.example");
  const coming = far.next("INVITE");
  const answer = call.invite("offer");
  await coming;
  far.isDead = true;
  far.socket.close();
  assert.equal(await answer, null);
  assert.equal(call.state, "ended");
});

test("a connection is closed when the BYE has its answer", async () => {
  const { far, client, call } = await connected();
  const coming = far.next("BYE");
  call.hangUp();
  client.close();
  assert.equal(far.socket.readyState, 1);
  far.answer(await coming, 200, "OK");
  await settle();
  assert.equal(far.socket.readyState, 3);
});

/** A call that rings here. */
async function ringing() {
  const { far, client } = await start({ uri: "sip:agent@far.example" });
  const coming = new Promise((resolve) => client.addEventListener("call", ({ detail }) => resolve(detail)));
  const provisional = far.next(180);
  const invite = new SIPMessage({ method: "INVITE", uri: "sip:agent@y.invalid" }, [
    ["Via", "SIP/2.0/WSS far;branch=z9hG4bK1"], ["From", '"Juliana" <sip:j@shop.example>;tag=far'],
    ["To", "<sip:agent@far.example>"], ["Call-ID", "in-1"], ["CSeq", "1 INVITE"], contact, ["X-Call-Order", "4711"],
  ], "offer");
  far.tell(invite);
  return { far, client, invite, call: await coming, provisional: await provisional };
}

test("a call rings with what its INVITE says, is answered with the tag of its ringing, and ended", async () => {
  const { far, call, provisional } = await ringing();
  assert.equal(call.invitation.get("X-Call-Order"), "4711");
  assert.deepEqual(call.remote, { name: "Juliana", uri: "sip:j@shop.example" });
  const ok = far.next(200);
  call.accept("answer");
  assert.equal((await ok).get("To"), provisional.get("To"));
  assert.equal((await ok).body, "answer");
  const bye = far.next("BYE");
  call.hangUp();
  assert.equal((await bye).get("To"), '"Juliana" <sip:j@shop.example>;tag=far');
  assert.equal((await bye).get("From"), provisional.get("To"));
  assert.equal((await bye).uri, "sip:3000@far.example:5060");
});

test("a call that rings is refused, or taken back", async () => {
  const refused = await ringing();
  const busy = refused.far.next(486);
  refused.call.hangUp();
  await busy;
  const cancelled = await ringing();
  const gone = cancelled.far.next(487);
  cancelled.far.tell(new SIPMessage({ method: "CANCEL", uri: "sip:agent@y.invalid" }, cancelled.invite.headers.map(
    ([name, value]) => [name, name === "CSeq" ? "1 CANCEL" : value])));
  await gone;
  assert.equal(cancelled.call.state, "ended");
});

test("what belongs to no call is told so", async () => {
  const { far } = await start();
  const refusal = far.next(481);
  far.tell(new SIPMessage({ method: "BYE", uri: "sip:x@y.invalid" }, [
    ["Via", "SIP/2.0/WSS far;branch=z9hG4bK9"], ["From", "<sip:a@b>;tag=1"], ["To", "<sip:c@d>;tag=2"],
    ["Call-ID", "none"], ["CSeq", "1 BYE"],
  ]));
  await refusal;
});
