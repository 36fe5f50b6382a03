// The compiler links libFuzzer but has no header for it.
#include <stddef.h>
#include <stdint.h>

/// Runs the fuzzer as the command line says.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*test)(const uint8_t *bytes, size_t count));
