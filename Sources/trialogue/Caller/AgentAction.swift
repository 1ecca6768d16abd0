import Primitives
import SDP

/// What the callers' user agent wants done, in order.
enum AgentAction: Sendable {
  case send([UInt8], to: TransportAddress)
  /// The call stands, so many nanoseconds after its INVITE; media may flow.
  case answered(CallerID, AgreedAudio, after: Int64)
  /// The server has changed where media flows.
  case moved(CallerID, AgreedAudio)
  case ended(CallerID, CallEnding)
}
