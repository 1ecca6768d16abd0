import Primitives
import SIP
import TestSupport
import Testing

/// Byte streams for the SIP framer, cut anywhere.
@Suite struct SIPStreamFuzzing {
  @Test func streamsAreCutTheSameHoweverTheyCome() {
    let seeds = SIPWords.seeds
    var fuzzer = Fuzzer(
      "sip-stream", seeds: seeds, tokens: SIPWords.tokens, isText: true, limit: 3_072,
      generate: { random in
        // Several messages in a row, with keep-alives between them.
        var stream: [UInt8] = []
        for _ in 0..<random.inside(1...4) {
          stream += random.one(of: SIPWords.messages) ?? []
          if random.once(in: 3) { stream += [0x0D, 0x0A] }
          if random.once(in: 3) { stream += [0x0D, 0x0A, 0x0D, 0x0A] }
        }
        return stream
      })
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = try Self.messages(of: input, in: [input.count])
      var cuts: [Int] = []
      let largest = random.once(in: 3) ? 3 : 400
      while cuts.reduce(0, +) < input.count { cuts.append(random.inside(1...largest)) }
      let pieces = try Self.messages(of: input, in: cuts)
      try FuzzFailure.unless(whole == pieces, "a stream in pieces gives the messages that it gives at once")
      var outcome = whole.messages.isEmpty ? FuzzOutcome.refused : FuzzOutcome.accepted
      outcome.add(min(whole.messages.count, 8))
      for error in whole.errors.prefix(4) { outcome.add(error) }
      outcome.add(size: whole.pending)
      return outcome
    }.check()
  }

  struct Result: Equatable {
    var messages: [SIPMessage] = []
    /// Reasons of errors, in order.
    var errors: [String] = []
    var pending = 0
    var isBroken = false
  }

  static func messages(of stream: [UInt8], in cuts: [Int]) throws(FuzzFailure) -> Result {
    var framer = SIPStreamFramer()
    var result = Result()
    var start = 0
    for cut in cuts {
      let end = min(start + cut, stream.count)
      framer.append(Array(stream[start..<end]))
      start = end
      // Every unit takes at least one octet, so there cannot be more of them.
      var left = stream.count + 2
      while true {
        left -= 1
        try FuzzFailure.unless(left > 0, "a framer comes to an end")
        do {
          guard let unit = try framer.next() else { break }
          if case .message(let message) = unit { result.messages.append(message) }
        } catch { result.errors.append(error.reason) }
      }
    }
    result.pending = framer.pendingCount
    result.isBroken = framer.isBroken
    try FuzzFailure.unless(result.pending <= stream.count, "a framer keeps no more than came")
    return result
  }
}
