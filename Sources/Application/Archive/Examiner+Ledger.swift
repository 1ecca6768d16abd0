/// The chain itself: each line sound, in its place, and following from the one before.
extension Examiner {
  /// A gap of so many lines is told line by line; a longer one as a whole.
  private static let shortGap = 100

  func examine(_ file: LedgerFile) {
    count(lines: file.lines.count)
    note(file.head)
    let sound = soundLines(of: file)
    examineGaps(sound)
    examineLinks(sound)
    follow(sound)
    // What the ledger does not tell any more, the recordings tell of themselves: so that their files are looked at too.
    for (number, sealed) in seals where sound[number] == nil {
      if live[sealed.id] == nil, !deleted.contains(sealed.id) { live[sealed.id] = sealed.known }
    }
  }

  /// An end that was noted before must still be there.
  func examine(_ expected: LedgerHead, in file: LedgerFile) {
    let isThere =
      expected == .beginning
      || file.lines.contains { $0.map { $0.number == expected.number && $0.hash == expected.hash } ?? false }
    guard !isThere else { return }
    find(
      ArchiveFinding(
        .headDiffers, "Line \(expected.number) of the ledger had another hash when it was noted", line: expected.number)
    )
  }

  /// Lines that are as the server wrote them, by number; tells those that are not, or stand elsewhere.
  private func soundLines(of file: LedgerFile) -> [Int: LedgerLine] {
    var sound: [Int: LedgerLine] = [:]
    var highest = 0
    var previous = 0
    for line in file.lines {
      guard let line, line.isSound, line.number > 0 else {
        // Its own number means nothing any more; its place does.
        previous += 1
        let id = seals[previous]?.id
        find(
          ArchiveFinding(
            .lineAltered, "Line \(previous) of the ledger\(of(id)) is not as the server wrote it", recording: id,
            line: previous))
        unreadable.insert(previous)
        continue
      }
      if sound[line.number] != nil {
        find(
          ArchiveFinding(
            .lineMoved, "Line \(line.number) of the ledger\(of(line.id)) stands there twice", recording: line.id,
            line: line.number))
      } else if line.number < highest {
        find(
          ArchiveFinding(
            .lineMoved, "Line \(line.number) of the ledger\(of(line.id)) stands behind line \(highest)",
            recording: line.id, line: line.number))
      }
      sound[line.number] = sound[line.number] ?? line
      highest = max(highest, line.number)
      previous = line.number
    }
    return sound
  }

  private func of(_ id: String?) -> String { id.map { " (recording \($0))" } ?? "" }

  private func examineGaps(_ sound: [Int: LedgerLine]) {
    var last = 0
    for number in unreadable.union(sound.keys).sorted() {
      defer { last = max(last, number) }
      guard number > last + 1 else { continue }
      if number - last - 1 <= Self.shortGap {
        for missing in (last + 1)..<number { tellMissing(missing) }
      } else {
        find(
          ArchiveFinding(
            .lineMissing, "Lines \(last + 1) to \(number - 1) of the ledger are missing", line: last + 1))
      }
    }
    // Its end may be missing: then recordings know of lines that it does not have.
    for number in seals.keys.sorted() where number > last { tellMissing(number) }
  }

  private func tellMissing(_ number: Int) {
    let id = seals[number]?.id
    find(
      ArchiveFinding(
        .lineMissing, "Line \(number) of the ledger\(of(id)) is missing", recording: id, line: number))
  }

  private func examineLinks(_ sound: [Int: LedgerLine]) {
    for number in sound.keys.sorted() {
      guard let line = sound[number] else { continue }
      let former = number == 1 ? LedgerLine.beginning : sound[number - 1]?.hash
      guard let former, line.previous != former else { continue }
      // Of two lines that are sound and do not fit, the recordings tell which is another one.
      let isOther = seals[number].map { $0.known.seal.hash != line.hash } ?? (number == 1)
      let wrong = isOther ? number : number - 1
      let id = seals[wrong]?.id ?? sound[wrong]?.id
      find(
        ArchiveFinding(
          .lineAltered, "Line \(wrong) of the ledger\(of(id)) was replaced: the chain breaks at line \(number)",
          recording: id, line: wrong))
    }
  }

  /// What the lines say that there should be.
  private func follow(_ sound: [Int: LedgerLine]) {
    for (number, line) in sound.sorted(by: { $0.key < $1.key }) {
      switch line.event {
      case .closed:
        guard let directory = line.directory, let seal = line.seal else { continue }
        if let former = live[line.id], former.seal.facts != seal.facts {
          let finding = ArchiveFinding(
            .recordingClosedAgain,
            "Recording \(line.id) was closed in line \(former.seal.number) and, with other facts, in line \(number)",
            recording: line.id, line: number)
          // What was closed incomplete is closed again when a start has repaired it; what was finished never is.
          if line.reason != nil, former.isIncomplete { remark(finding) } else { find(finding) }
        }
        live[line.id] = Known(directory: directory, seal: seal, isIncomplete: line.reason != nil)
      case .deleted:
        live[line.id] = nil
        held.remove(line.id)
        deleted.insert(line.id)
      case .held: held.insert(line.id)
      case .released: held.remove(line.id)
      }
    }
  }
}
