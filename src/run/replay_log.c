#include "run/replay_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lz4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

enum { CHUNK_SLOTS = 64, SEGMENTS_OF_MEMORY = 16, PATH_BYTES = 1100 };

static const char mark[8] = {'d', 'e', 'e', 'p', 'q', 'l', 'o', 'g'};

typedef struct {
    char mark[8];
    int64_t first;
    uint32_t slots;
    uint32_t frame_bytes;
    uint64_t packed_bytes;
    uint64_t checksum;
} ChunkHead;

_Static_assert(sizeof(ChunkHead) == 40, "written as it lies in memory, without gaps");

/* A chunk unpacked: the columns of its slots. */
typedef struct {
    uint8_t *frames;
    uint8_t *rewards; /* floats, at odd places where a frame has an odd count of bytes */
    uint8_t *actions;
    uint8_t *flags;
} Columns;

struct ReplayLog {
    char folder[PATH_BYTES - 64];
    int env;
    int64_t segment_slots;
    int chunk_slots;
    size_t frame_bytes;
    int64_t next;   /* the slot that is written next */
    int64_t bytes;  /* of its segment that are good: where it is written */
    int descriptor; /* of that segment; -1: not open */
    uint8_t *plain; /* a chunk unpacked */
    uint8_t *chunk; /* its head, and packed */
    size_t packed_room;
};

/* ---- life ---- */

static size_t plain_bytes(const ReplayLog *log, int slots)
{
    return (size_t)slots * (log->frame_bytes + sizeof(float) + 2);
}

static Columns columns_of(const ReplayLog *log, int slots)
{
    const size_t n = (size_t)slots;
    uint8_t *rewards = log->plain + n * log->frame_bytes;
    return (Columns){log->plain, rewards, rewards + n * sizeof(float),
                     rewards + n * (sizeof(float) + 1)};
}

ReplayLog *replay_log_create(const char *folder, int env, int64_t capacity, size_t frame_bytes,
                             Error *error)
{
    ReplayLog *log = calloc(1, sizeof *log);
    if (log == NULL) {
        error_work(error, "no memory to save the replay memory");
        return NULL;
    }
    log->env = env;
    log->frame_bytes = frame_bytes;
    log->descriptor = -1;
    log->chunk_slots = capacity < CHUNK_SLOTS ? (int)capacity : CHUNK_SLOTS;
    log->segment_slots = capacity / SEGMENTS_OF_MEMORY;
    if (log->segment_slots < log->chunk_slots)
        log->segment_slots = log->chunk_slots;
    const size_t plain = plain_bytes(log, CHUNK_SLOTS);
    log->packed_room = (size_t)LZ4_compressBound((int)plain);
    log->plain = malloc(plain);
    log->chunk = malloc(sizeof(ChunkHead) + log->packed_room);
    const int length = snprintf(log->folder, sizeof log->folder, "%s", folder);
    if (log->plain == NULL || log->chunk == NULL || (size_t)length >= sizeof log->folder) {
        error_work(error, "no memory to save the replay memory in '%.200s'", folder);
        replay_log_destroy(log);
        return NULL;
    }
    return log;
}

static void close_segment(ReplayLog *log)
{
    if (log->descriptor >= 0)
        close(log->descriptor);
    log->descriptor = -1;
}

void replay_log_destroy(ReplayLog *log)
{
    if (log == NULL)
        return;
    close_segment(log);
    free(log->plain);
    free(log->chunk);
    free(log);
}

static int64_t segment_of(const ReplayLog *log, int64_t slot)
{
    return slot / log->segment_slots * log->segment_slots;
}

static void segment_path(const ReplayLog *log, int64_t slot, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/replay-%03d-%012" PRId64 ".bin", log->folder, log->env,
             segment_of(log, slot));
}

/* ---- writing ---- */

static uint64_t chunk_checksum(const ChunkHead *head, const uint8_t *packed)
{
    Digest digest = digest_start();
    digest_add(&digest, head, offsetof(ChunkHead, checksum));
    digest_add(&digest, packed, head->packed_bytes);
    return digest_value(&digest);
}

static void xor_frame(uint8_t *restrict frame, const uint8_t *restrict before, size_t count)
{
    for (size_t i = 0; i < count; i++)
        frame[i] ^= before[i];
}

