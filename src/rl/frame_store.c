#include "rl/frame_store.h"

#include <assert.h>
#include <lz4.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUP = 4, PAGE_BYTES = 1 << 20, PACKED_FRAME_MAX = PAGE_BYTES / (8 * GROUP) };

/* What a packed frame is expected to need: the fullest game at hand needs 560 bytes of 7056. */
static const double packed_part = 0.1;

typedef struct {
    uint32_t page, offset;
    uint16_t bytes[GROUP]; /* of each frame; frame_bytes: it could not be made smaller */
} Group;

struct FrameStore {
    size_t frame_bytes;
    int64_t count;  /* raw: frames in the ring. packed: groups in the ring */
    int64_t first;  /* number of the first frame of all */
    int64_t newest; /* of the one put last; first - 1: none yet */
    bool packed;
    uint8_t *frames; /* raw: the ring. packed: the open group */
    /* packed alone */
    uint8_t *difference; /* room for one frame, and for one packed */
    Group *group;        /* a ring */
    uint8_t *pages;
    uint32_t *unused; /* a stack of pages */
    uint32_t unused_count, page, page_used, taken, page_max;
};

static double machine_bytes(void)
{
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

static bool is_packed(size_t frame_bytes, bool packed)
{
    return packed && frame_bytes <= PACKED_FRAME_MAX;
}

bool frame_store_fits(int64_t count, size_t frame_bytes, bool packed, Error *error)
{
    const double each = (double)frame_bytes * (is_packed(frame_bytes, packed) ? packed_part : 1);
    const double bytes = (double)count * each, machine = machine_bytes(), room = 0.8 * machine;
    if (bytes <= room)
        return true;
    return error_input(error,
                       "a replay memory of %lld transitions needs %.1f GB and this machine has "
                       "%.1f; %lld would fit",
                       (long long)count, bytes * 1e-9, machine * 1e-9, (long long)(room / each));
}

/* ---- life ---- */

static bool take_raw(FrameStore *store, int64_t count)
{
    store->count = count;
    store->frames = calloc((size_t)count, store->frame_bytes); /* zero pages cost nothing yet */
    return store->frames != NULL;
}

/* Pages for frames that cannot be made smaller at all, if the machine has as much. */
static bool take_packed(FrameStore *store, int64_t count)
{
    store->count = count / GROUP + 2; /* the oldest may have lost its first frames; one is open */
    const double left_over = 1.15;    /* in a page, where the next group did not fit */
    const double worst = (double)store->count * GROUP * (double)store->frame_bytes * left_over;
    const double most = worst < machine_bytes() ? worst : machine_bytes();
    store->page_max = (uint32_t)(most / PAGE_BYTES) + 2;
    store->frames = calloc(GROUP, store->frame_bytes);
    store->difference =
        malloc(store->frame_bytes + (size_t)LZ4_compressBound((int)store->frame_bytes));
    store->group = calloc((size_t)store->count, sizeof *store->group);
    store->pages = calloc(store->page_max, PAGE_BYTES);
    store->unused = calloc(store->page_max, sizeof *store->unused);
    store->page_used = PAGE_BYTES; /* there is no page yet */
    return store->frames && store->difference && store->group && store->pages && store->unused;
}

FrameStore *frame_store_create(int64_t count, size_t frame_bytes, bool packed, Error *error)
{
    assert(count > 0 && frame_bytes > 0);
    packed = is_packed(frame_bytes, packed);
    FrameStore *store = calloc(1, sizeof *store);
    if (store != NULL)
        *store = (FrameStore){.frame_bytes = frame_bytes, .newest = -1, .packed = packed};
    if (store == NULL || !(packed ? take_packed(store, count) : take_raw(store, count))) {
        frame_store_destroy(store);
        error_work(error, "no memory for a replay memory of %lld transitions", (long long)count);
        return NULL;
    }
    return store;
}

void frame_store_destroy(FrameStore *store)
{
    if (store == NULL)
        return;
    free(store->frames);
    free(store->difference);
    free(store->group);
    free(store->pages);
    free(store->unused);
    free(store);
}

/* ---- packing ---- */

static Group *group_of(const FrameStore *store, int64_t number)
{
    return &store->group[number / GROUP % store->count];
}

static void make_difference(uint8_t *restrict to, const uint8_t *restrict a,
                            const uint8_t *restrict b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = a[i] ^ b[i];
}

static void add_difference(uint8_t *restrict to, const uint8_t *restrict difference, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] ^= difference[i];
}

/* The open group's frame k, as it is kept, to `to`; returns its bytes, frame_bytes at most. */
static size_t pack_frame(const FrameStore *store, int k, uint8_t *to)
{
    const size_t frame_bytes = store->frame_bytes;
    const uint8_t *frame = store->frames + (size_t)k * frame_bytes;
    if (k > 0) {
        make_difference(store->difference, frame, frame - frame_bytes, frame_bytes);
        frame = store->difference;
    }
    const int packed = LZ4_compress_default((const char *)frame, (char *)to, (int)frame_bytes,
                                            (int)frame_bytes - 1);
    if (packed > 0)
        return (size_t)packed;
    memcpy(to, frame, frame_bytes);
    return frame_bytes;
}

