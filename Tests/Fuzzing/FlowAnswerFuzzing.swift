import Application
import TestSupport
import Testing

@testable import trialogue

/// Answers to voice flows: whatever a program says, it is steps or none; and what was read leads any caller on.
@Suite struct FlowAnswerFuzzing {
  private static let seeds = [
    #"{"steps": [{"say": ["your-order", "digits $order"], "barge_in": false}, {"go": "people"}]}"#,
    #"{"steps": [{"gather": {"into": "n", "prompt": "a", "digits": "4-8", "end": "*"}}, {"set": {"x": "$n", "y": 7}}]}"#,
    #"{"steps": [{"menu": {"prompt": ["a", "b"], "choices": {"1": "main", "star": "people"}, "tries": 2}}, "hangup"]}"#,
    #"{"steps": [{"http": {"url": "https://h/x", "timeout": 1}}, {"hours": "shop", "closed": "people"}]}"#,
    #"{"steps": [{"if": "$http", "is": "ok", "then": "main"}, {"language": "de"}, {"conference": "support"}]}"#,
    #"{"steps": [{"transfer": {"uri": "sip:a@x"}}, {"dial": {"uri": "sip:b@x", "otherwise": "main"}}, {"record": {}}]}"#,
  ].map { Array($0.utf8) }
  private static let tokens = [
    "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "1e400", "-0", "1e15", #""steps""#,
    #""hangup""#, #"{"go": "main"}"#, #""say": "#, #""choices": {}"#, #""uri_file": "/etc/hostname""#, "$", "$$",
  ]

  @Test func answersAreStepsOrSayWhatIsWrong() throws {
    let hook = FlowHook(address: try #require(WebhookAddress("https://h/flows")), otherwise: "people")
    let flow = VoiceFlow(
      name: "f", start: "main",
      blocks: ["main": [.consult(hook), .say([.prompt("a")], allowsBargeIn: true), .go("main")], "people": [.hangUp]],
      hours: ["shop": try #require(BusinessHours(zone: "UTC"))])
    var fuzzer = Fuzzer("flow-answer", seeds: Self.seeds, tokens: Self.tokens, isText: true, limit: 2_048)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let steps: [FlowStep]
      do throws(ConfigurationFailure) { steps = try FlowAnswer.read(input) } catch {
        try FuzzFailure.unless(!error.problems.isEmpty, "a refusal says why")
        return .refused
      }
      return try VoiceFlowFuzzing.walk(flow, advice: steps, &random)
    }.check()
  }
}
