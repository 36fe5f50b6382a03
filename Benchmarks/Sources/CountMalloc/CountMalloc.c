// Counts the calls for memory of a process that is started with LD_PRELOAD=libcountmalloc.so.
//
// The real functions are called by the names that glibc has for them besides the public ones, so that nothing has to be
// looked up: dlsym itself asks for memory, and calls that come before it is ready need no special case.
#include "CountMalloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic uint64_t total;

static inline void count(void) { atomic_fetch_add_explicit(&total, 1, memory_order_relaxed); }

uint64_t countmalloc_total(void) { return atomic_load_explicit(&total, memory_order_relaxed); }

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t elements, size_t size) {
    count();
    return __libc_calloc(elements, size);
}

void *realloc(void *memory, size_t size) {
    count();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count();
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int error = errno;
    void *result = __libc_memalign(alignment, size);
    errno = error;
    if (!result) return ENOMEM;
    *memory = result;
    return 0;
}
