/// The calling end's view of reliable provisional responses in one early dialog: RFC 3262, section 4.
package struct ReliableProvisionalReceiver: Hashable, Sendable {
  package enum Verdict: Hashable, Sendable {
    /// Not sent reliably: use it, acknowledge nothing.
    case unreliable
    /// Use it, and send a PRACK with this value of RAck.
    case acknowledge(rAck: String)
    /// A retransmission, or one that came before its predecessor: drop it.
    case ignored
  }

  private var last: UInt32?

  package init() {}

  package mutating func receive(_ response: SIPResponse) -> Verdict {
    guard (101..<200).contains(response.status),
      response.headers.list("Require").contains(where: { $0.lowercased() == "100rel" }),
      let text = response.headers["RSeq"], let number = UInt32(text), let cSeq = response.headers.cSeq
    else { return .unreliable }
    if let last, number != last &+ 1 { return .ignored }
    last = number
    return .acknowledge(rAck: "\(number) \(cSeq)")
  }
}
