/*
 * cartridge_detect.c - which type an image is, from its size and its bytes.
 *
 * Nothing in an image says how its banks are switched, but the instructions that switch them look
 * alike. The order of the questions and the patterns are the reference's.
 */
#include <string.h>

#include "atari/cartridge_private.h"

enum { KB = 1024, BANK_BYTES = 4 * KB, SUPERCHIP_ADDRESSES = 256, PATTERN_BYTES_MAX = 5 };

typedef struct {
    int length;
    uint8_t bytes[PATTERN_BYTES_MAX];
} Pattern;

typedef struct {
    CartridgeType type;
    int times; /* that one of the patterns must occur */
    Pattern pattern[8];
} Signature;

static const Signature commavid = {
    CARTRIDGE_CV, 1, {{3, {0x9d, 0xff, 0xf3}}, {3, {0x99, 0x00, 0xf4}}}};

static const Signature parker = {CARTRIDGE_E0,
                                 1,
                                 {{3, {0x8d, 0xe0, 0x1f}},
                                  {3, {0x8d, 0xe0, 0x5f}},
                                  {3, {0x8d, 0xe9, 0xff}},
                                  {3, {0xad, 0xe9, 0xff}},
                                  {3, {0xad, 0xed, 0xff}},
                                  {3, {0xad, 0xf3, 0xbf}}}};

static const Signature m_network = {CARTRIDGE_E7,
                                    1,
                                    {{3, {0xad, 0xe2, 0xff}},
                                     {3, {0xad, 0xe5, 0xff}},
                                     {3, {0xad, 0xe5, 0x1f}},
                                     {3, {0xad, 0xe7, 0x1f}},
                                     {3, {0x0c, 0xe7, 0x1f}},
                                     {3, {0x8d, 0xe7, 0xff}},
                                     {3, {0x8d, 0xe7, 0x1f}}}};

static const Signature tigervision = {CARTRIDGE_3F, 2, {{2, {0x85, 0x3f}}}};

static const Signature ua = {CARTRIDGE_UA, 1, {{3, {0x8d, 0x40, 0x02}}}};

static const Signature activision = {CARTRIDGE_FE,
                                     1,
                                     {{5, {0x20, 0x00, 0xd0, 0xc6, 0xc5}},
                                      {5, {0x20, 0xc3, 0xf8, 0xa5, 0x82}},
                                      {5, {0xd0, 0xfb, 0x20, 0x73, 0xfe}},
                                      {5, {0x20, 0x00, 0xf0, 0x84, 0xd6}}}};

typedef struct {
    const uint8_t *bytes;
    size_t count;
} Image;

static int occurrences(const Image *image, const Pattern *pattern)
{
    int found = 0;
    for (size_t i = 0; i + (size_t)pattern->length <= image->count; i++)
        found += memcmp(image->bytes + i, pattern->bytes, (size_t)pattern->length) == 0;
    return found;
}

static bool has(const Image *image, const Signature *signature)
{
    for (const Pattern *pattern = signature->pattern; pattern->length > 0; pattern++)
        if (occurrences(image, pattern) >= signature->times)
            return true;
    return false;
}

static bool equal_halves(const Image *image)
{
    return memcmp(image->bytes, image->bytes + image->count / 2, image->count / 2) == 0;
}

/* Where the Superchip's RAM lies an image has nothing to say: each bank begins with one byte
 * repeated. */
static bool leaves_room_for_superchip(const Image *image)
{
    for (size_t bank = 0; bank < image->count; bank += BANK_BYTES)
        for (size_t i = 1; i < SUPERCHIP_ADDRESSES; i++)
            if (image->bytes[bank + i] != image->bytes[bank])
                return false;
    return true;
}

static CartridgeType detect_8k(const Image *image)
{
    static const Signature *const questions[] = {&parker, &tigervision, &ua, &activision};
    if (leaves_room_for_superchip(image))
        return CARTRIDGE_F8SC;
    if (equal_halves(image))
        return CARTRIDGE_4K;
    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++)
        if (has(image, questions[q]))
            return questions[q]->type;
    return CARTRIDGE_F8;
}

CartridgeType cartridge_detect(const uint8_t *bytes, size_t size_bytes)
{
    const Image image = {bytes, size_bytes};
    switch (size_bytes) {
    case 2 * KB: return has(&image, &commavid) ? CARTRIDGE_CV : CARTRIDGE_2K;
    case 4 * KB:
        return equal_halves(&image)     ? CARTRIDGE_2K
               : has(&image, &commavid) ? CARTRIDGE_CV
                                        : CARTRIDGE_4K;
    case 8 * KB: return detect_8k(&image);
    case 12 * KB: return CARTRIDGE_FA;
    case 16 * KB:
        return leaves_room_for_superchip(&image) ? CARTRIDGE_F6SC
               : has(&image, &m_network)         ? CARTRIDGE_E7
               : has(&image, &tigervision)       ? CARTRIDGE_3F
                                                 : CARTRIDGE_F6;
    case 32 * KB:
        return leaves_room_for_superchip(&image) ? CARTRIDGE_F4SC
               : has(&image, &tigervision)       ? CARTRIDGE_3F
                                                 : CARTRIDGE_F4;
    case 10 * KB:
    case 10 * KB + 255:
    case 10 * KB + 256: return CARTRIDGE_DPC;
    case 64 * KB:
    case 128 * KB:
    case 256 * KB:
    case 512 * KB: return CARTRIDGE_3F;
    default: return CARTRIDGE_DETECT;
    }
}
