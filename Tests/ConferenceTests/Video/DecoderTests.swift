import Primitives
import RTP
import Testing

@testable import Conference

/// A real decoder behind a forwarder: libvpx is fed with what a watcher gets through 1,000 switches of publisher and layers.
/// Each picture that comes out is, to the bit, one that its encoder meant to be seen.
@Suite struct DecoderTests {
  struct Weather: CustomTestStringConvertible, Sendable {
    var loss: UInt64
    var reorder: UInt64
    var switches: Int
    var testDescription: String { "loss \(loss) %, reordering \(reorder) %" }
  }

  @Test(arguments: [
    Weather(loss: 0, reorder: 0, switches: 500), Weather(loss: 2, reorder: 5, switches: 500),
  ]) func aDecoderNeverSeesAGapThatWasNoLoss(weather: Weather) throws {
    var run = try Run(weather)
    try run.play()
    #expect(run.switches >= weather.switches)
    // Nothing but a lost packet, or one that came too late for who is shown, may break the stream.
    #expect(run.breaks <= run.excuses)
    if weather.loss == 0, weather.reorder == 0 { #expect(run.breaks == 0) }
    #expect(run.pictures > 3 * weather.switches)
    print("\(weather.testDescription): \(run.switches) switches, \(run.pictures) pictures decoded, ", terminator: "")
    print("\(run.excuses) packets lost or late, \(run.breaks) breaks")
  }

  private struct Run {
    let weather: Weather
    var random = RandomSource.seeded(17)
    var cameras: [RealCamera] = []
    var forwarder = Forwarder(ssrc: 1, random: .seeded(18), historyOctets: 1 << 14)
    var assembler = VP8Assembler()
    let decoder: VPXDecoder
    var delayed: [(due: Int, camera: Int, octets: [UInt8])] = []
    var switches = 0
    var pictures = 0
    var excuses = 0
    /// Camera and layer of the last picture.
    private var shown: (camera: Int, layer: Int)?
    var breaks: Int { assembler.breaks }

    init(_ weather: Weather) throws {
      self.weather = weather
      decoder = try #require(VPXDecoder())
      for (id, luma) in [UInt8(60), 200].enumerated() {
        cameras.append(try #require(RealCamera(id: UInt8(id), layers: 2, luma: luma, seed: UInt64(id) + 5)))
        forwarder.publish(
          LegID(UInt64(id)),
          PublisherPlan(
            codec: .vp8, payloadType: 96, layers: VideoSender.rids.prefix(2).compactMap { StreamLabel($0) },
            extensions: VideoExtensions(rid: VideoSender.ridExtension)))
      }
    }

    mutating func play() throws {
      let opened = forwarder.openView(LegID(99), ViewPlan(payloadType: 120, ssrc: 7))
      let view = try #require(opened)
      var camera = 0
      var step = 0
      while switches < weather.switches, step < 20_000 {
        let now = Instant(nanoseconds: Int64(step) * 33_000_000)
        if random.next() % 5 == 0 {
          camera = Int(random.next() % 2)
          let layers = LayerSelector.Layers(stream: Int(random.next() % 2), temporal: UInt8(random.next() % 3))
          forwarder.show(
            LegID(UInt64(camera)), in: view, layers: random.next() % 12 == 0 ? nil : layers, at: now)
        }
        for (index, octets) in try network(step) {
          var octets = octets
          var span = octets.mutableSpan
          forwarder.receive(&span, from: LegID(UInt64(index)), at: now)
        }
        forwarder.timeout(at: now)
        for request in forwarder.requests {
          KeyFrameRequest.read(request.feedback) { media, _ in
            for index in cameras.indices { cameras[index].request(media) }
          }
        }
        forwarder.requests.removeAll()
        try watch(at: now)
        step += 1
      }
    }

    /// What comes to the forwarder in this step.
    private mutating func network(_ step: Int) throws -> [(Int, [UInt8])] {
      var coming: [(Int, [UInt8])] = []
      for camera in cameras.indices {
        for layer in cameras[camera].layers.indices {
          let made = cameras[camera].picture(layer)
          for packet in try #require(made) {
            if random.next() % 100 < weather.loss {
              excuses += 1
            } else if random.next() % 100 < weather.reorder {
              excuses += 1
              delayed.append((step + 1 + Int(random.next() % 3), camera, packet.octets))
            } else {
              coming.append((camera, packet.octets))
            }
          }
        }
      }
      for late in delayed where late.due <= step { coming.append((late.camera, late.octets)) }
      delayed.removeAll { $0.due <= step }
      return coming
    }

    /// The watcher puts frames together, decodes them, and asks for a key frame when it must.
    private mutating func watch(at now: Instant) throws {
      let queue = forwarder.queue
      for entry in queue.entries { assembler.receive(queue.packet(entry), at: now) }
      forwarder.queue.removeAll()
      assembler.timeout(at: now)
      let whole = assembler
      for frame in whole.frames {
        let decoded = decoder.decode(WatchedPacket.octets(whole.octets(of: frame)))
        let picture = try #require(decoded, "libvpx decodes every frame")
        let camera = cameras.firstIndex { $0.sums[picture.sum] != nil }
        guard let camera, let layer = cameras[camera].sums[picture.sum] else {
          Issue.record("a picture of \(picture.width) × \(picture.height) that no camera meant")
          continue
        }
        #expect(picture.width == 32 << UInt32(layer))
        pictures += 1
        if shown.map({ $0 != (camera, layer) }) ?? false {
          switches += 1
          #expect(frame.isKeyFrame)
        }
        shown = (camera, layer)
      }
      assembler.removeFrames()
      if assembler.wantsKeyFrame(at: now) {
        forwarder.receive(
          KeyFrameRequest.pictureLoss.feedback(sender: 99, media: 7), fromWatcher: LegID(99), at: now)
      }
    }
  }
}
