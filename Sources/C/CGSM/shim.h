// libgsm through one door, with the one function that it lacks: a copy of a state.
#ifndef TRIALOGUE_CGSM_SHIM_H
#define TRIALOGUE_CGSM_SHIM_H

#include <gsm/gsm.h>
#include <malloc.h>
#include <string.h>

// gsm_create makes one block of memory without pointers into it, whose size the library keeps to itself: all that the
// allocator gave is copied. NULL if there is no memory.
static inline gsm trialogue_gsm_copy(gsm other) {
  gsm copy = gsm_create();
  if (copy == NULL) return NULL;
  size_t size = malloc_usable_size(copy);
  size_t otherSize = malloc_usable_size(other);
  memcpy(copy, other, size < otherSize ? size : otherSize);
  return copy;
}

#endif
