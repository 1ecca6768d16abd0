import RTP
import TestSupport
import Audio
import Codecs
import Conference
import Testing

/// What recordings hold and how long they are.
@Suite struct RecordingTests {
  private let recording = RecordingID("0a1b")

  private func plan(
    _ format: RecordingFormat = .wav, tracks: Bool = false, rate: Int = 16_000, id: RecordingID? = nil
  ) -> RecordingPlan {
    let id = id ?? recording
    return RecordingPlan(
      id: id, directory: "2026/01/01/\(id.rawValue)", format: format, tracks: tracks, sampleRate: rate)
  }

  private func recorded(_ stage: Stage, _ name: String) -> RecordedFile? {
    stage.files.finished[recording]?.first { $0.name == name }
  }

  @Test(arguments: [8_000, 16_000, 48_000])
  func aMixHoldsEverybodyForExactlyAsLongAsItRan(rate: Int) throws {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.join(VirtualMember(2, .opus, voice: Sound.tone(1_471)))
    stage.run(seconds: 1)
    stage.apply(.startRecording(plan(rate: rate)))
    stage.run(seconds: 3.14)
    stage.apply(.stopRecording(recording))
    let clip = try stage.files.wave(recording)
    #expect(clip.sampleRate == rate)
    #expect(clip.samples.count == rate / 50 * 157)
    #expect(recorded(stage, "mix.wav")?.samples == Int64(rate / 50 * 157))
    for tone in [713.0, 1_471] {
      #expect(abs(Sound.level(of: tone, in: clip.samples.suffix(rate), rate: rate) + 17) < 1.5)
    }
    #expect(stage.files.directories[recording] == "2026/01/01/0a1b")
  }

  @Test func anOpusMixIsAsLongAndInTime() throws {
    let stage = Stage()
    stage.join(VirtualMember(1, .l16(16_000), voice: Sound.bursts(713, on: 0.5, off: 1.5, start: 1)))
    stage.apply(.startRecording(plan(.opus)))
    stage.apply(.startRecording(plan(.wav, rate: 48_000, id: RecordingID("b"))))
    stage.run(seconds: 4)
    stage.apply(.stopRecording(recording))
    stage.apply(.stopRecording(RecordingID("b")))
    let coded = try stage.files.opus(recording)
    let plain = try stage.files.wave(RecordingID("b")).samples
    #expect(coded.count == 4 * 48_000)
    #expect(plain.count == 4 * 48_000)
    let onsets = [coded, plain].map { samples in samples.firstIndex { abs(Int($0)) > 1_500 } ?? 0 }
    #expect(abs(onsets[0] - onsets[1]) < 240, "\(onsets)")
    #expect(abs(Sound.level(of: 713, in: coded[onsets[0] + 4_000..<onsets[0] + 20_000], rate: 48_000) + 17) < 1.5)
    #expect(recorded(stage, "mix.opus")?.samples == Int64(4 * 48_000))
  }

