import Glibc

/// What this thread has computed, in seconds: unlike the wall clock it does not run while others use the processor.
package enum ThreadTime {
  package static var now: Double {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
