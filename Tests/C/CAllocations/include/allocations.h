#ifndef TRIALOGUE_ALLOCATIONS_H
#define TRIALOGUE_ALLOCATIONS_H

#include <stdint.h>

/// Allocations and reallocations that this thread has asked for so far; -1 where they cannot be counted (sanitizers).
int64_t trialogue_allocations(void);

/// What of them this thread has not given back, or less what it gave back of others' memory.
int64_t trialogue_live_blocks(void);

#endif
