#include "base/denormals.h"

#if defined(__SSE__)

#include <xmmintrin.h>

enum { FLUSH_TO_ZERO = 1 << 15, DENORMALS_ARE_ZEROS = 1 << 6 }; /* results; operands */
enum { BOTH = FLUSH_TO_ZERO | DENORMALS_ARE_ZEROS };

Denormals denormals_get(void)
{
    return _mm_getcsr() & FLUSH_TO_ZERO ? DENORMALS_ZERO : DENORMALS_KEPT;
}

Denormals denormals_set(Denormals denormals)
{
    const unsigned before = _mm_getcsr();
    _mm_setcsr(denormals == DENORMALS_ZERO ? before | BOTH : before & ~(unsigned)BOTH);
    return before & FLUSH_TO_ZERO ? DENORMALS_ZERO : DENORMALS_KEPT;
}

#else

Denormals denormals_get(void)
{
    return DENORMALS_KEPT;
}

Denormals denormals_set(Denormals denormals)
{
    (void)denormals;
    return DENORMALS_KEPT;
}

#endif
