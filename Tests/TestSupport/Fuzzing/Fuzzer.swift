import Primitives

/// Runs one target on seeds, on what a generator makes, and on mutations of all that looked new, until its time is over.
///
/// Everything but the end follows from the seed: the input of an iteration is the same in every run of the same corpus. An
/// input that ended the process is in `FuzzSettings.folder` afterwards, and is the first to run the next time.
package struct Fuzzer {
  package typealias Body = (_ input: [UInt8], _ random: inout RandomSource) throws(FuzzFailure) -> FuzzOutcome

  /// Inputs kept at most.
  private static let corpusLimit = 4_096
  /// Distinct failures after which a run ends.
  private static let findingLimit = 4
  /// Seconds of processor time that one input may take, also in a debug build on a slow machine.
  private static let patience = 5.0

  package let name: String
  package var settings: FuzzSettings
  private let mutator: Mutator
  private let generate: ((inout RandomSource) -> [UInt8])?
  private var corpus: [[UInt8]]
  private var shapes: Set<UInt64> = []
  private var report: FuzzReport
  private let record: FuzzRecord?
  private let crash: [UInt8]?

  /// - Parameters:
  ///   - tokens: words of the format.
  ///   - generate: makes a whole input where mutation is too shallow; used for one input in three.
  package init(
    _ name: String, seeds: [[UInt8]], tokens: [String] = [], isText: Bool = false, limit: Int = 4_096,
    settings: FuzzSettings = .process, generate: ((inout RandomSource) -> [UInt8])? = nil
  ) {
    self.name = name
    self.settings = settings
    self.generate = generate
    mutator = Mutator(tokens: tokens, isText: isText, limit: limit)
    // Long seeds teach nothing that short ones do not, and cost the time of many.
    corpus = seeds.map { Array($0.prefix(limit)) }
    if corpus.isEmpty { corpus = [[]] }
    report = FuzzReport(name: name, seed: settings.seed)
    report.seeds = corpus.count
    let left = settings.crash(of: name)
    if let left { print("fuzz \(name): an earlier run ended with \(left.path); it is run first") }
    crash = left?.input
    record = FuzzRecord(name: name, folder: settings.folder, capacity: max(limit, 1 << 16))
  }

  package mutating func run(_ body: Body) -> FuzzReport {
    if let input = settings.input {
      execute(input, iteration: 0, body)
    } else {
      if let crash {
        execute(crash, iteration: 0, body)
        settings.forgetCrash(of: name)
      }
      loop(body)
    }
    record?.remove()
    report.corpus = corpus.count
    return report
  }

  private mutating func loop(_ body: Body) {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(settings.seconds)
    var iteration = 0
    while iteration < settings.iterations, report.findings.count < Self.findingLimit {
      if iteration & 15 == 0, clock.now >= end { break }
      execute(input(iteration), iteration: iteration, body)
      iteration += 1
    }
  }

  private func source(_ iteration: Int) -> RandomSource {
    let mixed = name.utf8.reduce(settings.seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return .seeded(mixed &+ UInt64(truncatingIfNeeded: iteration) &* 0x9E37_79B9_7F4A_7C15)
  }

  private func input(_ iteration: Int) -> [UInt8] {
    if iteration < report.seeds { return corpus[iteration] }
    var random = source(iteration)
    if let generate, random.once(in: 3) {
      let made = generate(&random)
      return random.once(in: 2) ? made : mutator.mutate(made, mate: mate(&random), random: &random)
    }
    // Half of the time one of the newest, which led somewhere.
    let count = corpus.count
    let isFresh = count > 64 && random.once(in: 2)
    let parent = corpus[isFresh ? count - 1 - random.below(64) : random.below(count)]
    return mutator.mutate(parent, mate: mate(&random), random: &random)
  }

  private func mate(_ random: inout RandomSource) -> [UInt8] { corpus[random.below(corpus.count)] }

  private mutating func execute(_ input: [UInt8], iteration: Int, _ body: Body) {
    record?.note(input, iteration: iteration)
    report.executions += 1
    var random = source(~iteration)
    let start = ThreadTime.now
    do {
      let outcome = try body(input, &random)
      if outcome.isAccepted { report.accepted += 1 }
      if shapes.insert(outcome.shape).inserted, iteration >= report.seeds { keep(input, &random) }
    } catch {
      guard !isKnown(error) else { return }
      note(error, shorten(input, iteration, error, body), iteration)
      return
    }
    let time = ThreadTime.now - start
    if time > report.slowest {
      report.slowest = time
      report.slowestCount = input.count
    }
    if time > Self.patience {
      note(FuzzFailure("took more than \(Int(Self.patience)) s of processor time"), input, iteration)
    }
  }

  private mutating func keep(_ input: [UInt8], _ random: inout RandomSource) {
    if corpus.count < Self.corpusLimit {
      corpus.append(input)
    } else {
      // Seeds stay; one of the found makes room.
      let place = report.seeds + random.below(corpus.count - report.seeds)
      if place < corpus.count { corpus[place] = input }
    }
  }

  private func isKnown(_ failure: FuzzFailure) -> Bool {
    report.findings.contains { $0.failure.promise == failure.promise }
  }

  private mutating func note(_ failure: FuzzFailure, _ input: [UInt8], _ iteration: Int) {
    guard !isKnown(failure) else { return }
    report.findings.append(FuzzReport.Finding(failure: failure, iteration: iteration, input: input))
  }

  /// Takes pieces out as long as the same failure comes.
  private func shorten(_ input: [UInt8], _ iteration: Int, _ failure: FuzzFailure, _ body: Body) -> [UInt8] {
    var best = input
    var piece = max(best.count / 2, 1)
    var budget = 2_000
    while budget > 0 {
      var start = 0
      var isShorter = false
      while start < best.count, budget > 0 {
        budget -= 1
        var shorter = best
        shorter.removeSubrange(start..<min(best.count, start + piece))
        var random = source(~iteration)
        do {
          _ = try body(shorter, &random)
          start += piece
        } catch {
          if error.promise == failure.promise {
            best = shorter
            isShorter = true
          } else {
            start += piece
          }
        }
      }
      if piece == 1, !isShorter { break }
      piece = max(piece / 2, 1)
    }
    return best
  }
}
