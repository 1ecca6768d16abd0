import Application
import HTTPTypes
import Testing

@testable import WebFront

@Suite struct XMLRPCTests {
  private let door = Door()

  private static func call(_ method: String, _ values: [XMLRPCValue] = []) -> String {
    let parameters = values.map { "<param>\($0.text)</param>" }.joined()
    return
      "<?xml version=\"1.0\"?><methodCall><methodName>\(method)</methodName><params>\(parameters)</params></methodCall>"
  }

  private func ask(_ body: String, door: Door? = nil, token: String? = nil, type: String = "text/xml") async throws
    -> Door.Answer
  {
    try await (door ?? self.door).ask(.post, "/RPC2", body: body, headers: [.contentType: type], token: token)
  }

  /// What a good answer holds.
  private func value(_ answer: Door.Answer) throws -> XMLRPCValue {
    let element = try XMLReader.read(answer.body)
    return try XMLRPCValue(try #require(element["params"]?["param"]?["value"]))
  }

  private func fault(_ answer: Door.Answer) throws -> (code: Int, reason: String) {
    let element = try XMLReader.read(answer.body)
    guard case .structure(let members) = try XMLRPCValue(try #require(element["fault"]?["value"])),
      case .int(let code)? = members["faultCode"], case .string(let reason)? = members["faultString"]
    else { throw XMLRPCFault.parse("no fault") }
    return (code, reason)
  }

  @Test(
    arguments: [
      ("listRooms", [], "rooms"), ("roomInfo", [.string("3000")], "room 3000"), ("roomInfo", [.int(3000)], "room 3000"),
      ("roomCreate", [.string("3000"), .structure(["pin": .string("12")])], "create 3000"),
      ("kickout", [.string("3000"), .string("m1")], "remove m1 3000"),
      ("mute", [.string("3000"), .string("m1")], "member m1 3000"),
      ("unmute", [.string("3000"), .string("m1")], "member m1 3000"), ("findParticipant", [.string("nobody")], "rooms"),
      (
        "dialout", [.string("3000"), .string("sip:a@x"), .structure(["context": .structure(["order": .int(4711)])])],
        "dial"
      ),
      ("context", [.string("c1")], "call c1"),
      ("recordings", [.structure(["context": .structure(["order": .string("1")])])], "recordings"),
    ] as [(String, [XMLRPCValue], String)])
  func methodsAskTheControlPlane(_ method: String, _ values: [XMLRPCValue], _ asked: String) async throws {
    let answer = try await ask(Self.call(method, values))
    #expect(answer.status == 200)
    #expect(answer.headers[.contentType] == "text/xml; charset=utf-8")
    _ = try value(answer)
    let told = door.control.takeAsked()
    #expect(told.count == 1 && told[0].hasPrefix(asked.split(separator: " ")[0]), "\(told)")
    for word in asked.split(separator: " ").dropFirst() { #expect(told[0].contains(word), "\(told)") }
  }

  @Test func whatIsShownIsWhatRESTShows() async throws {
    guard case .structure(let room) = try value(try await ask(Self.call("roomInfo", [.string("3000")]))) else {
      throw XMLRPCFault.parse("no struct")
    }
    #expect(room["name"] == .string(Samples.room.name))
    #expect(room["locked"] == .boolean(Samples.room.locked))
    #expect(room["sampleRate"] == .int(Samples.room.sampleRate))
    guard case .array(let members)? = room["members"] else { throw XMLRPCFault.parse("no members") }
    #expect(members.count == Samples.room.members.count)
    guard
      case .array(let found) = try value(
        try await ask(Self.call("findParticipant", [.string(Samples.room.members[0].uri)])))
    else { throw XMLRPCFault.parse("no array") }
    #expect(found.count == 1)
  }

  @Test func everyMethodIsListed() async throws {
    guard case .array(let names) = try value(try await ask(Self.call("system.listMethods"))) else {
      throw XMLRPCFault.parse("no array")
    }
    #expect(
      names
        == [
          "roomCreate", "roomInfo", "dialout", "kickout", "mute", "unmute", "listRooms", "findParticipant", "context",
          "recordings", "system.listMethods",
        ].map { .string($0) })
  }

  @Test(
    arguments: [
      ("roomDestroy", [], -32_601), ("roomInfo", [], -32_602), ("roomInfo", [.string("a"), .string("b")], -32_602),
      ("roomInfo", [.array([])], -32_602), ("roomCreate", [.string("a"), .structure(["pim": .int(1)])], -32_602),
      ("dialout", [.string("a"), .string("b"), .structure(["timeout": .string("x")])], -32_602),
      ("recordings", [.structure(["from": .string("yesterday")])], 400),
    ] as [(String, [XMLRPCValue], Int)])
  func wrongCallsGetFaults(_ method: String, _ values: [XMLRPCValue], _ code: Int) async throws {
    let answer = try await ask(Self.call(method, values))
    #expect(answer.status == 200)
    #expect(try fault(answer).code == code)
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test func refusalsOfTheControlPlaneAreFaultsToo() async throws {
    door.control.refuse(ControlError(.notFound, "No room '<x>'"))
    let answer = try fault(try await ask(Self.call("roomInfo", [.string("x")])))
    #expect(answer.code == 404 && answer.reason == "No room '<x>'")
  }

  @Test(arguments: XMLReaderTests.bombs) func bombsAreFaults(_ text: String) async throws {
    if text.utf8.count > JSONBody.limit {
      #expect(try await ask(text).status == 413)
    } else if !text.isEmpty {
      #expect(try fault(try await ask(text)).code == -32_700)
    }
    #expect(door.control.takeAsked().isEmpty)
  }

  /// THREATS 23: the same roles as by REST.
  @Test func eachMethodNeedsItsRole() async throws {
    let guarded = Door(tokens: ["v": .viewer, "a": .agent, "s": .supervisor, "r": .admin])
    let tokens: [(String, Access.Role)] = [("v", .viewer), ("a", .agent), ("s", .supervisor), ("r", .admin)]
    for method in XMLRPCMethod.allCases {
      for (token, role) in tokens {
        let status = try await ask(Self.call(method.rawValue), door: guarded, token: token).status
        #expect(status == (role >= method.role ? 200 : 403), "\(method) \(role)")
      }
      #expect(try await ask(Self.call(method.rawValue), door: guarded).status == 401)
      #expect(try await ask(Self.call(method.rawValue), door: guarded, token: "x").status == 401)
    }
  }

  @Test func formsAreRefused() async throws {
    for type in ["text/plain", "application/x-www-form-urlencoded", "application/json"] {
      #expect(try await ask(Self.call("listRooms"), type: type).status == 415)
    }
  }

  @Test(arguments: [
    XMLRPCValue.int(-5), .int(1 << 40), .boolean(true), .double(-1.5), .string(" a<b>&\u{1F600} "), .string(""),
    .date("20261125T08:30:00"), .data("AAEC"), .null, .array([.array([]), .int(1)]),
    .structure(["a": .structure(["b": .string("]]>")]), "": .null]),
  ])
  func valuesArePrintedAsTheyAreRead(_ value: XMLRPCValue) throws {
    #expect(try XMLRPCValue(try XMLReader.read(Array(value.text.utf8))) == value)
  }
}
