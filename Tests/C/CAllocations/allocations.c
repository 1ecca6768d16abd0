// Counts this thread's calls of malloc and its kin: the program's own definitions take the place of the C library's, also for
// the Swift runtime and for libraries. Only test programs link this.

#include "allocations.h"

#include <errno.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRIALOGUE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TRIALOGUE_SANITIZED 1
#endif
#endif

#if defined(TRIALOGUE_SANITIZED) || !defined(__GLIBC__)

int64_t trialogue_allocations(void) { return -1; }

int64_t trialogue_live_blocks(void) { return 0; }

#else

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static __thread int64_t count __attribute__((tls_model("initial-exec")));
static __thread int64_t freed __attribute__((tls_model("initial-exec")));

int64_t trialogue_allocations(void) { return count; }

int64_t trialogue_live_blocks(void) { return count - freed; }

void free(void *block) {
  if (block != NULL) freed++;
  __libc_free(block);
}

void *malloc(size_t size) {
  count++;
  return __libc_malloc(size);
}

void *calloc(size_t members, size_t size) {
  count++;
  return __libc_calloc(members, size);
}

void *realloc(void *block, size_t size) {
  count++;
  if (block != NULL) freed++;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count++;
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  count++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  count++;
  void *made = __libc_memalign(alignment, size);
  if (made == NULL) return ENOMEM;
  *block = made;
  return 0;
}

#endif
