import Application
import Foundation
import Primitives
import Runtime
import SIP
import TestSupport
import Testing

@testable import trialogue

/// `docs/sample.yaml` has every key, each with its default.
@Suite struct SampleTests {
  private func sample() throws -> String {
    try String(contentsOfFile: "\(Vectors.packageRoot)/docs/sample.yaml", encoding: .utf8)
  }

  @Test func theSampleSaysWhatTheEmptyFileSays() throws {
    var configuration = try Reading.read(try sample())
    #expect(configuration.rooms == [Configuration.Room(pattern: "3000-3009"), Configuration.Room(pattern: "support")])
    configuration.rooms = Configuration.Room.demo
    #expect(configuration == Configuration())
    #expect(try Reading.read("") == Configuration())
    #expect(try Reading.read("# nothing\n") == Configuration())
  }

  /// With its comments taken away, and secrets in place of files of them.
  @Test func whatIsCommentedOutIsRightToo() throws {
    var lines: [String] = []
    for line in try sample().split(separator: "\n").map(String.init).dropFirst() {
      guard let hash = line.firstIndex(of: "#"), line[..<hash].allSatisfy({ $0 == " " }) else {
        lines.append(line)
        continue
      }
      let content = line[line.index(after: hash)...]
      if content.drop(while: { $0 == " " }).hasPrefix("- {") {
        // The list that it belongs to is empty no longer.
        let place = lines.count - 1
        if let brackets = lines[place].firstRange(of: "[]") { lines[place].removeSubrange(brackets) }
        lines.append(String(line[..<hash]) + " " + String(content))
      } else {
        lines.append(String(line[..<hash]) + String(content.drop { $0 == " " }))
      }
    }
    var text = lines.joined(separator: "\n")
    text = text.replacing(/(password|token)_file: [^,}]+/) { "\($0.output.1): not-so-secret-at-all" }
    text = text.replacing(/secret_file: [^,}]+/, with: "secret: a-secret-of-the-shop-that-is-long-enough")
    text = text.replacing(/keys_file: \S+/, with: "keys: \(String(repeating: "a1", count: 32))")
    let key = WidgetConfigurationTests.publicKey.replacing("\n", with: "\\n")
    text = text.replacing(/public_key_file: [^,}]+/, with: "public_key: \"\(key)\"")
    let configuration = try Reading.read(text)
    #expect(configuration.web.tokens.keys.map(\.id) == ["shop-1", "shop-2"])
    #expect(configuration.web.widgets.first?.language == "de" && configuration.turn.secret != nil)
    #expect(configuration.server.publicAddress != nil)
    #expect(configuration.rooms.first?.pin == "1234" && configuration.rooms.first?.moderatorPIN == "4321")
    #expect(configuration.rooms.first?.specialist != nil && configuration.recording.spill != nil)
    #expect(configuration.rooms.first?.hours == "shop" && configuration.hours["shop"]?.holidays.count == 2)
    #expect(configuration.webhooks.flows.map { "\($0.url)" } == ["https://crm.example/flows"])
    #expect(configuration.recording.keys.newest != nil && configuration.recording.upload?.bucket == "calls")
    let trunk = try #require(configuration.trunks.first)
    #expect(trunk.name == "carrier" && trunk.port == 5060 && trunk.transport == .udp && trunk.username == "shop")
    #expect(trunk.password?.value == "not-so-secret-at-all")
    #expect(configuration.routes == [Configuration.RouteLine(match: "00*", action: "block")])
    #expect(configuration.registrar.users.map(\.name) == ["alice"])
    #expect(configuration.api.tokens.map(\.role) == ["admin"])
    let hook = try #require(configuration.webhooks.hooks.first)
    #expect(
      hook.name == "crm" && hook.events == ["call-start", "call-end"] && configuration.webhooks.authorities != nil)
    #expect(
      "\(hook.url)" == "https://crm.example/calls" && hook.secret.value == "a-secret-of-the-shop-that-is-long-enough")
  }

  /// A key that nobody knows is answered with those that are: all of them stand in the sample.
  @Test func noKeyIsMissingInTheSample() throws {
    let text = try sample()
    let list = "\n  - {x-x-x-x-x-x-x-x-x-x: 1}\n"
    let file =
      ["server", "listen", "prompts", "recording", "codecs", "turn", "limits"].map {
        "\($0): {x-x-x-x-x-x-x-x-x-x: 1}\n"
      }
      .joined() + "rooms:\(list)trunks:\(list)routes:\(list)"
      + "registrar:\n  x-x-x-x-x-x-x-x-x-x: 1\n  users:\n    - {x-x-x-x-x-x-x-x-x-x: 1}\n"
      + "web:\n  x-x-x-x-x-x-x-x-x-x: 1\n  widgets:\n    - {x-x-x-x-x-x-x-x-x-x: 1}\n"
      + "  tokens:\n    x-x-x-x-x-x-x-x-x-x: 1\n    keys:\n      - {x-x-x-x-x-x-x-x-x-x: 1}\n"
      + "webhooks:\n  x-x-x-x-x-x-x-x-x-x: 1\n  hooks:\n    - {x-x-x-x-x-x-x-x-x-x: 1}\n"
      + "  flows:\n    - {x-x-x-x-x-x-x-x-x-x: 1}\nhours:\n  shop: {x-x-x-x-x-x-x-x-x-x: 1}\n"
      + "api:\n  x-x-x-x-x-x-x-x-x-x: 1\n  tokens:\n    - {x-x-x-x-x-x-x-x-x-x: 1}\nx-x-x-x-x-x-x-x-x-x: 1\n"
    let hints = Reading.problems(file).filter { $0.contains("unknown key") }
    #expect(hints.count == 23)
    for hint in hints {
      let keys = hint.split(separator: "known here: ").last?.split(separator: ", ").map(String.init) ?? []
      #expect(!keys.isEmpty, "\(hint)")
      for key in keys where !["username", "password"].contains(key) || hint.contains("trunks") {
        let names = ["\(key):", "\(key)_file:"]
        #expect(names.contains { text.contains($0) }, "\(key) is missing in docs/sample.yaml")
      }
    }
  }
}
