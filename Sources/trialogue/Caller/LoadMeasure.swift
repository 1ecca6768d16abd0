/// What the callers of a loop received and sent while the window was open.
struct LoadMeasure: Sendable {
  /// Seconds.
  var duration = 0.0
  /// Callers whose media flowed in the whole window.
  var streams = 0
  /// Callers that the server hung up on in the window.
  var hungUp = 0
  /// One packet per 20 ms and stream.
  var expected = 0
  var received = 0
  var lost = 0
  var duplicates = 0
  var payloadOctets = 0
  /// Callers that received nothing.
  var silent = 0
  /// Milliseconds.
  var longestGap = 0.0
  var jitter = JitterHistogram()
  /// How late the loop itself sent, in milliseconds.
  var lateness = JitterHistogram()
  /// Times that the loop was so late that beats were left out.
  var stalls = 0
  /// Packets that our kernel did not take.
  var unsent = 0
  /// Datagrams that were no RTP of a caller's partner.
  var strange = 0
  /// What the sampled callers heard.
  var sampled: [(id: CallerID, packets: [KeptPacket])] = []
  /// The callers' RTP ports.
  var ports: [UInt16] = []
}
