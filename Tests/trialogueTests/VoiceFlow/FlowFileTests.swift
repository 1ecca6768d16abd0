import Application
import Foundation
import TestSupport
import Testing

@testable import trialogue

@Suite struct FlowFileTests {
  private static func problems(_ text: String) -> [String] {
    do {
      _ = try FlowFile.read(text, name: "f", file: "f.yaml")
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private static func shop() throws -> VoiceFlow {
    let path = "\(Vectors.packageRoot)/docs/flows/shop.yaml"
    return try FlowFile.read(try String(contentsOfFile: path, encoding: .utf8), name: "shop", file: path)
  }

  @Test func theShopsMenuLeadsToItsPeople() throws {
    var simulation = FlowSimulation(try Self.shop(), keys: "24711#1", language: "en", variables: [:])
    simulation.run()
    #expect(simulation.events.last == .room("support"))
    #expect(simulation.variables["order"] == "4711")
    let path = simulation.events.compactMap { event -> String? in
      if case .reached(let block, let step, _) = event { "\(block) \(step)" } else { nil }
    }
    #expect(
      path == [
        "main 1", "main 2", "german 1", "german 2", "order 1", "order 2", "order 3", "confirmed 1", "jeans 1",
        "jeans 2",
        "jeans 3", "people 1", "people 2",
      ])
    #expect(simulation.events.contains(.heard(["your-order", "digit-4", "digit-7", "digit-1", "digit-1"])))
  }

  @Test func whoPressesNothingIsLedOnToo() throws {
    var simulation = FlowSimulation(try Self.shop(), keys: ",,,,,,", language: "en", variables: [:])
    simulation.run()
    #expect(simulation.events.last == .room("support"))
    #expect(simulation.events.contains(.heard(["no-input", "enter-order"])))
  }

  @Test(arguments: [
    ("", "f.yaml:1: blocks: is missing"),
    ("blocks: {main: [{say: a}], other: [{say: b}]}", "blocks.other: no step leads here"),
    ("blocks: {main: [{go: mian}]}", "blocks.main: leads to 'mian', which is no block; did you mean 'main'"),
    ("start: x\nblocks: {main: [hangup]}", "f.yaml:1: start: there is no block 'x'"),
    ("blocks: {main: [{saay: a}]}", "blocks.main[0].saay: a step is one of: say, play"),
    ("blocks: {main: [{say: a, go: main}]}", "a step is one of"),
    ("blocks: {main: [{say: 'what is this'}]}", "'what is this' is no prompt"),
    ("blocks: {main: [{say: 'digits $'}]}", "is no prompt"),
    ("blocks: {main: [{play: [digits $x]}]}", "play: wants names of prompts"),
    ("blocks: {main: [{menu: {prompt: a}}]}", "menu.choices: is missing"),
    ("blocks: {main: [{menu: {prompt: a, choices: {12: main}}}]}", "'12' is no key"),
    (
      "blocks: {main: [{menu: {prompt: a, choices: {1: main}, tires: 3}}]}",
      "menu.tires: unknown key; did you mean 'tries'"
    ),
    ("blocks: {main: [{gather: {prompt: a}}]}", "gather.into: is missing the name of a variable"),
    ("blocks: {main: [{gather: {into: a, prompt: a, digits: 9-1}}]}", "'9-1' is no count"),
    ("blocks: {main: [{gather: {into: a, prompt: a, digits: 99}}]}", "'99' is no count"),
    ("blocks: {main: [{gather: {into: a, prompt: a, timeout: 0}}]}", "'0' is no number from 0.1"),
    ("blocks: {main: [{conference: 'a $ b'}]}", "after '$' comes the name of a variable"),
    ("blocks: {main: [hangup: now]}", "hangup: stands alone"),
    ("blocks: {main: [{hours: shop}]}", "hours: leads nowhere"),
    ("blocks: {main: [{hours: shpo, open: main}]}\nhours: {shop: {open: {mon: '9:00-18:00'}}}", "did you mean 'shop'"),
    ("blocks: {main: [hangup]}\nhours: {shop: {open: {}}}", "hours.shop.open: is missing"),
    ("blocks: {main: [hangup]}\nhours: {shop: {open: {monday: '9:00-18:00'}}}", "monday: is no day"),
    ("blocks: {main: [hangup]}\nhours: {shop: {open: {mon: '9-18'}}}", "'9-18' is no time"),
    ("blocks: {main: [hangup]}\nhours: {shop: {open: {mon: '9:00-18:00'}, holidays: [xmas]}}", "'xmas' is no day"),
    (
      "blocks: {main: [hangup]}\nhours: {shop: {time_zone: Berlin, open: {mon: '9:00-18:00'}}}",
      "'Berlin' is no time zone"
    ),
    ("blocks: {main: [{http: {}}]}", "http.url: is no URL"),
    ("blocks: {main: [{http: {url: 'https://a:b@h/'}}]}", "http.url: is no URL"),
    ("blocks: {main: [{http: {url: 'https://h/', timeout: 60}}]}", "'60' is no number from 0.1 to 30"),
    ("blocks: {main: [{http: {url: 'https://h/', otherwise: x}}]}", "leads to 'x', which is no block"),
    ("blocks: {main: [{transfer: {}}]}", "transfer.uri: is missing"),
    ("blocks: {main: [[a]]}", "a mapping 'key: value' is wanted here"),
    ("blocks: [", "no valid YAML"),
  ])
  func whatIsWrongIsSaidWithItsPlace(_ text: String, _ problem: String) {
    let problems = Self.problems(text)
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test func routesLeadToFlowsThatAreThere() throws {
    let path = "\(Vectors.packageRoot)/docs/flows/shop.yaml"
    let configuration = try Reading.read(
      "flows:\n  - {name: shop, file: \(path)}\nroutes:\n  - {match: \"5001\", action: flow shop}\n")
    #expect(configuration.flows.map(\.name) == ["shop"])
    #expect(configuration.directorySettings(prompts: PromptLibrary(clips: [:])).flows["shop"] != nil)
    let wrong = Reading.problems(
      "routes:\n  - {match: \"5001\", action: flow shpo}\nflows:\n  - {name: shop, file: \(path)}\n")
    #expect(wrong.contains { $0.contains("did you mean 'shop'") }, "\(wrong)")
    let missing = Reading.problems("flows:\n  - {name: shop, file: /nowhere/shop.yaml}\n")
    #expect(
      missing == [
        "f.yaml:2: flows[0].file: the file '/nowhere/shop.yaml' cannot be read; check its path and permissions"
      ])
  }

  @Test func programsAreAskedOnlyWhereTheConfigurationAllowsIt() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "flow-\(UUID().uuidString).yaml")
    try Data("blocks: {main: [{http: {url: 'https://crm.example/flows/next'}}]}".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let flows = "flows:\n  - {name: shop, file: \(file.path)}\n"
    #expect(
      Reading.problems(flows) == [
        "f.yaml:1: flows: 'shop' asks https://crm.example/flows/next, which no entry of webhooks.flows allows"
      ])
    let allowed =
      "webhooks: {flows: [{url: 'https://crm.example/flows', secret: 0123456789012345678901234567890123}]}\n"
    #expect(Reading.problems(flows + allowed) == [])
    #expect(
      Reading.problems("rooms: [{pattern: '1', hours: shpo}]\nhours: {shop: {open: {mon: '9:00-18:00'}}}")
        .contains { $0.contains("'1' has the hours 'shpo'") && $0.contains("did you mean 'shop'") })
  }
}
