// Messages: what is read, what is refused, and that what parses prints and parses again the same.

import assert from "node:assert/strict";
import test from "node:test";

import { address, nameOf, parameter, parse, quoted, SIPMessage } from "../../web/call/message.js";

const invite = [
  "INVITE sip:support@example.com SIP/2.0", "v: SIP/2.0/WSS abc.invalid;branch=z9hG4bKx", "Max-Forwards: 70",
  'f: "A \\"quoted\\" <name>" <sip:a@example.com>;tag=1', "To: <sip:support@example.com>", "i: call-1",
  "CSeq: 7 INVITE", "Subject: folded", "  over lines", "l: 4", "", "body",
].join("\r\n");

test("a request is read with compact names and folded lines", () => {
  const message = parse(invite);
  assert.equal(message.method, "INVITE");
  assert.equal(message.uri, "sip:support@example.com");
  assert.equal(message.get("Call-ID"), "call-1");
  assert.equal(message.get("Subject"), "folded over lines");
  assert.deepEqual(message.sequence, { number: 7, method: "INVITE" });
  assert.equal(message.branch, "z9hG4bKx");
  assert.equal(message.body, "body");
});

test("what parses prints and parses again the same", () => {
  const first = parse(invite);
  assert.deepEqual({ ...parse(first.toString()) }, { ...first });
});

test("the length counts octets", () => {
  const message = parse(invite);
  message.body = "grüße";
  assert.match(message.toString(), /Content-Length: 7\r\n\r\ngrüße$/);
});

test("what is no message is null", () => {
  const wrong = [
    "", "\r\n\r\n", "hello", "INVITE sip:a SIP/2.0\r\n\r\n", invite.replace("SIP/2.0", "SIP/3.0"),
    invite.replace("CSeq: 7", "CSeq: x"), invite.replace("Max-Forwards: 70", "no colon"),
    invite.replace("body", "b".repeat(70000)), null, undefined, new ArrayBuffer(8),
    `SIP/2.0 99 Low\r\n${invite.split("\r\n").slice(1).join("\r\n")}`,
  ];
  for (const text of wrong) assert.equal(parse(text), null, String(text).slice(0, 40));
});

test("no value makes a line of its own", () => {
  const headers = [["X-Call-Name", "a\r\nContact: <sip:evil@x>\n\nbody"]];
  const text = new SIPMessage({ method: "INFO", uri: "sip:a@b" }, headers).toString();
  assert.equal(text, "INFO sip:a@b SIP/2.0\r\nX-Call-Name: a Contact: <sip:evil@x> body\r\nContent-Length: 0\r\n\r\n");
});

test("parameters stand outside quotes and brackets", () => {
  assert.equal(parameter('"x;tag=no" <sip:a@b;tag=no>;tag=yes', "tag"), "yes");
  assert.equal(parameter("<sip:a@b;tag=no>", "tag"), undefined);
  assert.equal(parameter("<sip:a@b> ; TAG = yes ;x=1", "tag"), "yes");
});

test("addresses give name and URI", () => {
  assert.deepEqual(address('"A \\"q\\" <n>" <sip:a@b;x=1>;tag=1'), { name: 'A "q" <n>', uri: "sip:a@b;x=1" });
  assert.deepEqual(address("Anna Weber <sip:a@b>"), { name: "Anna Weber", uri: "sip:a@b" });
  assert.deepEqual(address("sip:a@b;tag=1"), { name: "", uri: "sip:a@b" });
  assert.equal(address(`${quoted('a"b\\c\r\nd')} <sip:a@b>`).name, 'a"b\\c d');
});

test("who writes is told by the display name, else by the user", () => {
  assert.equal(nameOf('"Anna Weber" <sip:3000@example.com>;tag=1'), "Anna Weber");
  assert.equal(nameOf("<sip:anna@example.com>;tag=1"), "anna");
  assert.equal(nameOf("sips:anna@example.com"), "anna");
});
