/*
 * digest.h - fingerprints of bytes.
 *
 * Digest is a running 64-bit XXH64 [xxHash]: fast enough for a gigabyte of replay memory, used for
 * digests of whole runs and for the checksums of files. Digests are chained: the value depends on
 * every byte since digest_start, in order, so one wrong frame changes the last value.
 *
 * fnv1a64 is the hash that the test vectors of other programs are printed in; nothing else should
 * need it.
 */
#ifndef DEEPQ_BASE_DIGEST_H
#define DEEPQ_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define XXH_STATIC_LINKING_ONLY /* lets the state be a value on the stack */
#include <xxhash.h>

typedef struct {
    XXH64_state_t state;
} Digest;

Digest digest_start(void);
void digest_add(Digest *digest, const void *bytes, size_t count);
uint64_t digest_value(const Digest *digest);         /* the digest may go on afterwards */
uint64_t digest_of(const void *bytes, size_t count); /* start, add, value */

#define FNV1A64_START 0xcbf29ce484222325u

/* Continue a 64-bit FNV-1a hash from `hash` (FNV1A64_START at first) over `count` bytes. */
uint64_t fnv1a64(uint64_t hash, const void *bytes, size_t count);

#endif
