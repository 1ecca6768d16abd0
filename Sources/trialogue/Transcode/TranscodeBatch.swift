/// Several files, some at a time.
enum TranscodeBatch {
  /// The reports in the order of the jobs. `hasRead` is told the octets of each piece of input, from any thread.
  static func run(
    _ plan: [TranscodeJob], jobs: Int, hasRead: @escaping @Sendable (Int) -> Void
  ) async -> [TranscodeReport] {
    await withTaskGroup(of: (Int, TranscodeReport).self) { group in
      var next = 0
      var reports: [(Int, TranscodeReport)] = []
      func start() {
        guard next < plan.count else { return }
        let (index, job) = (next, plan[next])
        next += 1
        group.addTask { (index, await Transcoder.run(job, hasRead: hasRead)) }
      }
      for _ in 0..<max(jobs, 1) { start() }
      while let report = await group.next() {
        reports.append(report)
        start()
      }
      return reports.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
