// OpenSSL through one door: what is a macro or takes variable arguments cannot be called from Swift, so each of those that
// SecureRTP needs is one inline function here.
#ifndef TRIALOGUE_COPENSSL_SHIM_H
#define TRIALOGUE_COPENSSL_SHIM_H

// SHA1_Init and its kin: the only SHA-1 of the library whose state can be copied without taking memory.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

static inline EVP_PKEY *trialogue_p256_key(void) { return EVP_EC_gen("P-256"); }

// No renegotiation, no tickets, no look for the path's MTU; the server's order of cipher suites counts.
static inline void trialogue_dtls_set_options(SSL_CTX *context) {
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

static inline int trialogue_dtls_set_minimum_version(SSL_CTX *context) {
  return (int)SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
}

static inline int trialogue_dtls_set_groups(SSL_CTX *context, const char *groups) {
  return (int)SSL_CTX_set1_groups_list(context, groups);
}

static inline void trialogue_dtls_set_no_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void trialogue_dtls_set_maximum_chain(SSL_CTX *context, long octets) {
  SSL_CTX_set_max_cert_list(context, octets);
}

static inline void trialogue_dtls_set_mtu(SSL *session, long octets) { SSL_set_mtu(session, octets); }

// 1 and the time left, or 0 if no timer runs.
static inline int trialogue_dtls_timeout(SSL *session, int64_t *microseconds) {
  struct timeval left = {0, 0};
  if (DTLSv1_get_timeout(session, &left) != 1) return 0;
  *microseconds = (int64_t)left.tv_sec * 1000000 + (int64_t)left.tv_usec;
  return 1;
}

static inline int trialogue_dtls_handle_timeout(SSL *session) { return (int)DTLSv1_handle_timeout(session); }

static inline void trialogue_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline void trialogue_bio_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline int trialogue_gcm_get_tag(EVP_CIPHER_CTX *context, uint8_t *tag, int octets) {
  return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, octets, tag);
}

static inline int trialogue_gcm_set_tag(EVP_CIPHER_CTX *context, const uint8_t *tag, int octets) {
  return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, octets, (void *)tag);
}

#endif
