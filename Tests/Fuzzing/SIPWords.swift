/// Words of SIP's grammar for mutations, and messages to start from.
enum SIPWords {
  static let tokens = [
    "\r\n", "\r\n\r\n", "\n\n", "\r\n ", "\r\n\t", "\r", ": ", "SIP/2.0", "SIP/2.0 200 OK\r\n", "INVITE ", "ACK ",
    "CANCEL ", "sip:", "sips:", "tel:", "<sip:a@b>", ";tag=", ";lr", ";branch=z9hG4bK", ";rport", ";received=", "%00",
    "%FF", "%2", "\"", "\\", "\\\"", "<", ">", "[::1]", "[", "]", "@", "?", "&", "=", ",", ";", "(", ")",
    "Content-Length: ", "Content-Length: 0\r\n", "Content-Length: 99999999999999999999\r\n", "l: 5\r\n", "v: ",
    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n", "Contact: *\r\n", "m: ", "f: ", "t: ", "i: x\r\n", "CSeq: 1 INVITE\r\n",
    "Max-Forwards: 70\r\n", "Require: 100rel\r\n", "Expires: 4294967296\r\n", "Session-Expires: 90;refresher=uas\r\n",
    "Replaces: a;to-tag=b;from-tag=c;early-only\r\n", "Event: conference;id=1\r\n", "RAck: 1 1 INVITE\r\n",
    "Subscription-State: active;expires=60\r\n", "Reason: Q.850;cause=16;text=\"x\"\r\n", "Content-Type: ",
    "multipart/mixed;boundary=\"x\"", "application/sdp", "--x\r\n", "\r\n--x--\r\n", "Authorization: Digest ",
    "username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:a\", response=\"0\"", "qop=auth, nc=00000001, cnonce=\"c\"",
    "algorithm=SHA-256", "algorithm=MD5-sess", "userhash=true", "stale=true", "\u{0}", "é", "\u{301}", "ß",
  ]

  static let messages: [[UInt8]] = [
    """
    INVITE sip:3000@example.com SIP/2.0
    Via: SIP/2.0/TCP client.example.com:5060;branch=z9hG4bK74bf9;rport
    Max-Forwards: 70
    From: "Alice \\"A\\"" <sip:alice@example.com;transport=tcp>;tag=9fxced76sl
    To: Bob <sip:bob%20b@[2001:db8::1]:5070;user=phone?X=1>
    Call-ID: 3848276298220188511@example.com
    CSeq: 1 INVITE
    Contact: <sip:alice@client.example.com;transport=tcp>, <tel:+1>;q=0.5
    Session-Expires: 1800;refresher=uac
    Content-Type: multipart/mixed; boundary=x
    Content-Length: 76

    --x
    Content-Type: application/sdp

    v=0
    --x
    Content-Type: text/plain
     ; a=b

    --x--

    """,
    """
    SIP/2.0 401 Unauthorized
    v: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK2;received=192.0.2.101;rport=5060, SIP/2.0/UDP [::1]
    f: <sip:a@b>;tag=1
    t: <sip:a@b>;tag=2
    i: 1
    CSeq: 2 REGISTER
    WWW-Authenticate: Digest realm="r", nonce="abc", algorithm=SHA-256, qop="auth,auth-int", opaque="o"
    l: 0


    """,
    """
    PRACK sip:a@192.0.2.1 SIP/2.0
    Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK3
    From: sip:a@b;tag=1
    To: sip:b@c;tag=2
    Call-ID: 1
    CSeq: 3 PRACK
    RAck: 776656 1 INVITE
    Authorization: Digest username="u", realm="r", nonce="n", uri="sip:a@192.0.2.1", response="0123", algorithm=MD5, \
    cnonce="c", qop=auth, nc=00000001
    Event: conference;id=7
    Subscription-State: terminated;reason=noresource
    Reason: Q.850;cause=16;text="done"
    Replaces: 1;to-tag=2;from-tag=3;early-only
    Retry-After: 120 (I am busy);duration=60


    """,
  ].map { Array($0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8) }

  static var seeds: [[UInt8]] {
    messages
      + Seeds.files(
        "sip/rfc4475", "sip/rfc5118", "sip/sofia-sip", "sip/kamailio", "sip/phones", "fuzz/pjproject/sip",
        "fuzz/pjproject/sip-dialog")
  }
}
