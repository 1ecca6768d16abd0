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
}
