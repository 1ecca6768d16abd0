// Takes the place of the C library's gettimeofday, also for libraries, so that a thread can live in virtual time. Only test
// programs link this.

#include "virtualtime.h"

#include <sys/time.h>
#include <time.h>

static __thread int64_t virtual_time = -1;

void trialogue_set_virtual_time(int64_t nanoseconds) { virtual_time = nanoseconds; }

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  if (virtual_time >= 0) {
    time->tv_sec = (time_t)(virtual_time / 1000000000);
    time->tv_usec = (suseconds_t)(virtual_time % 1000000000 / 1000);
    return 0;
  }
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
