#if G729
  import CBCG729

  /// A G.729 Annex A encoder with Annex B silence compression, 8 kbit/s at 8 kHz (RFC 3551, section 4.5.6). One owner uses it at
  /// a time.
  ///
  /// It cannot be forked: libbcg729's state holds pointers into itself, and to more blocks of memory with Annex B.
  @safe package final class G729Encoder {
    private let state: OpaquePointer
    /// One frame of samples.
    private let input: UnsafeMutablePointer<Int16>
    /// One coded frame, with room to spare for the library.
    private let output: UnsafeMutablePointer<UInt8>
    private static let outputCapacity = 16

    /// - Parameter annexB: whether pauses are sent as SID frames, and not at all where the noise does not change.
    package init(annexB: Bool = false) throws(CodecError) {
      guard let state = unsafe initBcg729EncoderChannel(annexB ? 1 : 0) else { throw .library(0) }
      unsafe self.state = unsafe state
      unsafe input = UnsafeMutablePointer<Int16>.allocate(capacity: G729Packet.frameSamples)
      unsafe input.initialize(repeating: 0, count: G729Packet.frameSamples)
      unsafe output = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.outputCapacity)
      unsafe output.initialize(repeating: 0, count: Self.outputCapacity)
    }

    deinit {
      unsafe closeBcg729EncoderChannel(state)
      unsafe input.deallocate()
      unsafe output.deallocate()
    }

    /// Codes whole frames of 80 samples; returns octets, 0 if there is nothing to send (Annex B), they do not fit or the length
    /// is no multiple of a frame.
    ///
    /// A SID frame can only be the last of a packet: one that speech follows in the same packet is left out.
    package func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
      let frames = samples.count / G729Packet.frameSamples
      guard frames > 0, frames <= G729Packet.maximumFrames, samples.count == frames * G729Packet.frameSamples,
        frames * G729Packet.frameOctets <= payload.count
      else { return 0 }
      var (speech, silence) = (0, 0)
      for frame in 0..<frames {
        let start = frame &* G729Packet.frameSamples
        for index in 0..<G729Packet.frameSamples { unsafe input[index] = samples[start &+ index] }
        var length: UInt8 = 0
        unsafe bcg729Encoder(state, input, output, &length)
        let octets = min(Int(length), G729Packet.frameOctets)
        for index in 0..<octets { payload[speech &+ index] = unsafe output[index] }
        if octets == G729Packet.frameOctets {
          (speech, silence) = (speech &+ octets, 0)
        } else if octets > 0 {
          silence = octets
        }
      }
      return speech &+ silence
    }
  }
#endif
