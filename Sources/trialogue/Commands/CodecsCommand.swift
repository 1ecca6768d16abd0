import ArgumentParser
import Audio
import Codecs
import Foundation

struct CodecsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codecs", abstract: "The codecs, and what a stream of each costs on this machine.",
    discussion: """
      Costs are microseconds of one core for 20 ms of speech, the bit rate is that of what was coded, both measured now; Opus at \
      complexity 5, 24 kbit/s. Codecs that this build leaves out are listed without costs.
      """
  )
  @Option(help: "WAV file to measure with, instead of the prompts.") var speech: String?
  @Flag(help: "Print JSON for programs.") var json = false

  /// A row as programs read it.
  struct Line: Encodable {
    var name: String
    /// Whether this build has it; what is measured is nil otherwise.
    var isBuilt = true
    var sampleRate: Int
    var clockRate: Int
    var channels: Int
    /// Milliseconds: the shortest frame, and what a packet holds where nobody says otherwise.
    var frameTime: Int
    var packetTime: Int
    /// Nil: given by the offer.
    var payloadType: UInt8?
    /// Bit/s.
    var bitRate: Int?
    var licence: String
    var encodeMicroseconds: Double?
    var decodeMicroseconds: Double?
  }

  func run() throws {
    let speech = try clip()
    var lines: [Line] = []
    for row in CodecTable.rows {
      for format in CodecsCommand.formats(row.format) { lines.append(try CodecsCommand.line(row, format, speech)) }
    }
    lines += CodecsCommand.leftOut
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(lines), as: UTF8.self))
    } else {
      print(CodecsCommand.table(lines) + "\n\n\(OpusLibrary.version)")
    }
  }

  private func clip() throws -> AudioClip {
    guard let speech else { return SpeechLibrary().speech(0, seconds: 5) }
    guard let data = FileManager.default.contents(atPath: speech) else {
      throw ValidationError("--speech '\(speech)' cannot be read; check the path and its permissions")
    }
    do { return try WAVReader.parse([UInt8](data)) } catch {
      throw ValidationError("--speech '\(speech)' is no WAV that can be read: \(error)")
    }
  }

  /// What a row stands for: iLBC has frames of two lengths under one name.
  private static func formats(_ format: CodecFormat) -> [CodecFormat] {
    format.codec == .ilbc ? [.ilbc(.twentyMilliseconds), .ilbc(.thirtyMilliseconds)] : [format]
  }

  private static func line(_ row: CodecTable.Row, _ format: CodecFormat, _ speech: AudioClip) throws -> Line {
    let cost = try CodecCost(format, speech: speech)
    let packet = row.defaultPacketTime % format.frameTime == 0 ? row.defaultPacketTime : format.frameTime
    return Line(
      name: row.encodingName, sampleRate: format.sampleRate, clockRate: format.clockRate, channels: format.channels,
      frameTime: format.frameTime, packetTime: packet, payloadType: row.staticPayloadType, bitRate: cost.bitRate,
      licence: row.licence, encodeMicroseconds: cost.encode, decodeMicroseconds: cost.decode)
  }

  /// What only a build on request has.
  private static var leftOut: [Line] {
    let format = CodecFormat.g729
    guard CodecTable.row(format) == nil else { return [] }
    return [
      Line(
        name: format.codec.rawValue, isBuilt: false, sampleRate: format.sampleRate, clockRate: format.clockRate,
        channels: format.channels, frameTime: format.frameTime, packetTime: 20, payloadType: 18,
        licence: "not in this build: 'swift build --traits G729' adds bcg729, GPL-3.0")
    ]
  }

  private static func table(_ lines: [Line]) -> String {
    func time(_ value: Double?) -> String { value.map { "\(Decimals.text($0, 1)) µs" } ?? "-" }
    return TextTable(
      header: ["CODEC", "HZ", "CHANNELS", "KBIT/S", "FRAME", "PTIME", "PAYLOAD", "ENCODE", "DECODE", "LICENCE"],
      rows: lines.map { line in
        [
          line.name, "\(line.sampleRate)", "\(line.channels)",
          line.bitRate.map { Decimals.text(Double($0) / 1_000, 1) } ?? "-", "\(line.frameTime) ms",
          "\(line.packetTime) ms", line.payloadType.map { "\($0)" } ?? "offer's", time(line.encodeMicroseconds),
          time(line.decodeMicroseconds), line.licence,
        ]
      }
    ).text
  }
}
