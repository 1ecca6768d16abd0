import ArgumentParser
import Codecs
import Foundation

struct CodecsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codecs", abstract: "The codecs, and what a stream of each costs on this machine.",
    discussion: "Costs are microseconds of one core for 20 ms of speech, measured now; Opus at complexity 5, 24 kbit/s."
  )
  @Flag(help: "Print JSON for programs.") var json = false

  /// A row as programs read it.
  private struct Line: Encodable {
    var name: String
    var sampleRate: Int
    var clockRate: Int
    var channels: Int
    var packetTime: Int
    /// Nil: given by the offer.
    var payloadType: UInt8?
    var licence: String
    var encodeMicroseconds: Double
    var decodeMicroseconds: Double
  }

  func run() throws {
    let speech = SpeechLibrary().speech(0, seconds: 3)
    let lines = try CodecTable.rows.map { row in
      let cost = try CodecCost(row.format, speech: speech)
      return Line(
        name: row.encodingName, sampleRate: row.format.sampleRate, clockRate: row.format.clockRate,
        channels: row.format.channels, packetTime: row.defaultPacketTime, payloadType: row.staticPayloadType,
        licence: row.licence, encodeMicroseconds: cost.encode, decodeMicroseconds: cost.decode)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(lines), as: UTF8.self))
      return
    }
    print(
      TextTable(
        header: ["CODEC", "HZ", "CHANNELS", "PTIME", "PAYLOAD", "ENCODE", "DECODE", "LICENCE"],
        rows: lines.map { line in
          [
            line.name, "\(line.sampleRate)", "\(line.channels)", "\(line.packetTime) ms",
            line.payloadType.map { "\($0)" } ?? "offer's", "\(Decimals.text(line.encodeMicroseconds, 1)) µs",
            "\(Decimals.text(line.decodeMicroseconds, 1)) µs", line.licence,
          ]
        }
      ).text)
    print("\n\(OpusLibrary.version)")
  }
}
