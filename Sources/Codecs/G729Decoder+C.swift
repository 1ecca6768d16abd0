#if G729
  import CBCG729

  /// A G.729 decoder with Annex B comfort noise and the codec's own concealment (RFC 3551, section 4.5.6). One owner uses it at a
  /// time.
  @safe package final class G729Decoder {
    private let state: OpaquePointer

    package init() throws(CodecError) {
      guard let state = unsafe initBcg729DecoderChannel() else { throw .library(0) }
      unsafe self.state = unsafe state
    }

    deinit { unsafe closeBcg729DecoderChannel(state) }

    /// Decodes the frames of a packet that fit into the span; returns samples, 0 if the packet is badly framed.
    package func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
      guard let duration = G729Packet.duration(payload) else { return 0 }
      let frames = min(duration, samples.count) / G729Packet.frameSamples
      return unsafe samples.withUnsafeMutableBufferPointer { output -> Int in
        unsafe payload.withUnsafeBufferPointer { input -> Int in
          guard let pointer = output.baseAddress, let octets = input.baseAddress else { return 0 }
          for frame in 0..<frames {
            let start = frame &* G729Packet.frameOctets
            let isSilence = input.count &- start < G729Packet.frameOctets
            unsafe bcg729Decoder(
              state, octets + start, UInt8(isSilence ? G729Packet.silenceOctets : G729Packet.frameOctets), 0,
              isSilence ? 1 : 0, 0, pointer + frame &* G729Packet.frameSamples)
          }
          return frames &* G729Packet.frameSamples
        }
      }
    }

    /// Makes up for `count` lost samples, in whole frames; goes on with comfort noise in a pause. Returns samples.
    package func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
      let frames = min(count, samples.count) / G729Packet.frameSamples
      guard frames > 0 else { return 0 }
      return unsafe samples.withUnsafeMutableBufferPointer { output -> Int in
        guard let pointer = output.baseAddress else { return 0 }
        for frame in 0..<frames {
          unsafe bcg729Decoder(state, nil, 0, 1, 0, 0, pointer + frame &* G729Packet.frameSamples)
        }
        return frames &* G729Packet.frameSamples
      }
    }
  }
#endif
