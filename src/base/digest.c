#include "base/digest.h"

Digest digest_start(void)
{
    Digest digest;
    XXH64_reset(&digest.state, 0);
    return digest;
}

void digest_add(Digest *digest, const void *bytes, size_t count)
{
    if (count > 0)
        XXH64_update(&digest->state, bytes, count);
}

uint64_t digest_value(const Digest *digest)
{
    return XXH64_digest(&digest->state);
}

uint64_t digest_of(const void *bytes, size_t count)
{
    return XXH64(bytes, count, 0);
}

uint64_t fnv1a64(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}
