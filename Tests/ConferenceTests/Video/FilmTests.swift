import Audio
import Codecs
import Conference
import Primitives
import RTP
import Testing

/// Recordings with the members' pictures: WebM files on the clock of the mix.
@Suite struct FilmTests {
  private let recording = RecordingID("0a1b")

  /// A member that talks and shows itself, 30 pictures a second.
  private final class Shooting {
    let stage = Stage()
    var camera = VideoSender(id: 1, layers: 1, seed: 3)
    let member: VirtualMember
    private let browser: VirtualBrowser
    /// Packets that do not come.
    var loses: (VideoSender.Packet) -> Bool = { _ in false }
    var isOn = true
    private(set) var requests = 0
    private var seen = 0

    init(publishes codec: VideoCodec = .vp8) throws {
      member = VirtualMember(1, .opus, voice: Sound.tone(713))
      var server = try Stage.Server()
      browser = try stage.joinBrowser(member, of: &server)
      let plan = PublisherPlan(codec: codec, payloadType: 96)
      stage.apply(
        .setLegPlan(member.leg, LegPlan(audio: member.plan, video: VideoPlan(publisher: plan, canonicalName: "x"))))
      stage.run(seconds: 1)
      try #require(browser.hasKeys)
    }

    func send(_ packet: [UInt8]) {
      guard let octets = browser.protect(packet) else { return }
      stage.inject(octets, to: member.leg, from: member.address)
    }

    func run(seconds: Double) {
      stage.run(ticks: Int(seconds * 50)) { tick in
        for report in member.reports.dropFirst(seen) {
          guard case .feedback(let feedback) = report else { continue }
          KeyFrameRequest.read(feedback) { media, _ in
            camera.request(media)
            requests += 1
          }
        }
        seen = member.reports.count
        guard isOn, tick * 3 / 5 > (tick - 1) * 3 / 5 else { return }
        for packet in camera.picture(0) where !loses(packet) {
          send(packet.octets)
        }
      }
    }
  }

  private func plan(tracks: Bool = false, video: Bool = true) -> RecordingPlan {
    RecordingPlan(id: recording, directory: "d", tracks: tracks, sampleRate: 16_000, video: video)
  }

  /// The frames of a film: what they are, when they are shown, and whether they are key frames.
  private func frames(_ stage: Stage, _ name: String = "1.webm") throws -> [(tag: Int, time: Int64, isKey: Bool)] {
    let file = stage.files.bytes(recording, name: name)
    return try WebMReader(file).blocks.filter { $0.track == WebMTracks.videoNumber }.map { block in
      (VideoSender.tag(file[block.place])?.frame ?? -1, block.time, block.isKeyFrame)
    }
  }