  @Test(arguments: [RecordingFormat.wav, .opus])
  func tracksShareOneClockOverJoinsLeavesPausesAndStalls(format: RecordingFormat) throws {
    let stage = Stage()
    let first = stage.join(VirtualMember(1, .l16(16_000), voice: Sound.tone(713)))
    stage.apply(.startRecording(plan(format, tracks: true)))
    stage.run(seconds: 1)  // 0 … 1
    let second = stage.join(VirtualMember(2, .l16(16_000), voice: Sound.tone(1_471)))
    stage.run(seconds: 1)  // 1 … 2
    stage.apply(.pauseRecording(recording))
    stage.run(seconds: 1)  // 2 … 3
    stage.apply(.resumeRecording(recording))
    stage.stall(milliseconds: 500)  // 3 … 3.5
    stage.run(seconds: 0.5)  // 3.5 … 4
    stage.leave(first)
    stage.run(seconds: 1)  // 4 … 5
    stage.apply(.stopRecording(recording))
    _ = second
    func samples(_ name: String) throws -> ([Int16], Int) {
      switch format {
      case .wav: (try stage.files.wave(recording, name: name + ".wav").samples, 16_000)
      case .opus: (try stage.files.opus(recording, name: name + ".opus"), 48_000)
      }
    }
    let (mix, rate) = try samples("mix")
    let (one, _) = try samples("1")
    let (two, _) = try samples("2")
    #expect(mix.count == 5 * rate)
    #expect(two.count == 5 * rate)
    #expect(one.count >= 4 * rate && one.count <= 5 * rate)
    func level(_ samples: [Int16], _ tone: Double, _ from: Double, _ to: Double) -> Double {
      let range = Int(from * Double(rate))..<min(Int(to * Double(rate)), samples.count)
      return Sound.level(of: tone, in: samples[range], rate: rate)
    }
    for (from, to, hasFirst, hasSecond) in [
      (0.2, 0.95, true, false), (1.2, 1.95, true, true), (2.05, 2.95, false, false), (3.05, 3.45, false, false),
      (3.6, 3.95, true, true), (4.2, 4.95, false, true),
    ] {
      #expect((level(mix, 713, from, to) > -20) == hasFirst, "mix \(from): \(level(mix, 713, from, to))")
      #expect((level(mix, 1_471, from, to) > -20) == hasSecond, "mix \(from)")
      if to < Double(one.count) / Double(rate) { #expect((level(one, 713, from, to) > -20) == hasFirst, "1 \(from)") }
      #expect((level(two, 1_471, from, to) > -20) == hasSecond, "2 \(from)")
      #expect(level(two, 713, from, to) < -60)
    }
    let pauses = stage.events.compactMap { if case .recordingPaused(_, let isOn) = $0 { isOn } else { nil } }
    #expect(pauses == [true, false])
  }

  @Test func lossAndPausesOfASenderDoNotShortenItsTrack() throws {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    talker.isTransmitting = { $0.truncatingRemainder(dividingBy: 2) < 1 }
    stage.network.conditions[talker.address] = .init(jitter: 30, loss: 0.1)
    stage.apply(.startRecording(plan(tracks: true, rate: 8_000)))
    stage.run(seconds: 20)
    stage.apply(.stopRecording(recording))
    #expect(try stage.files.wave(recording, name: "1.wav").samples.count == 160_000)
  }

  @Test func aSlowDiskCostsOctetsAndNeitherLengthNorTheHeader() throws {
    let stage = Stage()
    stage.join(VirtualMember(1, .l16(48_000), voice: Sound.tone(713), packetTime: 10))
    stage.apply(.startRecording(plan(tracks: true, rate: 48_000)))
    stage.run(seconds: 1)
    stage.takesWrites = false
    // 192 kB a second against 4 MiB.
    stage.run(seconds: 40)
    #expect(stage.count { if case .recordingFailed(_, _, false) = $0 { true } else { false } } == 1)
    stage.apply(.startRecording(plan(rate: 48_000, id: RecordingID("late"))))
    stage.run(seconds: 1)
    stage.takesWrites = true
    stage.run(seconds: 2)
    stage.apply(.stopRecording(recording))
    stage.apply(.stopRecording(RecordingID("late")))
    let clip = try stage.files.wave(recording)
    #expect(clip.samples.count == 44 * 48_000)
    #expect(Sound.power(clip.samples.suffix(48_000)) > -24)
    let dropped = recorded(stage, "mix.wav")?.droppedOctets ?? 0
    #expect(dropped > 1_000_000)
    let silent = stride(from: 0, to: clip.samples.count - 960, by: 960).count {
      Sound.peak(clip.samples[$0..<$0 + 960]) == 0
    }
    #expect(abs(silent * 1_920 - Int(dropped)) < 50_000, "\(silent) frames, \(dropped) octets")
    let late = try stage.files.wave(RecordingID("late"))
    #expect(late.samples.count == 3 * 48_000)
  }

  @Test func fourRecordingsAtATimeAndAFifthIsRefused() throws {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    for index in 0..<5 {
      stage.apply(.startRecording(plan(index % 2 == 0 ? .wav : .opus, id: RecordingID("r\(index)"))))
      stage.run(seconds: 0.5)
    }
    #expect(stage.count { if case .recordingFailed(RecordingID("r4"), _, true) = $0 { true } else { false } } == 1)
    for index in 0..<4 { stage.apply(.stopRecording(RecordingID("r\(index)"))) }
    for index in 0..<4 {
      let seconds = 2.5 - Double(index) * 0.5
      let name = RecordingID("r\(index)")
      let length =
        index % 2 == 0
        ? Double(try stage.files.wave(name).samples.count) / 16_000 : Double(try stage.files.opus(name).count) / 48_000
      #expect(abs(length - seconds) < 1e-9)
    }
  }

  @Test func tracksHaveACap() {
    let stage = Stage()
    stage.apply(.startRecording(plan(tracks: true, rate: 8_000)))
    for index in 0..<1_010 {
      stage.room.addLeg(LegID(UInt64(index + 1)), at: stage.now)
      stage.apply(.admit(LegID(UInt64(index + 1))))
    }
    stage.run(ticks: 3)
    stage.apply(.stopRecording(recording))
    #expect(stage.files.finished[recording]?.count == 1_000)
  }

  @Test func announcementsAreInTheMixAndPrivatePlaysAreNot() throws {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .pcmu))
    stage.apply(.startRecording(plan()))
    stage.apply(.play(PlayTests.tone(1, 713, seconds: 2, to: .everyone)))
    stage.apply(.play(PlayTests.tone(2, 1_471, seconds: 2, to: .member(one.leg))))
    stage.run(seconds: 1.5)
    stage.apply(.stopRecording(recording))
    let clip = try stage.files.wave(recording)
    #expect(Sound.level(of: 713, in: clip.samples.suffix(16_000), rate: 16_000) > -18)
    #expect(Sound.level(of: 1_471, in: clip.samples.suffix(16_000), rate: 16_000) < -70)
  }

  @Test func theRateOfTheRoomMayChangeWhileItIsRecorded() throws {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(425)))
    stage.apply(.startRecording(plan(rate: 16_000)))
    stage.run(seconds: 1)
    let wide = stage.join(VirtualMember(2, .opus))
    stage.run(seconds: 1)
    stage.leave(wide)
    stage.run(seconds: 1)
    stage.apply(.stopRecording(recording))
    let clip = try stage.files.wave(recording)
    #expect(clip.samples.count == 48_000)
    let steady = Sound.roughness(clip.samples[5_000..<15_000])
    #expect(Sound.roughness(clip.samples[5_000...]) < steady * 13 / 10 + 60)
  }

  @Test func aFailedRecordingIsOverAndSaysSo() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu))
    stage.apply(.startRecording(plan()))
    stage.run(seconds: 0.2)
    stage.room.recordingOutcome(.failed(recording, reason: "The disk is full.", ended: true))
    stage.run(seconds: 1)
    #expect(stage.has { if case .recordingFailed(_, "The disk is full.", true) = $0 { true } else { false } })
    let writes = stage.files.writes
    stage.run(seconds: 1)
    #expect(stage.files.writes == writes)
  }
}
