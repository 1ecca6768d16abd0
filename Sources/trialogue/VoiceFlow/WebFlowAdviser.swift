import Application
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Asks programs elsewhere for the next steps of a flow: those alone that the operator has listed, each by a request that it can tell
/// from a stranger's.
struct WebFlowAdviser: FlowAdviser {
  let sources: [Configuration.Webhooks.Source]
  let asker: any WebhookAsker
  /// Our domain, which the tokens name.
  let issuer: String
  let clock: any Timekeeping

  func advice(
    on situation: FlowSituation, from address: WebhookAddress, within timeout: Duration
  ) async -> FlowAdvice {
    guard let source = sources.first(where: { $0.url.covers(address) }) else {
      return .failed("\(address): no entry of webhooks.flows allows it")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(situation) else { return .failed("the question cannot be written") }
    let body = Array(text)
    let token = WebhookToken.make(
      body: body, id: "\(situation.flow)-\(situation.call)-\(situation.number)", issuer: issuer,
      secret: source.secret, issued: clock.unixTime)
    let reply = await asker.ask(
      body, at: address, token: token, limit: FlowAnswer.maximumOctets, within: timeout)
    switch reply {
    case .failed(let reason): return .failed("\(address): \(reason)")
    case .answered(200, let body):
      do throws(ConfigurationFailure) { return .steps(try FlowAnswer.read(body)) } catch {
        return .failed("\(address): \(error.problems.first.map { "\($0.key): \($0.reason)" } ?? "no steps")")
      }
    // Nothing to add.
    case .answered(204, _): return .steps([])
    case .answered(let status, _): return .failed("\(address): answered \(status)")
    }
  }
}