static void collect(ReplayLog *log, const Replay *replay, int slots)
{
    const Columns columns = columns_of(log, slots);
    const size_t bytes = log->frame_bytes;
    for (int i = 0; i < slots; i++) {
        ReplaySlot what;
        replay_get(replay, log->env, log->next + i, &what, columns.frames + (size_t)i * bytes);
        memcpy(columns.rewards + (size_t)i * sizeof(float), &what.reward, sizeof(float));
        columns.actions[i] = what.action;
        columns.flags[i] = what.flags;
    }
    for (int i = slots - 1; i > 0; i--)
        xor_frame(columns.frames + (size_t)i * bytes, columns.frames + (size_t)(i - 1) * bytes,
                  bytes);
}

/* Returns the bytes of the whole chunk, at log->chunk. */
static size_t pack(ReplayLog *log, int slots)
{
    ChunkHead head = {
        .first = log->next,
        .slots = (uint32_t)slots,
        .frame_bytes = (uint32_t)log->frame_bytes,
    };
    uint8_t *packed = log->chunk + sizeof head;
    memcpy(head.mark, mark, sizeof mark);
    head.packed_bytes =
        (uint64_t)LZ4_compress_default((const char *)log->plain, (char *)packed,
                                       (int)plain_bytes(log, slots), (int)log->packed_room);
    head.checksum = chunk_checksum(&head, packed);
    memcpy(log->chunk, &head, sizeof head);
    return sizeof head + head.packed_bytes;
}

static bool error_segment(const ReplayLog *log, Error *error)
{
    char path[PATH_BYTES];
    const int why = errno;
    segment_path(log, log->next, path);
    return error_work(error, "cannot write '%s': %s", path, strerror(why));
}

/* Whatever stands behind the good bytes is of a run that was killed. */
static bool open_segment(ReplayLog *log, Error *error)
{
    char path[PATH_BYTES];
    if (log->descriptor >= 0)
        return true;
    segment_path(log, log->next, path);
    log->descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (log->descriptor < 0)
        return error_segment(log, error);
    if (ftruncate(log->descriptor, log->bytes) != 0 ||
        lseek(log->descriptor, log->bytes, SEEK_SET) < 0) {
        error_segment(log, error);
        close_segment(log);
        return false;
    }
    return true;
}

static bool write_chunk(ReplayLog *log, const Replay *replay, int slots, Error *error)
{
    if (!open_segment(log, error))
        return false;
    collect(log, replay, slots);
    const size_t bytes = pack(log, slots);
    if (!file_put(log->descriptor, log->chunk, bytes))
        return error_segment(log, error);
    const bool full = (log->next + slots) % log->segment_slots == 0;
    if (full && fsync(log->descriptor) != 0)
        return error_segment(log, error);
    log->next += slots;
    log->bytes += (int64_t)bytes;
    if (full) {
        close_segment(log);
        log->bytes = 0;
    }
    return true;
}

/* Write while at least `least` slots are new. */
static bool write_new(ReplayLog *log, const Replay *replay, int64_t least, Error *error)
{
    const int64_t newest = replay_newest(replay, log->env);
    while (newest - log->next >= least) {
        int64_t slots = segment_of(log, log->next) + log->segment_slots - log->next;
        if (slots > log->chunk_slots)
            slots = log->chunk_slots;
        if (slots > newest - log->next)
            slots = newest - log->next;
        if (!write_chunk(log, replay, (int)slots, error))
            return false;
    }
    return true;
}

bool replay_log_follow(ReplayLog *log, const Replay *replay, Error *error)
{
    return write_new(log, replay, log->chunk_slots, error);
}

bool replay_log_flush(ReplayLog *log, const Replay *replay, Error *error)
{
    if (!write_new(log, replay, 1, error))
        return false;
    if (log->descriptor >= 0 && fsync(log->descriptor) != 0)
        return error_segment(log, error);
    return true;
}

/* ---- reading ---- */

/* A segment that is being read. */
typedef struct {
    char path[PATH_BYTES];
    FILE *file;
    int64_t at; /* where the chunk begins */
    ChunkHead head;
} Reading;

static bool error_damaged(const Reading *reading, const char *what, Error *error)
{
    return error_input(error, "'%s' is damaged at byte %" PRId64 ": %s", reading->path, reading->at,
                       what);
}

