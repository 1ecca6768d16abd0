/// Who nominates, as an agent says it in its checks, with the tie-breaker: RFC 8445, section 7.1.3.
package enum ICERole: Hashable, Sendable, Codable {
  case controlling(tieBreaker: UInt64)
  case controlled(tieBreaker: UInt64)
}
