import Foundation
import Testing

@testable import trialogue

/// From a source's samples to those that an output wants.
@Suite struct SampleChainTests {
  private func tone(_ rate: Int, _ count: Int, frequency: Double = 400) -> [Int16] {
    (0..<count).map { Int16(8_000 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
  }

  /// In pieces of odd sizes.
  private func run(_ chain: SampleChain, _ samples: [Int16], channels: Int = 1) -> [Int16] {
    var chain = chain
    var output: [Int16] = []
    var place = 0
    for size in (1...).lazy.map({ $0 % 7 * 331 + 5 }) {
      let end = min(place + size * channels, samples.count)
      chain.process(Array(samples[place..<end]), into: &output)
      place = end
      if place == samples.count { break }
    }
    chain.finish(into: &output)
    return output
  }

  @Test(arguments: [
    (8_000, 16_000), (16_000, 8_000), (44_100, 8_000), (22_050, 16_000), (8_000, 48_000), (96_000, 48_000),
  ])
  func aToneKeepsItsLengthItsPlaceAndItsLevel(from: Int, to: Int) throws {
    let chain = try #require(SampleChain(inputRate: from, inputChannels: 1, outputRate: to, outputChannels: 1))
    let output = run(chain, tone(from, from / 10))
    let wanted = tone(to, to / 10)
    #expect(output.count == wanted.count)
    // Behind the edges, where a filter rings.
    let margin = to / 100
    let worst = zip(output, wanted).dropFirst(margin).dropLast(margin).map { abs(Int($0) - Int($1)) }.max() ?? .max
    // The filter's delay is cut in whole samples: up to half of one is left of it.
    let shift = from % to == 0 || to % from == 0 ? 0 : 0.5 * 8_000 * 2 * .pi * 400 / Double(to)
    #expect(Double(worst) < 120 + shift, "\(worst)")
  }

  @Test func channelsAreMixedDownToTheirMean() throws {
    let stereo = try #require(SampleChain(inputRate: 8_000, inputChannels: 2, outputRate: 8_000, outputChannels: 1))
    #expect(run(stereo, [100, 300, -5, -7, .max, .max], channels: 2) == [200, -6, .max])
    let six = try #require(SampleChain(inputRate: 8_000, inputChannels: 6, outputRate: 8_000, outputChannels: 1))
    #expect(run(six, [6, 12, 18, 0, 0, 0, .min, .min, .min, .min, .min, .min], channels: 6) == [6, .min])
  }

  @Test func twoChannelsStayApart() throws {
    let chain = try #require(SampleChain(inputRate: 16_000, inputChannels: 2, outputRate: 8_000, outputChannels: 2))
    let samples = zip(tone(16_000, 3_200), tone(16_000, 3_200, frequency: 900)).flatMap { [$0, $1] }
    let output = run(chain, samples, channels: 2)
    #expect(output.count == 3_200)
    for (channel, frequency) in [(0, 400.0), (1, 900.0)] {
      let wanted = tone(8_000, 1_600, frequency: frequency)
      let worst = (100..<1_500).map { abs(Int(output[2 * $0 + channel]) - Int(wanted[$0])) }.max() ?? .max
      #expect(worst < 120, "\(channel): \(worst)")
    }
  }

  @Test func ratesThatNobodyHasAreRefusedUnlessTheyStay() {
    #expect(SampleChain(inputRate: 7_350, inputChannels: 1, outputRate: 8_000, outputChannels: 1) == nil)
    #expect(SampleChain(inputRate: 7_350, inputChannels: 1, outputRate: 7_350, outputChannels: 1)?.isIdle == true)
  }

  @Test func levelsOfAWholeStreamAreOfAllItsPieces() {
    var tally = LevelTally()
    #expect(tally.level == Decibels.silence && tally.peakLevel == Decibels.silence)
    for piece in [[Int16](repeating: 0, count: 300), Array(repeating: 16_384, count: 100), [.max, .min]] {
      tally.measure(piece.span)
    }
    #expect(tally.count == 402 && tally.clipped == 2 && tally.peak == 32_768 && tally.peakLevel == 0)
    let power = (100 * 0.25 + 2) / 402.0
    #expect(abs(tally.level - 10 * log10(power)) < 0.01)
  }

  @Test func theBarTellsHowFarAllIs() {
    #expect(ProgressBar.line(done: 0, of: 100, after: .seconds(1)).hasSuffix(" 0 %, 0 s left "))
    let half = ProgressBar.line(done: 50, of: 100, after: .seconds(30))
    #expect(half.hasPrefix(String(repeating: "█", count: 20) + "·") && half.hasSuffix(" 50 %, 30 s left "))
    #expect(ProgressBar.line(done: 300, of: 100, after: .seconds(3)).contains(" 100 %, 0 s"))
    #expect(ProgressBar.line(done: 1, of: 0, after: .zero).contains("100 %"))
  }
}
