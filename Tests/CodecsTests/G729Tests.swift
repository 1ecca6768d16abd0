import TestSupport
import Testing

@testable import Codecs

@Suite struct G729PacketTests {
  @Test func packetsTellTheirDuration() {
    func duration(_ octets: Int) -> Int? { G729Packet.duration([UInt8](repeating: 0, count: octets).span) }
    #expect(duration(0) == nil)
    #expect(duration(2) == 80)
    #expect(duration(10) == 80)
    #expect(duration(12) == 160)
    #expect(duration(20) == 160)
    #expect(duration(200) == 1_600)
    #expect(duration(202) == nil)
    #expect((0...300).filter { duration($0) != nil }.allSatisfy { [0, 2].contains($0 % 10) })
  }
}

#if G729
  @Suite struct G729Tests {
    private static func frames(_ path: String) throws -> [[UInt8]] {
      let octets = try Vectors.bytes(path)
      return stride(from: 0, to: octets.count - 9, by: 10).map { Array(octets[$0..<$0 + 10]) }
    }

    @Test(.enabled(if: Vectors.isPresent), arguments: ["s01_en_f_allison", "s02_it_m_carlo"])
    func decodesExactlyAsTheReference(_ name: String) throws {
      let decoder = try G729Decoder()
      let samples = try Self.frames("codec/g729/\(name).g729a.g729").flatMap { decoder.samples($0) }
      #expect(samples == (try Vectors.samples("codec/g729/\(name).g729a.dec-bcg729.wav")))
    }

    @Test(.enabled(if: Vectors.isPresent)) func concealsExactlyAsTheReference() throws {
      let name = "codec/g729/s01_en_f_allison.g729a"
      let decoder = try G729Decoder()
      let arrivals = try FramedVector.arrivals("\(name).loss-r5.txt")
      let frames = try Self.frames("\(name).g729")
      #expect(frames.count == arrivals.count)
      let samples = zip(frames, arrivals).flatMap { $1 ? decoder.samples($0) : decoder.concealed(80) }
      #expect(samples == (try Vectors.samples("\(name).loss-r5.dec-bcg729.wav")))
    }

    @Test(.enabled(if: Vectors.isPresent)) func decodesComfortNoiseExactlyAsTheReference() throws {
      let name = "codec/g729/s04_en_m_flite_rms.g729b"
      let decoder = try G729Decoder()
      let payloads = try FramedVector.payloads("\(name).frm")
      #expect(Set(payloads.map(\.count)) == [0, 2, 10])
      let samples = payloads.flatMap { $0.isEmpty ? decoder.concealed(80) : decoder.samples($0) }
      #expect(samples == (try Vectors.samples("\(name).dec-bcg729.wav")))
    }

    @Test(.enabled(if: Vectors.isPresent)) func encodesExactlyAsTheReference() throws {
      for (name, path, annexB) in [
        ("s01_en_f_allison", "s01_en_f_allison.g729a.g729", false),
        ("s02_it_m_carlo", "s02_it_m_carlo.g729a.g729", false),
        ("s04_en_m_flite_rms", "s04_en_m_flite_rms.g729b.frm", true),
      ] {
        let speech = try Vectors.samples("speech/\(name).8k.wav")
        let encoder = try G729Encoder(annexB: annexB)
        let frames = annexB ? try FramedVector.payloads("codec/g729/\(path)") : try Self.frames("codec/g729/\(path)")
        let count = min(frames.count, speech.count / 80)
        #expect(count > 100)
        let coded = (0..<count).map { encoder.packet(Array(speech[$0 * 80..<($0 + 1) * 80])) }
        #expect(coded == Array(frames.prefix(count)))
      }
    }

    @Test func carriesSeveralFramesInAPacket() throws {
      let (single, packed) = (try G729Encoder(), try G729Encoder())
      let (first, second) = (try G729Decoder(), try G729Decoder())
      for packet in 0..<10 {
        let samples = Tone.frame(packet, rate: 8_000)
        let payloads = [single.packet(Array(samples[..<80])), single.packet(Array(samples[80...]))]
        let payload = packed.packet(samples)
        #expect(payload == payloads[0] + payloads[1])
        #expect(second.samples(payload) == payloads.flatMap { first.samples($0) })
      }
      #expect(packed.packet([Int16](repeating: 0, count: 81)).isEmpty)
      #expect(packed.packet([]).isEmpty)
    }

    @Test func packetsWithSilenceAreWellFramed() throws {
      let encoder = try G729Encoder(annexB: true)
      let decoder = try G729Decoder()
      var lengths = Set<Int>()
      var seed = SeededOctets(seed: 729)
      for packet in 0..<400 {
        // Bursts of voice in a little noise, cut without regard to the packets.
        let samples = (0..<160).map { index -> Int16 in
          (packet * 160 + index) / 1_840 % 3 == 0
            ? Tone.frame(packet, rate: 8_000)[index] : Int16(seed.next() & 15)
        }
        let payload = encoder.packet(samples)
        lengths.insert(payload.count)
        guard !payload.isEmpty else { continue }
        #expect(decoder.samples(payload).count == G729Packet.duration(payload.span))
      }
      #expect(lengths.isSubset(of: [0, 2, 10, 12, 20]))
      #expect(lengths.isSuperset(of: [0, 2, 20]))
    }

    @Test func survivesPacketsOfNoise() throws {
      let decoder = try G729Decoder()
      var seed = SeededOctets(seed: 11)
      for number in 0..<10_000 {
        let payload = seed.octets([2, 10, 12, 20, 22, seed.number(below: 230)][number % 6])
        #expect(decoder.samples(payload).count == G729Packet.duration(payload.span) ?? 0)
        if number % 5 == 0 { #expect(decoder.concealed(170).count == 160) }
      }
    }
  }
#endif
