import Foundation

/// The ledger as it lies on disk, or its end.
struct LedgerFile: Sendable {
  /// Octets of the end that a start looks at: some hundred lines.
  static let tail: UInt64 = 256 << 10

  /// Every line, in the order of the file; nil for what is none. What a power cut left without its end is left out.
  let lines: [LedgerLine?]
  /// Octets of whole lines, from the beginning of the file.
  let length: Int64
  /// Where the next line follows.
  let head: LedgerHead

  init(_ octets: [UInt8] = [], offset: Int64 = 0) {
    var parts = octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let rest = parts.popLast()?.count ?? 0
    // The first line of an end has no beginning.
    if offset > 0, !parts.isEmpty { parts.removeFirst() }
    lines = parts.map { LedgerLine($0) }
    length = offset + Int64(octets.count - rest)
    // Behind a line that is none the count goes on, so that no number is given twice.
    if let last = lines.lastIndex(where: { $0 != nil }), let line = lines[last] {
      head = LedgerHead(number: line.number + (lines.count - 1 - last), hash: line.hash)
    } else {
      head = LedgerHead(number: lines.count, hash: LedgerLine.beginning)
    }
  }

  /// Reads the file, or its end alone. Nil if it is there and cannot be read. Blocks.
  init?(root: String, onlyEnd: Bool) {
    let path = "\(root)/\(Ledger.name)"
    guard FileManager.default.fileExists(atPath: path) else {
      self.init()
      return
    }
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    do {
      let size = try file.seekToEnd()
      let offset = onlyEnd && size > Self.tail ? size - Self.tail : 0
      try file.seek(toOffset: offset)
      let end = Self([UInt8](try file.readToEnd() ?? Data()), offset: Int64(offset))
      if offset > 0, end.lines.allSatisfy({ $0 == nil }) {
        self.init(root: root, onlyEnd: false)
      } else {
        self = end
      }
    } catch {
      return nil
    }
  }
}
