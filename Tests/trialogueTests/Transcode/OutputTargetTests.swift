import Codecs
import Testing

@testable import trialogue

/// What a file becomes, by its name and what was asked.
@Suite struct OutputTargetTests {
  private func target(_ path: String, _ change: (inout TranscodeSettings) -> Void = { _ in }) throws -> OutputTarget {
    var settings = TranscodeSettings()
    change(&settings)
    return try OutputTarget(path: path, settings: settings)
  }

  @Test(arguments: [
    ("a.wav", CodecChoice.pcm, FileForm.Container.wav), ("A.WAV", .pcm, .wav), ("a.raw", .pcm, .headless),
    ("a.sln16", .pcm, .headless), ("a.ul", .pcmu, .headless), ("a.al", .pcma, .headless), ("a.opus", .opus, .oggOpus),
    ("a.ogg", .opus, .oggOpus), ("a.spx", .speex, .oggSpeex), ("a.lbc", .ilbc, .ilbc), ("a.amr", .amr, .amr),
    ("a.awb", .amrWB, .amr), ("a.gsm", .gsm, .headless), ("a.g722", .g722, .headless),
    ("a.g726-24", .g726At24, .headless), ("a.b.aal2-g726-40", .aal2g726At40, .headless),
  ])
  func theEndingTellsCodecAndContainer(path: String, codec: CodecChoice, container: FileForm.Container) throws {
    let target = try target("some.dir/" + path)
    #expect(target.codec == codec && target.container == container)
  }

  @Test func aCodecRefinesWhatTheEndingSays() throws {
    #expect(try target("a.wav") { $0.codec = .pcmu }.container == .wav)
    #expect(try target("a.ogg") { $0.codec = .speex }.container == .oggSpeex)
    #expect(try target("a.bin") { $0.codec = .g726At32 }.container == .headless)
  }

  @Test func whatContradictsItselfIsRefused() {
    for (path, change) in [
      ("a.opus", { $0.codec = .speex }), ("a.wav", { $0.codec = .g722 }), ("a.au", { _ in }), ("a", { _ in }),
      ("dir.wav/a", { _ in }), ("a.mp3", { _ in }), ("a.bin", { $0.codec = .opus }), ("a.gsm", { $0.rate = 16_000 }),
      ("a.wav", { $0.rate = 8_001 }), ("a.lbc", { $0.frame = 40 }), ("a.gsm", { $0.frame = 20 }),
      ("a.g722", { $0.bitRate = 48_000 }), ("a.ul", { $0.complexity = 3 }), ("a.spx", { $0.complexity = 0 }),
    ] as [(String, (inout TranscodeSettings) -> Void)] {
      #expect(throws: TranscodeFailure.self, "\(path)") { try target(path, change) }
    }
  }

  @Test(arguments: [
    ("a.wav", 11_025, 11_025), ("a.g722", 8_000, 16_000), ("a.amr", 48_000, 8_000), ("a.spx", 8_000, 8_000),
    ("a.spx", 48_000, 16_000), ("a.spx", 12_000, 16_000), ("a.opus", 8_000, 8_000), ("a.opus", 11_025, 12_000),
    ("a.opus", 32_000, 48_000), ("a.opus", 44_100, 48_000), ("a.opus", 96_000, 48_000), ("a.sln24", 8_000, 24_000),
  ])
  func theRateFollowsTheInputAsFarAsTheCodecCan(path: String, input: Int, encoder: Int) throws {
    let target = try target(path)
    #expect(target.encoderRate(target.form(inputRate: input, inputChannels: 1), inputRate: input) == encoder)
  }

  @Test func stereoIsKeptOnlyWhereItIsAskedForAndCanBe() throws {
    func channels(_ path: String, asked: Int, input: Int) throws -> Int {
      try target(path) { $0.channels = asked }.form(inputRate: 8_000, inputChannels: input).format.channels
    }
    #expect(try channels("a.wav", asked: 2, input: 2) == 2)
    #expect(try channels("a.raw", asked: 2, input: 2) == 2)
    #expect(try channels("a.wav", asked: 1, input: 2) == 1)
    #expect(try channels("a.wav", asked: 2, input: 1) == 1)
    #expect(try channels("a.wav", asked: 2, input: 6) == 1)
    #expect(try channels("a.ul", asked: 2, input: 2) == 1)
  }

  @Test func everyCodecHasAnEndingThatNamesIt() throws {
    for codec in CodecChoice.allCases {
      #expect(try target("a.\(codec.ending)") { $0.codec = codec }.codec == codec)
    }
  }

  @Test func speexTakesTheBestQualityWithinTheBitRate() {
    #expect(SpeexQuality.best(bitRate: 8_000, sampleRate: 8_000) == 4)
    #expect(SpeexQuality.best(bitRate: 27_799, sampleRate: 16_000) == 7)
    #expect(SpeexQuality.best(bitRate: 27_800, sampleRate: 32_000) == 7)
    #expect(SpeexQuality.best(bitRate: 100, sampleRate: 8_000) == 0)
    #expect(SpeexQuality.best(bitRate: 1_000_000, sampleRate: 16_000) == 10)
  }
}
