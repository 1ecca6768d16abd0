// Pictures: who is in the room by the server's document, and how good a picture is.

import assert from "node:assert/strict";
import test from "node:test";

import { SIPClient } from "../../web/call/client.js";
import { SIPCall } from "../../web/call/sip-call.js";
import { grade } from "../../web/video/pictures.js";
import { members, Roster } from "../../web/video/roster.js";
import { FarEnd, settle } from "./socket.mjs";

const user = (number, name, more = "", own = "") =>
  `<user entity="sip:u@x" state="full"${own}><display-text>${name}</display-text><roles><entry>participant</entry></roles>`
  + `<endpoint entity="sip:u@x;member=${number}"><status>connected</status><media id="1"><type>audio</type>`
  + `<src-id>${number}</src-id><status>sendrecv</status></media>${more}</endpoint></user>`;
const picture = '<media id="2"><type>video</type><src-id>8</src-id><status>sendrecv</status></media>';
const own = ' t:own="true" xmlns:t="urn:trialogue:conference"';
const document = (users) => `<conference-info><users>\r\n${users}</users></conference-info>`;

test("members are read with their numbers, names as text, and who is oneself", () => {
  const read = members(document(user(7, "A &lt;b&gt; &amp;amp; &quot;C&quot;", "", own) + user(8, "", picture)));
  assert.deepEqual(read.map(({ number }) => number), [7, 8]);
  assert.equal(read[0].name, 'A <b> &amp; "C"');
  assert.deepEqual(read.map(({ isOwn }) => isOwn), [true, false]);
  assert.deepEqual(read.map(({ hasPicture }) => hasPicture), [false, true]);
  assert.equal(read[1].name, "u");
  assert.deepEqual(members("nothing of the kind"), []);
});

test("the roster subscribes in the call and lists the others who are in", async () => {
  const far = new FarEnd();
  const client = new SIPClient({ url: "wss://far.example/sip", uri: "sip:a@anonymous.invalid", makeSocket: far.make });
  await client.connect();
  const call = new SIPCall(client, "sip:3000@far.example");
  const coming = far.next("INVITE");
  const answer = call.invite("offer");
  const invite = await coming;
  far.answer(invite, 200, "OK", [["Contact", "<sip:3000@far.example:5060>"]], "answer");
  await answer;
  const subscribing = far.next("SUBSCRIBE");
  const roster = new Roster(call);
  const subscribe = await subscribing;
  assert.equal(subscribe.get("Event"), "conference");
  assert.equal(subscribe.get("Call-ID"), invite.get("Call-ID"));
  assert.match(subscribe.get("Contact"), /transport=ws/);
  far.answer(subscribe, 200, "OK", [["Expires", "3600"]]);
  let changes = 0;
  roster.addEventListener("change", () => { changes += 1; });
  const pending = user(9, "Late").replace("<status>connected", "<status>pending");
  const supervisor = user(10, "Eve").replace("participant", "supervisor");
  const answered = far.next(200);
  far.ask(invite, "NOTIFY", 1, [["Event", "conference"], ["Subscription-State", "active;expires=3600"]],
    document(user(7, "Me", "", own) + user(8, "Bea", picture) + pending + supervisor));
  await answered;
  await settle();
  assert.equal(changes, 1);
  assert.deepEqual(roster.members.map(({ name }) => name), ["Bea"]);
  call.hangUp();
});

test("a picture is graded by loss, stops and frames", () => {
  const at = (seconds, frames, received, lost = 0, freezes = 0) => ({
    timestamp: seconds * 1000, framesDecoded: frames, packetsReceived: received, packetsLost: lost, freezeCount: freezes,
  });
  assert.equal(grade(at(0, 0, 0), at(2, 30, 200)), "good");
  assert.equal(grade(at(0, 0, 0), at(2, 30, 195, 5)), "fair");
  assert.equal(grade(at(0, 0, 0), at(2, 12, 200)), "fair");
  assert.equal(grade(at(0, 0, 0), at(2, 30, 180, 20)), "poor");
  assert.equal(grade(at(0, 0, 0), at(2, 30, 200, 0, 1)), "poor");
  assert.equal(grade(at(2, 30, 200), at(4, 30, 200)), "poor");
});