static bool take_page(FrameStore *store, Error *error)
{
    if (store->unused_count > 0)
        store->page = store->unused[--store->unused_count];
    else if (store->taken < store->page_max)
        store->page = store->taken++;
    else
        return error_work(error,
                          "the replay memory's frames need more than this machine's %.1f GB: a "
                          "smaller replay_steps would help",
                          machine_bytes() * 1e-9);
    store->page_used = 0;
    return true;
}

/* The group that the ring's place held before is dropped, and its page where it was the last. */
static void drop_group(FrameStore *store, int64_t index)
{
    if (index < store->first / GROUP)
        return;
    const uint32_t page = store->group[index % store->count].page;
    if (store->group[(index + 1) % store->count].page != page)
        store->unused[store->unused_count++] = page;
}

static bool close_group(FrameStore *store, Error *error)
{
    if (store->page_used + GROUP * store->frame_bytes > PAGE_BYTES && !take_page(store, error))
        return false;
    const int64_t index = store->newest / GROUP;
    drop_group(store, index - store->count);
    Group *group = &store->group[index % store->count];
    *group = (Group){.page = store->page, .offset = store->page_used};
    for (int k = 0; k < GROUP; k++) {
        uint8_t *to = store->pages + (size_t)store->page * PAGE_BYTES + store->page_used;
        const size_t bytes = pack_frame(store, k, to);
        group->bytes[k] = (uint16_t)bytes;
        store->page_used += (uint32_t)bytes;
    }
    return true;
}

bool frame_store_put(FrameStore *store, int64_t number, const uint8_t *frame, Error *error)
{
    assert(number == store->newest + 1 || (number == store->newest && number >= store->first));
    const bool opens_group = number % GROUP == 0 && number > store->first && number > store->newest;
    if (store->packed && opens_group && !close_group(store, error))
        return false;
    const int64_t at = number % (store->packed ? GROUP : store->count);
    memcpy(store->frames + (size_t)at * store->frame_bytes, frame, store->frame_bytes);
    store->newest = number;
    return true;
}

/* Where the first group lacks its first frames, what lies in their places is packed with it. */
void frame_store_restart(FrameStore *store, int64_t number)
{
    store->first = number;
    store->newest = number - 1;
    store->unused_count = store->taken = 0;
    store->page_used = PAGE_BYTES;
}

/* ---- reading ---- */

/* What is kept of a frame: itself, or what differs from the one before. */
static void unpack_kept(const FrameStore *store, int64_t number, uint8_t *to)
{
    const Group *group = group_of(store, number);
    const uint8_t *from = store->pages + (size_t)group->page * PAGE_BYTES + group->offset;
    const int k = (int)(number % GROUP);
    for (int i = 0; i < k; i++)
        from += group->bytes[i];
    if (group->bytes[k] == store->frame_bytes)
        memcpy(to, from, store->frame_bytes);
    else
        LZ4_decompress_safe((const char *)from, (char *)to, group->bytes[k],
                            (int)store->frame_bytes);
}

/* A frame without help of the one before. `spare` has room for another. */
static void unpack(const FrameStore *store, int64_t number, uint8_t *to, uint8_t *spare)
{
    const int64_t first = number - number % GROUP;
    unpack_kept(store, first, to);
    for (int64_t n = first + 1; n <= number; n++) {
        unpack_kept(store, n, spare);
        add_difference(to, spare, store->frame_bytes);
    }
}

static const uint8_t *read_packed(const FrameStore *store, int64_t number, bool first,
                                  uint8_t *room)
{
    const size_t frame_bytes = store->frame_bytes;
    if (number / GROUP == store->newest / GROUP)
        return store->frames + (size_t)(number % GROUP) * frame_bytes;
    if (first) {
        unpack(store, number, room, room + frame_bytes);
        return room;
    }
    unpack_kept(store, number, room);
    if (number % GROUP > 0)
        add_difference(room, room - frame_bytes, frame_bytes);
    return room;
}

void frame_store_read(const FrameStore *store, int64_t first, int count, uint8_t *room,
                      const uint8_t **planes)
{
    assert(first >= store->first && first + count <= store->newest + 1);
    for (int i = 0; i < count; i++) {
        const int64_t number = first + i;
        if (store->packed)
            planes[i] = read_packed(store, number, i == 0, room + (size_t)i * store->frame_bytes);
        else
            planes[i] = store->frames + (size_t)(number % store->count) * store->frame_bytes;
    }
}

size_t frame_store_room(const FrameStore *store, int count)
{
    return store->packed ? (size_t)(count + 1) * store->frame_bytes : 0;
}

int64_t frame_store_bytes(const FrameStore *store)
{
    const int64_t frames = store->newest + 1 - store->first, groups = frames / GROUP + 1;
    const int64_t kept = frames < store->count ? frames : store->count;
    if (!store->packed)
        return kept * (int64_t)store->frame_bytes;
    return (int64_t)store->taken * PAGE_BYTES + GROUP * (int64_t)store->frame_bytes +
           (groups < store->count ? groups : store->count) * (int64_t)sizeof *store->group;
}
