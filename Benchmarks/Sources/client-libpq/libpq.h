// The functions of libpq, taken from a library file at run time: one program measures whichever version it is given.
// It is linked with no libpq, so that none can answer in the place of the one that is named.
#pragma once

#include <dlfcn.h>
#include <postgresql/libpq-fe.h>

/// PGRES_TUPLES_CHUNK, which the header of libpq 15 does not have.
#define LIBPQ_TUPLES_CHUNK 12

#define LIBPQ_FUNCTIONS(F)                                                                                             \
    F(PQlibVersion)                                                                                                    \
    F(PQconnectdb)                                                                                                     \
    F(PQstatus)                                                                                                        \
    F(PQerrorMessage)                                                                                                  \
    F(PQfinish)                                                                                                        \
    F(PQsendQueryParams)                                                                                               \
    F(PQsetSingleRowMode)                                                                                              \
    F(PQgetResult)                                                                                                     \
    F(PQresultStatus)                                                                                                  \
    F(PQresultErrorMessage)                                                                                            \
    F(PQntuples)                                                                                                       \
    F(PQnfields)                                                                                                       \
    F(PQftype)                                                                                                         \
    F(PQfformat)                                                                                                       \
    F(PQgetvalue)                                                                                                      \
    F(PQgetlength)                                                                                                     \
    F(PQclear)                                                                                                         \
    F(PQprepare)                                                                                                       \
    F(PQexecPrepared)                                                                                                  \
    F(PQsetnonblocking)                                                                                                \
    F(PQenterPipelineMode)                                                                                             \
    F(PQsendQueryPrepared)                                                                                             \
    F(PQpipelineSync)                                                                                                  \
    F(PQexec)                                                                                                          \
    F(PQgetCopyData)                                                                                                   \
    F(PQfreemem)                                                                                                       \
    F(PQflush)                                                                                                         \
    F(PQconsumeInput)                                                                                                  \
    F(PQisBusy)                                                                                                        \
    F(PQsocket)

struct libpq {
#define LIBPQ_MEMBER(name) __typeof__(name) *name;
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
#undef LIBPQ_MEMBER
    /// NULL before libpq 17.
    int (*PQsetChunkedRowsMode)(PGconn *connection, int rows);
};

static inline void *libpq_function(void *library, const char *name, bool required) {
    void *function = dlsym(library, name);
    if (!function && required) measure_fail("%s", dlerror());
    return function;
}

/// Loads the library and finds its functions, or exits.
static inline void libpq_load(struct libpq *pq, const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) measure_fail("%s", dlerror());
#define LIBPQ_LOAD(name) pq->name = (__typeof__(name) *)libpq_function(library, #name, true);
    LIBPQ_FUNCTIONS(LIBPQ_LOAD)
#undef LIBPQ_LOAD
    pq->PQsetChunkedRowsMode = (int (*)(PGconn *, int))libpq_function(library, "PQsetChunkedRowsMode", false);
}
