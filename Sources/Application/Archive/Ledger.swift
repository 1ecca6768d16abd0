/// The chain of the archive on its disk: lines go to its end, in an order of their own, and are durable when `append`
/// returns.
actor Ledger {
  /// Of the file in the archive's root.
  static let name = "ledger.jsonl"

  private let disk: any ArchiveDisk
  /// The last line; nil of an empty chain.
  private(set) var head: LedgerHead
  /// Octets of whole lines: what lies behind was never acknowledged, and is overwritten.
  private var length: Int64
  private var waiting: [(entry: LedgerEntry, answer: CheckedContinuation<LedgerLine, any Error>)] = []
  private var isWriting = false

  init(disk: any ArchiveDisk, file: LedgerFile) {
    self.disk = disk
    head = file.head
    length = file.length
  }

  /// Lines that come while others are written go to the disk together. Throws what the disk says; then the line is not
  /// there.
  func append(_ entry: LedgerEntry) async throws -> LedgerLine {
    try await withCheckedThrowingContinuation { answer in
      waiting.append((entry, answer))
      guard !isWriting else { return }
      isWriting = true
      Task { await write() }
    }
  }

  private func write() async {
    while !waiting.isEmpty {
      let batch = waiting
      waiting = []
      do {
        let lines = try lines(of: batch.map(\.entry))
        let octets = try lines.flatMap { try $0.octets() + [UInt8(ascii: "\n")] }
        try await disk.write(octets, to: Self.name, at: length)
        length += Int64(octets.count)
        if let last = lines.last { head = LedgerHead(number: last.number, hash: last.hash) }
        for (line, request) in zip(lines, batch) { request.answer.resume(returning: line) }
      } catch {
        for request in batch { request.answer.resume(throwing: error) }
      }
    }
    isWriting = false
  }

  private func lines(of entries: [LedgerEntry]) throws -> [LedgerLine] {
    var head = head
    return try entries.map { entry in
      let line = try LedgerLine(entry, number: head.number + 1, previous: head.hash)
      head = LedgerHead(number: line.number, hash: line.hash)
      return line
    }
  }
}
