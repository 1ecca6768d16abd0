extension JobThread {
  /// Does work there and returns what it returned; the caller waits without holding a thread. After `stop` it is done at once.
  func value<Value: Sendable>(
    _ work: @escaping @Sendable () throws(SystemError) -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Value, any Error>) in
      let job: @Sendable () -> Void = {
        do throws(SystemError) { done.resume(returning: try work()) } catch { done.resume(throwing: error) }
      }
      if !perform(job) { job() }
    }
  }
}
