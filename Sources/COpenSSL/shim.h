// What OpenSSL gives as macros, or with types that Swift cannot express, as functions. Wrappers only; every decision is
// made in Swift.
#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline int copenssl_set_minimum_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version) == 1;
}

static inline int copenssl_set_maximum_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version) == 1;
}

static inline int copenssl_minimum_version(SSL_CTX *context) { return (int)SSL_CTX_get_min_proto_version(context); }

static inline int copenssl_maximum_version(SSL_CTX *context) { return (int)SSL_CTX_get_max_proto_version(context); }

static inline void copenssl_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }

static inline void copenssl_disable_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int copenssl_set_server_name(SSL *session, const char *name) {
    return SSL_set_tlsext_host_name(session, name) == 1;
}

static inline int copenssl_set_private_pointer(SSL *session, void *pointer) {
    return SSL_set_ex_data(session, 0, pointer) == 1;
}

static inline void *copenssl_private_pointer(const SSL *session) { return SSL_get_ex_data(session, 0); }

static inline X509 *copenssl_peer_certificate(const SSL *session) { return SSL_get0_peer_certificate(session); }

static inline uint64_t copenssl_options(void) {
    return SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET;
}

/// A memory BIO over bytes that belong to the caller; at their end it asks to be read again later.
static inline BIO *copenssl_reader(const void *bytes, int count) {
    BIO *bio = BIO_new_mem_buf(bytes, count);
    if (bio != NULL) BIO_set_mem_eof_return(bio, -1);
    return bio;
}

static inline size_t copenssl_pending(BIO *bio) { return BIO_ctrl_pending(bio); }

/// The unread bytes of a memory BIO; they stay there.
static inline const void *copenssl_pending_bytes(BIO *bio) {
    char *bytes = NULL;
    BIO_get_mem_data(bio, &bytes);
    return bytes;
}

static inline void copenssl_reset(BIO *bio) { (void)BIO_reset(bio); }

static inline int copenssl_is_system_error(unsigned long error) { return ERR_SYSTEM_ERROR(error) != 0; }

/// The certificate's alternative names; NULL where there are none, and with `is_malformed` set where there are several
/// such extensions or one that cannot be read.
static inline GENERAL_NAMES *copenssl_alternative_names(const X509 *certificate, int *is_malformed) {
    int status = -1;
    GENERAL_NAMES *names = (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, &status, NULL);
    *is_malformed = names == NULL && status != -1;
    return names;
}

static inline void copenssl_free_names(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

static inline int copenssl_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

/// The bytes of one name if it is of the type given (GEN_DNS or GEN_IPADD), else NULL.
static inline const ASN1_STRING *copenssl_name(const GENERAL_NAMES *names, int index, int type) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != type) return NULL;
    return type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
}

/// The first common name of the subject; NULL where there is none.
static inline const ASN1_STRING *copenssl_common_name(const X509 *certificate) {
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int index = subject == NULL ? -1 : X509_NAME_get_index_by_NID((X509_NAME *)subject, NID_commonName, -1);
    return index < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
}