/* The chunk that begins with slot `first`, into log->plain. */
static bool read_chunk(ReplayLog *log, Reading *reading, int64_t first, Error *error)
{
    ChunkHead *head = &reading->head;
    uint8_t *packed = log->chunk + sizeof *head;
    if (fread(head, sizeof *head, 1, reading->file) != 1)
        return error_input(error, "'%s' ends after %" PRId64 " bytes, before slot %" PRId64,
                           reading->path, reading->at, first);
    if (memcmp(head->mark, mark, sizeof mark) != 0 || head->first != first || head->slots == 0 ||
        head->slots > CHUNK_SLOTS || head->frame_bytes != log->frame_bytes ||
        head->packed_bytes > log->packed_room)
        return error_damaged(reading, "no chunk of the replay memory begins there", error);
    if (fread(packed, head->packed_bytes, 1, reading->file) != 1)
        return error_damaged(reading, "a chunk of the replay memory is cut short", error);
    if (chunk_checksum(head, packed) != head->checksum)
        return error_damaged(reading, "the checksum does not fit", error);
    const size_t plain = plain_bytes(log, (int)head->slots);
    if (LZ4_decompress_safe((const char *)packed, (char *)log->plain, (int)head->packed_bytes,
                            (int)plain) != (int)plain)
        return error_damaged(reading, "a chunk of the replay memory cannot be unpacked", error);
    return true;
}

/* Slots oldest .. newest-1 of the chunk in log->plain. */
static bool put_chunk(const ReplayLog *log, const ChunkHead *head, Replay *replay, int64_t oldest,
                      int64_t newest, Error *error)
{
    const Columns columns = columns_of(log, (int)head->slots);
    const size_t bytes = log->frame_bytes;
    for (int i = 0; i < (int)head->slots && head->first + i < newest; i++) {
        uint8_t *frame = columns.frames + (size_t)i * bytes;
        ReplaySlot what = {.action = columns.actions[i], .flags = columns.flags[i]};
        if (i > 0)
            xor_frame(frame, frame - bytes, bytes);
        memcpy(&what.reward, columns.rewards + (size_t)i * sizeof(float), sizeof(float));
        if (head->first + i >= oldest && !replay_put(replay, log->env, &what, frame, error))
            return false;
    }
    return true;
}

/* The segment that slot `log->next` begins. The log goes on before a chunk that reaches over
 * `newest`: its slots are written again. */
static bool read_segment(ReplayLog *log, Reading *reading, Replay *replay, int64_t oldest,
                         int64_t newest, Error *error)
{
    const int64_t end = log->next + log->segment_slots;
    while (log->next < end && log->next < newest) {
        if (!read_chunk(log, reading, log->next, error))
            return false;
        const ChunkHead *head = &reading->head;
        if (head->first + head->slots > end)
            return error_damaged(reading, "a chunk reaches over the segment's end", error);
        if (!put_chunk(log, head, replay, oldest, newest, error))
            return false;
        if (head->first + head->slots > newest)
            break;
        log->next += head->slots;
        reading->at += (int64_t)(sizeof *head + head->packed_bytes);
    }
    log->bytes = log->next == end ? 0 : reading->at;
    return true;
}

bool replay_log_load(ReplayLog *log, Replay *replay, int64_t oldest, int64_t newest, Error *error)
{
    close_segment(log);
    replay_restart(replay, log->env, oldest);
    log->next = segment_of(log, oldest);
    log->bytes = 0;
    while (replay_newest(replay, log->env) + 1 < newest) {
        Reading reading = {0};
        segment_path(log, log->next, reading.path);
        reading.file = fopen(reading.path, "rbe");
        if (reading.file == NULL)
            return error_input(error, "cannot open '%s': %s", reading.path, strerror(errno));
        const bool read = read_segment(log, &reading, replay, oldest, newest, error);
        fclose(reading.file);
        if (!read)
            return false;
    }
    return true;
}

/* Nothing is wrong if one stays: it only takes room. */
void replay_log_forget(const ReplayLog *log, int64_t oldest)
{
    char path[PATH_BYTES];
    int64_t segment = segment_of(log, oldest) - log->segment_slots;
    for (; segment >= 0; segment -= log->segment_slots) {
        segment_path(log, segment, path);
        if (unlink(path) != 0)
            return;
    }
}
