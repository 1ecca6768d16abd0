#ifndef TRIALOGUE_VIRTUAL_TIME_H
#define TRIALOGUE_VIRTUAL_TIME_H

#include <stdint.h>

/// What gettimeofday shows on this thread from now on, in nanoseconds since 1970; negative: the system's time again.
///
/// For libraries that look at the clock themselves, as OpenSSL's DTLS does.
void trialogue_set_virtual_time(int64_t nanoseconds);

#endif
