import Application
import Testing

@testable import trialogue

@Suite struct FlowAnswerTests {
  private static func problem(_ text: String) -> String? {
    do throws(ConfigurationFailure) {
      _ = try FlowAnswer.read(Array(text.utf8))
      return nil
    } catch { return error.problems.first?.description ?? "" }
  }

  @Test func stepsAreThoseOfAFile() throws {
    let json = """
      {"steps": [{"say": ["your-order", "digits $order"], "barge_in": false}, {"set": {"n": 7}},
       {"gather": {"into": "pin", "prompt": "enter-pin", "digits": "4", "timeout": 2.5}},
       {"menu": {"prompt": "menu-main", "choices": {"1": "people", "star": "main"}}}, "hangup"]}
      """
    let yaml = """
      blocks:
        main:
          - {say: [your-order, digits $order], barge_in: false}
          - set: {n: 7}
          - gather: {into: pin, prompt: enter-pin, digits: 4, timeout: 2.5}
          - menu: {prompt: menu-main, choices: {1: people, star: main}}
          - hangup
        people: [hangup]
      """
    let steps = try FlowFile.read(yaml, name: "f", file: "f.yaml").blocks["main"]
    #expect(try FlowAnswer.read(Array(json.utf8)) == steps)
    #expect(try FlowAnswer.read(Array(#"{"steps": []}"#.utf8)) == [])
  }

  @Test(arguments: [
    ("", "no JSON"), ("{", "no JSON"), ("[]", "a mapping"), ("{}", "steps: is missing"),
    (#"{"steps": [], "more": 1}"#, "more: unknown key"), (#"{"steps": [{"saay": "x"}]}"#, "did you mean 'say'"),
    (#"{"steps": ["hangup", "jump"]}"#, "a step is one of"), (#"{"steps": [{"say": null}]}"#, "says nothing"),
    (#"{"steps": [{"gather": {"into": "x", "prompt": "p", "digits": "1-999"}}]}"#, "'1-999' is no count"),
    (#"{"steps": [{"http": {"url": "file:///etc/passwd"}}]}"#, "is no URL"),
    // No file of the machine, and no variable of its environment.
    (#"{"steps": [{"conference_file": "/etc/hostname"}]}"#, "a step is one of"),
    (#"{"steps": [{"dial": {"uri_file": "/etc/hostname"}}]}"#, "cannot be read"),
    (#"{"steps": [{"set": {"x": 1}, "say_file": "/etc/hostname"}]}"#, "say_file: unknown key"),
  ])
  func whatIsWrongIsNoAnswer(_ text: String, _ problem: String) {
    let found = Self.problem(text)
    #expect(found?.contains(problem) == true, "\(found ?? "nothing")")
  }

  @Test func anAnswerIsShortAndFlat() {
    let many = Array(repeating: #""hangup""#, count: 101).joined(separator: ",")
    #expect(Self.problem(#"{"steps": [\#(many)]}"#)?.contains("more than 100") == true)
    #expect(Self.problem(#"{"steps": [\#(many.dropLast(9))]}"#) == nil)
    let deep = String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)
    #expect(Self.problem(#"{"steps": \#(deep)}"#)?.contains("deeper") == true)
    #expect(
      Self.problem(#"{"steps": [{"say": "\#(String(repeating: "x", count: 66_000))"}]}"#)?.contains("longer") == true)
    // What stands in a text is no depth.
    #expect(Self.problem(#"{"steps": [{"set": {"x": "\"\#(String(repeating: "[", count: 40))"}}]}"#) == nil)
  }
}
