#pragma once

#include <stdint.h>

/// Returns how many times this process has asked for memory. Clients find it with dlsym, because it is only there
/// when the runner has put libcountmalloc.so into LD_PRELOAD.
uint64_t countmalloc_total(void);
