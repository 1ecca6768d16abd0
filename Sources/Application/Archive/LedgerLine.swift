import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One line of the ledger, `ledger.jsonl` in the archive's root: something final happened to a recording. It carries
/// the hash of the line before, so that none can be changed, taken out or moved without all that follow showing it.
package struct LedgerLine: Codable, Hashable, Sendable {
  package enum Event: String, Codable, Hashable, Sendable {
    case closed, deleted, held, released
  }

  /// What the first line follows.
  package static let beginning = String(repeating: "0", count: 64)

  /// More lines than any archive has.
  static let maximumNumber = 1 << 48

  /// From 1, without gaps.
  package var number: Int
  package var event: Event
  /// The recording.
  package var id: String
  /// Where its files lie, below the root; only of `closed`.
  package var directory: String?
  /// SHA-256 of what the recording is (`RecordingFacts`); only of `closed`.
  package var facts: String?
  /// RFC 3339.
  package var at: String
  /// Who wanted it; only of what people or rules do.
  package var by: String?
  /// Why; of what was closed otherwise than `finished`, its state.
  package var reason: String?
  /// The hash of the line before.
  package var previous: String
  /// SHA-256 of all of the above, as JSON with sorted keys, in lower-case hex.
  package private(set) var hash = ""

  package init(_ entry: LedgerEntry, number: Int, previous: String) throws {
    self.number = number
    event = entry.event
    id = entry.id
    directory = entry.directory
    facts = entry.facts
    at = entry.at
    by = entry.by
    reason = entry.reason
    self.previous = previous
    hash = try expectedHash()
  }

  /// Reads a line without its end. Nil for what is not, to the octet, as we write lines.
  init?(_ text: some Sequence<UInt8>) {
    let octets = [UInt8](text)
    guard let line = try? JSONDecoder().decode(LedgerLine.self, from: Data(octets)), let same = try? line.octets(),
      same == octets, (1...Self.maximumNumber).contains(line.number)
    else { return nil }
    self = line
  }

  var isSound: Bool { (try? expectedHash()) == hash }

  /// The line as it stands in the file, without its end.
  func octets() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self))
  }

  /// What `recording.json` keeps of it; nil for lines that close nothing.
  var seal: RecordingSeal? {
    facts.map { RecordingSeal(number: number, previous: previous, facts: $0, hash: hash) }
  }

  private func expectedHash() throws -> String {
    var bare = self
    bare.hash = ""
    return HexText.text(SHA256.hash(data: try bare.octets()))
  }
}
