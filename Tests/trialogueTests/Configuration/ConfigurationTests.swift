import Application
import Codecs
import Foundation
import Primitives
import Runtime
import SIP
import Testing

@testable import trialogue

/// A configuration is right, or everything that is wrong is told with its place.
@Suite struct ConfigurationTests {
  @Test func everyKeyIsTaken() throws {
    let configuration = try Reading.read(
      """
      server: {domain: conf.example, public_address: 192.0.2.1}
      listen:
        sip: [udp 0.0.0.0:5070, "tcp [::]:5071", tls 0.0.0.0:5073]
        web: 0.0.0.0:8444
        media: [192.0.2.1, "2001:db8::1"]
        media_first_port: 30000
        media_last_port: 30999
        media_loops: 2
        private: 127.0.0.1:9191
      tls: {certificate: c.pem, key: k.pem, verify: no, authorities: a.pem}
      rooms:
        - pattern: "30*"
          pin: "1"
          moderator_pin: "2"
          language: de
          greeting: none
          announce_joining: no
          hold_music: off
          relay: off
          record: yes
          record_format: opus
          record_tracks: on
          record_video: on
          maximum_members: 5
          specialist: sip:help@conf.example
          moderators: [alice]
          sample_rate: 16000
      prompts: {directory: p, language: de, names: {welcome: hello}}
      recording: {directory: r, spill: s, warn_below_free: 0.2, refuse_below_free: 0.1}
      codecs: {allowed: [PCMU], opus_complexity: 1, opus_bit_rate: 16000}
      trunks: [{name: t, host: sip.example, port: 5080, transport: tcp, realm: x, username: u, password: p}]
      routes: [{match: "0*", action: dial}, {match: "9", action: room 3000}, {match: "8"}]
      registrar: {guests: false, users: [{name: alice, password: secret, codecs: [PCMA, PCMU], codecs_denied: [PCMU], g726_packing: aal2}]}
      web: {origins: ["https://shop.example", "http://localhost:3000"]}
      api: {tokens: [{token: 0123456789abcdef, role: agent}]}
      limits: {members: 7, rooms: 8, load: 0.5, inactivity_seconds: 9}

      """)
    let room = try #require(configuration.rooms.first)
    let trunk = try #require(configuration.trunks.first)
    #expect(configuration.server.domain == "conf.example" && configuration.server.publicAddress == .v4(0xC000_0201))
    #expect(configuration.listen.sip.map(\.transport) == [.udp, .tcp, .tls])
    #expect(configuration.listen.sip.map(\.address.port) == [5070, 5071, 5073])
    #expect(configuration.listen.web == TransportAddress(.anyV4, port: 8_444))
    #expect(configuration.tls == .init(certificate: "c.pem", key: "k.pem", verify: false, authorities: "a.pem"))
    #expect(configuration.web.origins == ["https://shop.example", "http://localhost:3000"])
    #expect(configuration.listen.media.count == 2 && configuration.listen.mediaPorts == 30_000...30_999)
    #expect(configuration.listen.mediaLoops == 2 && configuration.listen.privateListener.port == 9_191)
    #expect(room.pattern == "30*" && room.pin == "1" && room.moderatorPIN == "2" && room.language == "de")
    #expect(room.greeting == nil && !room.announceJoining && !room.holdMusic && room.record)
    #expect(!room.relay)
    #expect(room.recordFormat == "opus" && room.recordTracks && room.recordVideo)
    #expect(room.maximumMembers == 5)
    #expect(room.specialist == "sip:help@conf.example" && room.moderators == ["alice"] && room.sampleRate == 16_000)
    #expect(configuration.prompts == .init(directory: "p", language: "de", names: ["welcome": "hello"]))
    #expect(
      configuration.recording == .init(directory: "r", spill: "s", warnBelowFree: 0.2, refuseBelowFree: 0.1))
    #expect(configuration.codecs == .init(allowed: [.pcmu], opusComplexity: 1, opusBitRate: 16_000))
    #expect(trunk.name == "t" && trunk.port == 5_080 && trunk.transport == .tcp && trunk.realm == "x")
    #expect(trunk.username == "u" && trunk.password?.value == "p")
    #expect(configuration.routes.map(\.action) == ["dial", "room 3000", "block"])
    #expect(!configuration.registrar.guests && configuration.registrar.users.map(\.name) == ["alice"])
    let filter = CodecFilter(allowed: [.pcma, .pcmu], denied: [.pcmu], g726Packing: .aal2)
    #expect(configuration.registrar.users.map(\.codecs) == [filter])
    #expect(configuration.api.tokens.map(\.role) == ["agent"])
    #expect(configuration.limits == .init(members: 7, rooms: 8, load: 0.5, inactivitySeconds: 9))
  }

  /// A file, and what is said of it.
  static let wrong: [(text: String, problem: String)] = [
    ("sever:\n  domain: x\n", "f.yaml:1: sever: unknown key; did you mean 'server'?"),
    (
      "rooms:\n  - pattern: x\n    hold_musik: true\n",
      "f.yaml:3: rooms[0].hold_musik: unknown key; did you mean 'hold_music'?"
    ),
    ("server:\n  wholly_other: 1\n", "f.yaml:2: server.wholly_other: unknown key; known here: domain, public_address"),
    ("limits:\n  members: many\n", "f.yaml:2: limits.members: 'many' is no whole number from 1 to 1000000"),
    ("limits:\n  members: 0\n", "f.yaml:2: limits.members: '0' is no whole number from 1 to 1000000"),
    ("limits:\n  load: 2\n", "f.yaml:2: limits.load: '2' is no number from 0.05 to 1.0"),
    ("rooms:\n  - pattern: x\n    record: maybe\n", "f.yaml:3: rooms[0].record: 'maybe' is neither true nor false"),
    (
      "rooms:\n  - pattern: x\n    record_format: mp3\n", "f.yaml:3: rooms[0].record_format: 'mp3' is none of wav, opus"
    ),
    ("server: x\n", "f.yaml:1: server: a mapping 'key: value' is wanted here"),
    ("- x\n", "f.yaml:1: (file): a mapping 'key: value' is wanted here"),
    ("rooms: {pattern: x}\n", "f.yaml:1: rooms: a list of mappings is wanted here ('- key: value')"),
    ("server:\n  domain: [x]\n", "f.yaml:2: server.domain: text is wanted here"),
    ("codecs:\n  allowed: opus\n", "f.yaml:2: codecs.allowed: a list is wanted here"),
    ("codecs:\n  allowed: [[x]]\n", "f.yaml:2: codecs.allowed[0]: text is wanted here"),
    ("codecs:\n  allowed: [opus, G729]\n", "f.yaml:2: codecs.allowed: unknown codec 'G729'; did you mean 'G722'?"),
    (
      "codecs:\n  opus_complexity: 11\n",
      "f.yaml:2: codecs.opus_complexity: '11' is none of auto, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10; did you mean '1'?"
    ),
    ("codecs:\n  allowed: []\n", "f.yaml:2: codecs.allowed: at least one codec is wanted"),
    ("server:\n  public_address: here\n", "f.yaml:2: server.public_address: 'here' is no IP address"),
    (
      "listen:\n  sip: [udp 5060]\n",
      "f.yaml:2: listen.sip: 'udp 5060' is no listener; write 'udp 0.0.0.0:5060' or 'tcp [::]:5060'"
    ),
    ("listen:\n  sip: [udp 0.0.0.0:5060, udp 0.0.0.0:5060]\n", "f.yaml:2: listen.sip: a listener stands here twice"),
    (
      "recording:\n  keys: 0a1b\n",
      "f.yaml:2: recording.keys: line 1 is no key: 64 hex digits, as 'openssl rand -hex 32' makes them"
    ),
    (
      "recording:\n  upload: {endpoint: \"ftp://x\", bucket: calls, access_key: k, secret: s}\n",
      "f.yaml:2: recording.upload.endpoint: is no URL; write https://host, without user and password"
    ),
    (
      "recording:\n  upload: {endpoint: \"https://x\", bucket: Calls, access_key: k, secret: s}\n",
      "f.yaml:2: recording.upload.bucket: is 3 to 63 lower-case letters, digits, '-' or '.'"
    ),
    (
      "recording:\n  upload: {endpoint: \"https://x\", bucket: calls, access_key: k}\n",
      "f.yaml:2: recording.upload.secret: is missing; write it, or secret_file"
    ),
    ("listen:\n  media: [x]\n", "f.yaml:2: listen.media: 'x' is no IP address"),
    (
      "listen:\n  media: [192.0.2.1, '::1', 192.0.2.2]\n",
      "f.yaml:2: listen.media: one address of each family is listened to; write 0.0.0.0 for all"
    ),
    (
      "listen:\n  browser_port: 65535\n  media_loops: 2\n",
      "f.yaml:2: listen.browser_port: there are not 2 ports from 65535 on, one for each loop"
    ),
    (
      "listen:\n  media_first_port: 30000\n  media_last_port: 30000\n",
      "f.yaml:3: listen.media_last_port: must be above media_first_port (30000)"
    ),
    ("listen:\n  private: nine\n", "f.yaml:2: listen.private: 'nine' is no address with port; write '127.0.0.1:9090'"),
    (
      "listen:\n  sip: [tcp 127.0.0.1:9090]\n",
      "f.yaml:1: listen: private and sip both want TCP 127.0.0.1:9090; give one of them another port"
    ),
    (
      "listen:\n  sip: [tls 127.0.0.1:8443]\n",
      "f.yaml:1: listen: web and sip both want TCP 127.0.0.1:8443; give one of them another port"
    ),
    (
      "listen:\n  web: 127.0.0.1:9090\n",
      "f.yaml:1: listen: private and web both want TCP 127.0.0.1:9090; give one of them another port"
    ),
    (
      "listen:\n  sip: [tcp 127.0.0.1:5060, tls 127.0.0.1:5060]\n",
      "f.yaml:1: listen: a tcp and a tls listener of sip want the same port"
    ),
    (
      "listen:\n  browser_port: 9089\n  media_loops: 2\n",
      "f.yaml:1: listen: browser_port wants TCP 9090 too, which another key has; give it another port"
    ),
    ("listen:\n  web: 8443\n", "f.yaml:2: listen.web: '8443' is no address with port; write '0.0.0.0:8443' or none"),
    ("tls:\n  certificate: c.pem\n", "f.yaml:2: tls.certificate: certificate and key go together"),
    (
      "web:\n  origins: [shop.example]\n",
      "f.yaml:2: web.origins: 'shop.example' is no origin; write 'https://shop.example', with the port if it is not 443"
    ),
    ("web:\n  origins: [\"https://shop.example/\"]\n", "f.yaml:2: web.origins: 'https://shop.example/' is no origin"),
    (
      "webhooks:\n  hooks:\n    - {name: a, url: \"ftp://u:p@h/secret\", secret: 0123456789012345678901234567890x}\n",
      "f.yaml:3: webhooks.hooks[0].url: is no URL; write https://host/path, without user and password"
    ),
    (
      "webhooks:\n  hooks:\n    - {name: a, url: \"https://h\", secret: short}\n",
      "f.yaml:3: webhooks.hooks[0].secret: has at least 32 characters; write it, or secret_file"
    ),
    (
      "webhooks:\n  hooks:\n    - {name: a, url: \"https://h\", events: [call-begin], secret: 0123456789012345678901234567890x}\n",
      "f.yaml:3: webhooks.hooks[0].events: unknown event 'call-begin'"
    ),
    ("webhooks:\n  networks: [10.0.0.0/33]\n", "f.yaml:2: webhooks.networks: '10.0.0.0/33' is no network"),
    ("rooms:\n  - {pin: \"1\"}\n", "f.yaml:2: rooms[0].pattern: is missing; write a name, '30*' or '3000-3009'"),
    ("rooms:\n  - {pattern: x, pin: abcd}\n", "f.yaml:2: rooms[0].pin: is 1 to 32 digits"),
    ("rooms:\n  - {pattern: x, specialist: nobody}\n", "f.yaml:2: rooms[0].specialist: 'nobody' is no SIP URI"),
    ("rooms:\n  - {pattern: x}\n  - {pattern: x}\n", "f.yaml:1: rooms: the pattern 'x' stands here twice"),
    (
      "rooms:\n  - {pattern: x, pin: \"1\", moderator_pin: \"1\"}\n",
      "f.yaml:1: rooms: 'x' has the same pin and moderator_pin"
    ),
    (
      "rooms:\n  - {pattern: x, moderators: [alise]}\nregistrar:\n  users:\n    - {name: alice, password: y}\n",
      "f.yaml:1: rooms: 'x': the moderator 'alise' is no user of registrar.users; did you mean 'alice'?"
    ),
    ("trunks:\n  - {name: a}\n", "f.yaml:2: trunks[0].host: '' is no host name or address"),
    ("trunks:\n  - {host: a.example}\n", "f.yaml:2: trunks[0].name: is missing"),
    (
      "trunks:\n  - {name: a, host: b, username: c}\n",
      "f.yaml:2: trunks[0].username: username and password go together"
    ),
    (
      "trunks:\n  - {name: a, host: b, transport: sctp}\n",
      "f.yaml:2: trunks[0].transport: 'sctp' is none of any, udp, tcp, tls"
    ),
    ("trunks:\n  - {name: a, host: b}\n  - {name: a, host: c}\n", "f.yaml:1: trunks: the name 'a' stands here twice"),
    ("routes:\n  - {action: block}\n", "f.yaml:2: routes[0].match: is missing; write a pattern of user parts"),
    ("routes:\n  - {match: x, action: go}\n", "f.yaml:2: routes[0].action: 'go' is none of: block, dial, room NAME"),
    ("registrar:\n  users:\n    - {name: a}\n", "f.yaml:3: registrar.users[0].password: is missing"),
    (
      "registrar:\n  users:\n    - {name: a, password: x}\n    - {name: a, password: y}\n",
      "f.yaml:2: registrar.users: a name stands here twice"
    ),
    ("api:\n  tokens:\n    - {token: short}\n", "f.yaml:3: api.tokens[0].token: has at least 16 characters"),
    (
      "api:\n  tokens:\n    - {token: 0123456789abcdef, role: boss}\n",
      "f.yaml:3: api.tokens[0].role: 'boss' is none of"
    ),
    (
      "api:\n  tokens:\n    - {token: 0123456789abcdef}\n    - {token: 0123456789abcdef, role: admin}\n",
      "f.yaml:1: api: two entries of tokens have the same token"
    ),
    ("server:\n  domain: a\n  domain: b\n", "f.yaml:2: domain: the key stands here twice; remove one"),
    ("?\n?", "f.yaml:1: (empty): the key stands here twice; remove one"),
    ("server:\n  domain: a\nserver:\n  domain: b\n", "f.yaml:1: server: the key stands here twice; remove one"),
    ("server:\n  domain: \"a\nrooms:\n", "f.yaml:"),
    ("rooms: [\n", "f.yaml:2: (file): no valid YAML"),
    ("a: b: c\n", "f.yaml:1: (file): no valid YAML"),
    (
      "registrar:\n  users:\n    - {name: a, password: x, password_file: /nonexistent/x}\n",
      "f.yaml:3: registrar.users[0].password: stands here beside password_file; keep one of them"
    ),
    (
      "registrar:\n  users:\n    - {name: a, password_file: /nonexistent/x}\n",
      "f.yaml:3: registrar.users[0].password_file: the file '/nonexistent/x' cannot be read"
    ),
  ]

  @Test(arguments: wrong.indices) func whatIsWrongIsToldWithItsPlace(_ index: Int) {
    let (text, problem) = Self.wrong[index]
    let found = Reading.problems(text)
    #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
  }

  @Test func everythingThatIsWrongIsToldAtOnce() {
    let found = Reading.problems("server:\n  domian: x\nlimits:\n  rooms: none\ncodecs:\n  allowed: [mp3]\n")
    #expect(found.count == 3)
  }

  @Test func theEnvironmentGoesBeforeTheFile() throws {
    let text = "server:\n  domain: file.example\nrooms:\n  - {pattern: x, pin: \"1\"}\n"
    let configuration = try Reading.read(
      text,
      [
        "TRIALOGUE_SERVER_DOMAIN": "env.example", "TRIALOGUE_LISTEN_SIP": "udp 127.0.0.1:5080, tcp 127.0.0.1:5081",
        "TRIALOGUE_LIMITS_MEMBERS": "12", "TRIALOGUE_ROOMS_0__PIN": "99", "TRIALOGUE_REGISTRAR_GUESTS": "no",
        "TRIALOGUE_CODECS_ALLOWED": "PCMA", "TRIALOGUE_RECORDING_WARN_BELOW_FREE": "0.5", "HOME": "/",
      ])
    #expect(configuration.server.domain == "env.example")
    #expect(configuration.listen.sip.map(\.address.port) == [5_080, 5_081])
    #expect(configuration.limits.members == 12 && configuration.rooms[0].pin == "99")
    #expect(!configuration.registrar.guests && configuration.codecs.allowed.map(\.rawValue) == ["PCMA"])
    #expect(configuration.recording.warnBelowFree == 0.5)
  }

  @Test func aWrongVariableIsNamed() {
    #expect(
      Reading.problems("", ["TRIALOGUE_LIMITS_MEMBERS": "many"]) == [
        "environment:0: limits.members: 'many' is no whole number from 1 to 1000000"
      ])
  }

  @Test func secretsMayLieInFiles() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try Data("wonderland\n".utf8).write(to: URL(filePath: path))
    let user = try Reading.read("registrar:\n  users:\n    - {name: a, password_file: \(path)}\n").registrar.users[0]
    #expect(user.password.value == "wonderland")
    let text = "registrar:\n  users:\n    - {name: a, password: x}\n"
    let other = try Reading.read(text, ["TRIALOGUE_REGISTRAR_USERS_0__PASSWORD_FILE": path]).registrar.users[0]
    #expect(other.password.value == "wonderland")
    // One that cannot be read is no reason to take the one in the file instead.
    let found = Reading.problems(text, ["TRIALOGUE_REGISTRAR_USERS_0__PASSWORD_FILE": "/nonexistent/x"])
    #expect(found.count == 1)
    #expect(found[0].contains("TRIALOGUE_REGISTRAR_USERS_0__PASSWORD_FILE: the file '/nonexistent/x' cannot be read"))
  }

  @Test func secretsAreNotShown() throws {
    let configuration = try Reading.read(
      """
      registrar: {users: [{name: alice, password: wonderland}]}
      api: {tokens: [{token: 0123456789abcdef}]}
      trunks: [{name: t, host: h, username: u, password: crocodile}]
      recording:
        keys: \(String(repeating: "0f", count: 32))
        upload: {endpoint: "https://store.example", bucket: calls, access_key: K, secret: hippopotamus, prefix: a}

      """)
    #expect(configuration.recording.upload?.prefix == "a/" && configuration.recording.keys.newest != nil)
    let text = EffectiveText.of(configuration)
    #expect(text.contains("domain: localhost") && text.contains("alice"))
    for secret in ["wonderland", "0123456789abcdef", "crocodile", "0f0f", "hippopotamus"] {
      #expect(!text.contains(secret))
    }
  }

  @Test func whatNeedsARestartIsNamed() throws {
    let old = Configuration()
    #expect(old.restartKeys(comparedTo: old).isEmpty)
    #expect(old.restartKeys(comparedTo: try Reading.read("rooms:\n  - {pattern: x}\n")).isEmpty)
    let fresh = try Reading.read("listen: {media_loops: 2}\nrecording: {directory: x}\n")
    #expect(old.restartKeys(comparedTo: fresh) == ["listen", "recording"])
    #expect(old.restartKeys(comparedTo: try Reading.read("tls: {certificate: c, key: k}\n")).isEmpty)
    let careless = try Reading.read("tls: {verify: no}\nweb: {directory: pages, origins: [\"https://a.example\"]}\n")
    #expect(old.restartKeys(comparedTo: careless) == ["tls", "web.directory"])
  }
}
