import Testing

/// Rules 1, 2, 9, 10 and 11: imports go down, and each floor keeps to what is its own.
@Suite struct FloorTests {
  @Test func everyTargetHasItsFloor() {
    #expect(Source.all.count > 150)
    let targets = Set(Source.all.map(\.target))
    #expect(targets.isSubset(of: Set(Floors.house.keys)), "\(targets.subtracting(Floors.house.keys))")
  }

  @Test func importsGoDownOnly() {
    for source in Source.all {
      for name in source.imports {
        if Floors.house[name] != nil {
          #expect(Floors.house[source.target]?.contains(name) == true, "\(source.path) imports \(name)")
        } else {
          // The longest beginning decides: `CSpeexDSP` before `CSpeex`.
          let rule = Floors.foreign.keys.filter { name.hasPrefix($0) }.max { $0.count < $1.count }
          #expect(
            rule.flatMap { Floors.foreign[$0] }?.contains(source.target) == true, "\(source.path) imports \(name)")
        }
        if Floors.c.contains(name), source.target != "trialogue" {
          #expect(source.isUnsafe, "\(source.path) imports \(name) outside a +C file")
        }
      }
    }
  }

  /// Package.swift may not open a way that no import goes yet.
  @Test func dependenciesGoDownOnly() {
    let text = Source.text("Package.swift")
    var found = 0
    for part in text.components(of: "house(").dropFirst() {
      let names = part.prefix(while: { $0 != "]" && $0 != ")" }).split(
        separator: "\"", omittingEmptySubsequences: false
      ).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      guard let target = names.first, let allowed = Floors.house[target] else { continue }
      found += 1
      for name in names.dropFirst() where Floors.house[name] != nil {
        #expect(allowed.contains(name), "Package.swift: \(target) depends on \(name)")
      }
    }
    #expect(found > 8)
  }

  @Test func lowerFloorsKnowNoClockThreadOrFile() {
    let forbidden: Set<Substring> = [
      "ContinuousClock", "SuspendingClock", "Date", "clock_gettime", "Task", "Thread", "DispatchQueue", "Mutex",
      "NSLock",
      "actor", "async", "await", "FileManager", "FileHandle", "Logger", "ProcessInfo", "Socket",
      "SystemRandomNumberGenerator",
    ]
    // The port that Application sees, and the one place where randomness comes from.
    let exempt: Set<String> = ["Conference/MediaPlane.swift", "Primitives/RandomSource.swift"]
    for source in Source.all where Floors.pure.contains(source.target) && !exempt.contains(source.path) {
      for line in source.lines {
        for word in line.words where forbidden.contains(word) { Issue.record("\(source.place(line)) (\(word))") }
        if line.code.contains("RandomSource.system") || line.code.contains("randomElement()")
          || line.code.contains("shuffled()")
        {
          Issue.record("\(source.place(line)): randomness enters as a generator")
        }
      }
    }
  }

  @Test func nothingIsGlobalAndChanges() {
    for source in Source.all {
      for line in source.lines {
        let code = line.code
        let isStored = code.contains(" = ") || !code.contains("{")
        if code.contains("static var "), isStored, !code.contains("{") { Issue.record("\(source.place(line))") }
        if code.hasPrefix("var ") || code.hasPrefix("private var ") || code.hasPrefix("package var ") {
          Issue.record("\(source.place(line))")
        }
        if code.contains("static let shared") { Issue.record("\(source.place(line)): a singleton") }
      }
    }
  }

  @Test func mediaPathHasNoExistential() {
    for source in Source.all where Floors.media.contains(source.target) {
      for line in source.lines {
        let words = line.words
        for (word, next) in zip(words, words.dropFirst()) where word == "any" && next.first?.isUppercase == true {
          Issue.record("\(source.place(line))")
        }
      }
    }
  }

  @Test func unsafeCodeLivesInItsFiles() {
    for source in Source.all {
      if source.isUnsafe {
        #expect(Floors.unsafe.contains(source.target), "\(source.path): no unsafe code in \(source.target)")
        continue
      }
      for line in source.lines {
        for word in line.words
        where word == "unsafe" || word.hasPrefix("Unsafe") || word.hasPrefix("withUnsafe") || word == "Unmanaged"
          || word == "OpaquePointer"
        {
          Issue.record("\(source.place(line)): unsafe code outside a +C file")
        }
      }
    }
  }

  @Test func actorsLiveOnTheUpperFloors() {
    let upper: Set<String> = ["Application", "SIPFront", "Storage", "Monitoring", "WebFront", "trialogue"]
    for source in Source.all where !upper.contains(source.target) {
      for line in source.lines where line.words.contains("actor") { Issue.record("\(source.place(line))") }
    }
  }
}

extension String {
  /// Split at every occurrence of a text.
  func components(of separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
