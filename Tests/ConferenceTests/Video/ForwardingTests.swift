import Primitives
import RTP
import Testing

@testable import Conference

/// What a watcher gets over many random switches of publisher and layers, with loss and reordering on the way to us: one
/// continuous stream in which only what was lost is missing.
@Suite struct ForwardingTests {
  struct Weather: CustomTestStringConvertible, Sendable {
    var loss: UInt64
    var reorder: UInt64
    var isShort = false
    var seed: UInt64
    var testDescription: String { "loss \(loss) %, reordering \(reorder) %\(isShort ? ", 7 bits" : "")" }
  }

  static let weathers = [
    Weather(loss: 0, reorder: 0, seed: 1), Weather(loss: 4, reorder: 0, seed: 2),
    Weather(loss: 0, reorder: 10, seed: 3), Weather(loss: 4, reorder: 10, seed: 4),
    Weather(loss: 4, reorder: 0, isShort: true, seed: 5),
  ]

  @Test(arguments: weathers) func aWatcherMissesOnlyWhatWasLost(weather: Weather) throws {
    var run = SwitchingRun(weather)
    try run.play(switches: 210)
    #expect(run.begins >= 200, "\(run.begins)")
    #expect(run.packets.count > 2_000)
    run.checkSequences()
    run.checkFrames()
    print(
      "\(weather.testDescription): \(run.begins) switches, \(run.packets.count) packets, \(run.fillers) fillers, ",
      terminator: "")
    print("\(run.lost) lost, \(run.gaps) gaps")
  }
}
