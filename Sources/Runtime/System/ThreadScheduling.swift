/// How the kernel schedules a media thread.
package enum ThreadScheduling: Hashable, Sendable {
  /// The fair class with a short time slice, so that a woken thread runs soon (Linux 6.12 and later; else no effect).
  case fair(slice: Duration)
  /// SCHED_FIFO, only where the operator asks for it: a thread that computes for `limit` without sleeping is killed by the
  /// kernel (RLIMIT_RTTIME) before it starves the machine.
  case realTime(priority: Int, limit: Duration)
}