  @Test func aFilmHoldsPictureAndVoiceForAsLongAsTheMix() throws {
    let shooting = try Shooting()
    shooting.run(seconds: 1)
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 5)
    shooting.stage.apply(.stopRecording(recording))
    let file = shooting.stage.files.bytes(recording, name: "1.webm")
    let reader = try WebMReader(file)
    #expect(reader.isClosed && reader.damage == 0)
    #expect(reader.tracks.video == WebMTracks.Video(width: 160, height: 90))
    #expect(abs(reader.duration - 5_000) <= 20, "\(reader.duration)")
    let shown = try frames(shooting.stage)
    #expect(shown.first?.isKey == true && (shown.first?.time ?? .max) < 300)
    #expect(shown.count > 140)
    // Every frame, each 33 ms behind the last one: that is what their timestamps say.
    for (earlier, later) in zip(shown, shown.dropFirst()) {
      #expect(later.tag == earlier.tag + 1)
      #expect((25...45).contains(later.time - earlier.time), "\(earlier) \(later)")
    }
    let voice = reader.blocks.filter { $0.track == WebMTracks.audioNumber }
    #expect(voice.map(\.time) == (0...250).map { Int64($0) * 20 })
    #expect(Sound.level(of: 713, in: try sound(file, reader)[48_000..<96_000], rate: 48_000) > -20)
    let listed = try #require(shooting.stage.files.finished[recording]?.first { $0.name == "1.webm" })
    #expect(listed.leg == LegID(1) && listed.samples == 240_000 && listed.sampleRate == 48_000)
    #expect(shooting.stage.files.finished[recording]?.map(\.name) == ["mix.wav", "1.webm"])
  }

  private func sound(_ file: [UInt8], _ reader: WebMReader) throws -> [Int16] {
    var decoder = AudioDecoder(format: .opus, outputRate: 48_000)
    var samples: [Int16] = []
    for block in reader.blocks where block.track == WebMTracks.audioNumber {
      var buffer = [Int16](repeating: 0, count: 5_760)
      var span = buffer.mutableSpan
      let count = decoder.decode(Array(file[block.place]).span, into: &span)
      samples += buffer[..<count]
    }
    return samples
  }

  @Test func aRecordingBeginsWithAKeyFrameThatItAsksFor() throws {
    let shooting = try Shooting()
    shooting.run(seconds: 2)
    #expect(shooting.requests == 0)
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 1)
    #expect(shooting.requests >= 1)
    shooting.stage.apply(.stopRecording(recording))
    #expect(try frames(shooting.stage).first.map { $0.isKey && $0.time < 300 } == true)
  }

  @Test(arguments: [true, false]) func pausesAndMasksKeepThePictureOut(isMask: Bool) throws {
    let shooting = try Shooting()
    shooting.stage.apply(.startRecording(plan(tracks: true)))
    shooting.run(seconds: 2)
    let first = shooting.camera.layers[0].frames.count
    shooting.stage.apply(isMask ? .setMasked(LegID(1), true) : .pauseRecording(recording))
    shooting.run(seconds: 2)
    let second = shooting.camera.layers[0].frames.count
    shooting.stage.apply(isMask ? .setMasked(LegID(1), false) : .resumeRecording(recording))
    shooting.run(seconds: 2)
    shooting.stage.apply(.stopRecording(recording))
    let shown = try frames(shooting.stage)
    #expect(shown.contains { $0.tag < first - 5 } && shown.contains { $0.tag > second + 20 })
    #expect(!shown.contains { $0.tag > first && $0.tag < second - 1 })
    #expect(shown.first { $0.tag >= second - 1 }?.isKey == true)
    let reader = try WebMReader(shooting.stage.files.bytes(recording, name: "1.webm"))
    #expect(abs(reader.duration - 6_000) <= 20)
    #expect(shooting.stage.files.finished[recording]?.map(\.name) == ["mix.wav", "1.wav", "1.webm"])
  }

  @Test func afterALossTheFilmGoesOnWithAKeyFrame() throws {
    let shooting = try Shooting()
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 2)
    let lost = shooting.camera.layers[0].frames.count
    shooting.loses = { $0.tag.frame == lost }
    shooting.run(seconds: 3)
    shooting.stage.apply(.stopRecording(recording))
    let shown = try frames(shooting.stage)
    let behind = try #require(shown.first { $0.tag >= lost })
    #expect(behind.isKey && behind.tag < lost + 30, "\(behind) behind \(lost)")
    #expect(shown.last.map { $0.tag > lost + 60 } == true)
  }

  @Test func whoShowsItselfLaterIsOnTheSameClock() throws {
    let shooting = try Shooting()
    shooting.isOn = false
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 3)
    shooting.isOn = true
    shooting.run(seconds: 2)
    shooting.stage.apply(.stopRecording(recording))
    let shown = try frames(shooting.stage)
    #expect(shown.first.map { (2_950...3_300).contains($0.time) } == true, "\(String(describing: shown.first))")
    let reader = try WebMReader(shooting.stage.files.bytes(recording, name: "1.webm"))
    #expect(reader.blocks.filter { $0.track == WebMTracks.audioNumber }.map(\.time) == (0...250).map { Int64($0) * 20 })
  }

  @Test func aTornFilmIsMendedToItsLastMoment() throws {
    let shooting = try Shooting()
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 4)
    let torn = shooting.stage.files.bytes(recording, name: "1.webm")
    let reader = try WebMReader(torn)
    #expect(!reader.isClosed)
    // What players read of it while it grows.
    #expect(reader.duration > 3_700)
    let repair = try #require(WebMRepair.repair(torn))
    #expect(repair.frames > 48 * 3_700)
  }

  @Test func aDiskThatTakesNothingCostsPicturesAndNotTheFile() throws {
    let shooting = try Shooting()
    shooting.camera.packetsPerFrame = 1...1
    shooting.stage.apply(.startRecording(plan()))
    shooting.run(seconds: 2)
    shooting.stage.takesWrites = false
    // More than the queue holds: pictures of the largest packets.
    let filler = [UInt8](repeating: 7, count: 1_400)
    for _ in 0..<55 {
      for number in 0..<60 {
        var packet = shooting.camera.picture(0)[0].octets
        packet.insert(contentsOf: filler, at: packet.count - 8)
        if number % 30 == 0 { shooting.camera.layers[0].wantsKey = true }
        shooting.send(packet)
      }
      shooting.stage.run(ticks: 1)
    }
    shooting.stage.takesWrites = true
    shooting.run(seconds: 2)
    shooting.stage.apply(.stopRecording(recording))
    let listed = try #require(shooting.stage.files.finished[recording]?.first { $0.name == "1.webm" })
    #expect(listed.droppedOctets > 0)
    let reader = try WebMReader(shooting.stage.files.bytes(recording, name: "1.webm"))
    #expect(reader.isClosed && reader.damage == 0)
    let shown = try frames(shooting.stage)
    for (earlier, later) in zip(shown, shown.dropFirst()) where later.tag != earlier.tag + 1 {
      #expect(later.isKey, "\(later.tag) behind \(earlier.tag)")
    }
  }

  @Test func whatIsNotVP8OrNotAskedForIsNotFilmed() throws {
    for (codec, video) in [(VideoCodec.vp8, false), (.h264, true)] {
      let shooting = try Shooting(publishes: codec)
      shooting.stage.apply(.startRecording(plan(video: video)))
      shooting.run(seconds: 1)
      shooting.stage.apply(.stopRecording(recording))
      #expect(shooting.stage.files.finished[recording]?.map(\.name) == ["mix.wav"])
    }
  }
}
