#include "run/replay_log.h"

#include <dirent.h>
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

/* What is written of one environment's slots. No file stays open: there may be many. */
typedef struct {
    int env;
    bool unflushed; /* the segment has chunks that may not be on the disk yet */
    int64_t next;   /* the slot that is written next */
    int64_t bytes;  /* of its segment that are good: where it is written */
} Track;

struct ReplayLog {
    char folder[PATH_BYTES - 64];
    Replay *replay;
    int64_t segment_slots;
    int chunk_slots;
    int wait_slots; /* that many new ones are written, however few make a chunk */
    size_t frame_bytes;
    uint8_t *plain; /* a chunk unpacked */
    uint8_t *chunk; /* its head, and packed */
    size_t packed_room;
    Track track[];
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

ReplayLog *replay_log_create(const char *folder, Replay *replay, Error *error)
{
    const ReplaySetup *setup = replay_setup(replay);
    const int64_t capacity = (setup->capacity + setup->envs - 1) / setup->envs;
    ReplayLog *log = calloc(1, sizeof *log + (size_t)setup->envs * sizeof log->track[0]);
    if (log == NULL) {
        error_work(error, "no memory to save the replay memory");
        return NULL;
    }
    for (int env = 0; env < setup->envs; env++)
        log->track[env].env = env;
    log->replay = replay;
    log->frame_bytes = setup->frame_bytes;
    log->chunk_slots = capacity < CHUNK_SLOTS ? (int)capacity : CHUNK_SLOTS;
    log->wait_slots = (capacity + 1) / 2 < CHUNK_SLOTS ? (int)((capacity + 1) / 2) : CHUNK_SLOTS;
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

void replay_log_destroy(ReplayLog *log)
{
    if (log == NULL)
        return;
    free(log->plain);
    free(log->chunk);
    free(log);
}

static int64_t segment_of(const ReplayLog *log, int64_t slot)
{
    return slot / log->segment_slots * log->segment_slots;
}

static void segment_path(const ReplayLog *log, int env, int64_t slot, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/replay-%03d-%012" PRId64 ".bin", log->folder, env,
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

static void collect(ReplayLog *log, const Track *track, int slots)
{
    const Columns columns = columns_of(log, slots);
    const size_t bytes = log->frame_bytes;
    for (int i = 0; i < slots; i++) {
        ReplaySlot what;
        replay_get(log->replay, track->env, track->next + i, &what,
                   columns.frames + (size_t)i * bytes);
        memcpy(columns.rewards + (size_t)i * sizeof(float), &what.reward, sizeof(float));
        columns.actions[i] = what.action;
        columns.flags[i] = what.flags;
    }
    for (int i = slots - 1; i > 0; i--)
        xor_frame(columns.frames + (size_t)i * bytes, columns.frames + (size_t)(i - 1) * bytes,
                  bytes);
}

/* Returns the bytes of the whole chunk, at log->chunk. */
static size_t pack(ReplayLog *log, const Track *track, int slots)
{
    ChunkHead head = {
        .first = track->next,
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

/* Whatever stands behind the good bytes is of a run that was killed, or of a chunk that failed. */
static bool append(int descriptor, int64_t at, const void *bytes, size_t count)
{
    return ftruncate(descriptor, at) == 0 && lseek(descriptor, at, SEEK_SET) >= 0 &&
           file_put(descriptor, bytes, count);
}

/* Open the track's segment, put `count` bytes behind its good ones, and flush it if asked to. */
static bool write_segment(const ReplayLog *log, const Track *track, size_t count, bool flush,
                          Error *error)
{
    char path[PATH_BYTES];
    segment_path(log, track->env, track->next, path);
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    bool done = descriptor >= 0 &&
                (count == 0 || append(descriptor, track->bytes, log->chunk, count)) &&
                (!flush || fsync(descriptor) == 0);
    const int why = errno;
    if (descriptor >= 0)
        close(descriptor);
    return done || error_work(error, "cannot write '%s': %s", path, strerror(why));
}

static bool write_chunk(ReplayLog *log, Track *track, int slots, Error *error)
{
    const bool full = (track->next + slots) % log->segment_slots == 0;
    collect(log, track, slots);
    const size_t bytes = pack(log, track, slots);
    if (!write_segment(log, track, bytes, full, error))
        return false;
    track->next += slots;
    track->bytes = full ? 0 : track->bytes + (int64_t)bytes;
    track->unflushed = !full;
    return true;
}

/* Write while at least `least` slots are new. */
static bool write_new(ReplayLog *log, Track *track, int64_t least, Error *error)
{
    const int64_t newest = replay_newest(log->replay, track->env);
    while (newest - track->next >= least) {
        int64_t slots = segment_of(log, track->next) + log->segment_slots - track->next;
        if (slots > log->chunk_slots)
            slots = log->chunk_slots;
        if (slots > newest - track->next)
            slots = newest - track->next;
        if (!write_chunk(log, track, (int)slots, error))
            return false;
    }
    return true;
}

bool replay_log_follow(ReplayLog *log, Error *error)
{
    for (int env = 0; env < replay_setup(log->replay)->envs; env++)
        if (!write_new(log, &log->track[env], log->wait_slots, error))
            return false;
    return true;
}

bool replay_log_flush(ReplayLog *log, Error *error)
{
    for (int env = 0; env < replay_setup(log->replay)->envs; env++) {
        Track *track = &log->track[env];
        if (!write_new(log, track, 1, error) ||
            (track->unflushed && !write_segment(log, track, 0, true, error)))
            return false;
        track->unflushed = false;
    }
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

/* What of a chunk is to be put back. */
typedef struct {
    int env;
    int64_t oldest, newest; /* slots oldest .. newest-1 */
} Wanted;

/* The chunk in log->plain. */
static bool put_chunk(ReplayLog *log, const ChunkHead *head, const Wanted *wanted, Error *error)
{
    const Columns columns = columns_of(log, (int)head->slots);
    const size_t bytes = log->frame_bytes;
    for (int i = 0; i < (int)head->slots && head->first + i < wanted->newest; i++) {
        uint8_t *frame = columns.frames + (size_t)i * bytes;
        ReplaySlot what = {.action = columns.actions[i], .flags = columns.flags[i]};
        if (i > 0)
            xor_frame(frame, frame - bytes, bytes);
        memcpy(&what.reward, columns.rewards + (size_t)i * sizeof(float), sizeof(float));
        if (head->first + i >= wanted->oldest &&
            !replay_put(log->replay, wanted->env, &what, frame, error))
            return false;
    }
    return true;
}

/* The segment that slot track->next begins. The log goes on before a chunk that reaches over the
 * newest slot: what is in it is written again. */
static bool read_segment(ReplayLog *log, Reading *reading, const Wanted *wanted, Error *error)
{
    Track *track = &log->track[wanted->env];
    const int64_t end = track->next + log->segment_slots;
    while (track->next < end && track->next < wanted->newest) {
        if (!read_chunk(log, reading, track->next, error))
            return false;
        const ChunkHead *head = &reading->head;
        if (head->first + head->slots > end)
            return error_damaged(reading, "a chunk reaches over the segment's end", error);
        if (!put_chunk(log, head, wanted, error))
            return false;
        if (head->first + head->slots > wanted->newest)
            break;
        track->next += head->slots;
        reading->at += (int64_t)(sizeof *head + head->packed_bytes);
    }
    track->bytes = track->next == end ? 0 : reading->at;
    return true;
}

bool replay_log_load(ReplayLog *log, int env, int64_t oldest, int64_t newest, Error *error)
{
    const Wanted wanted = {env, oldest, newest};
    replay_restart(log->replay, env, oldest);
    log->track[env] = (Track){.env = env, .next = segment_of(log, oldest)};
    while (replay_newest(log->replay, env) + 1 < newest) {
        Reading reading = {0};
        segment_path(log, env, log->track[env].next, reading.path);
        reading.file = fopen(reading.path, "rbe");
        if (reading.file == NULL)
            return error_input(error, "cannot open '%s': %s", reading.path, strerror(errno));
        const bool read = read_segment(log, &reading, &wanted, error);
        fclose(reading.file);
        if (!read)
            return false;
    }
    return true;
}

/* The first slots of the oldest and the newest segment; false: there are none. */
static bool find_segments(const ReplayLog *log, int env, int64_t *first, int64_t *last)
{
    DIR *folder = opendir(log->folder);
    bool found = false;
    if (folder == NULL)
        return false;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        int of, length = 0;
        int64_t slot;
        if (sscanf(entry->d_name, "replay-%3d-%12" SCNd64 ".bin%n", &of, &slot, &length) != 2 ||
            length == 0 || entry->d_name[length] != 0 || of != env)
            continue;
        *first = !found || slot < *first ? slot : *first;
        *last = !found || slot > *last ? slot : *last;
        found = true;
    }
    closedir(folder);
    return found;
}

/* The slot behind the last chunk that is there whole; `slot` begins the segment. */
static int64_t segment_end(const ReplayLog *log, int env, int64_t slot)
{
    char path[PATH_BYTES];
    ChunkHead head;
    segment_path(log, env, slot, path);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return slot;
    fseek(file, 0, SEEK_END);
    const long bytes = ftell(file);
    rewind(file);
    while (fread(&head, sizeof head, 1, file) == 1 && head.first == slot &&
           head.packed_bytes <= log->packed_room &&
           ftell(file) + (long)head.packed_bytes <= bytes &&
           fseek(file, (long)head.packed_bytes, SEEK_CUR) == 0)
        slot += head.slots;
    fclose(file);
    return slot;
}

bool replay_log_span(const ReplayLog *log, int env, int64_t *oldest, int64_t *newest, Error *error)
{
    const ReplaySetup *setup = replay_setup(log->replay);
    const int64_t capacity = (setup->capacity + setup->envs - 1) / setup->envs;
    int64_t first, last;
    if (!find_segments(log, env, &first, &last))
        return error_input(error, "'%s' holds nothing of a replay memory", log->folder);
    *newest = segment_end(log, env, last);
    *oldest = first < *newest - capacity ? *newest - capacity : first;
    return true;
}

/* Nothing is wrong if one stays: it only takes room. */
void replay_log_forget(const ReplayLog *log, int env, int64_t oldest)
{
    char path[PATH_BYTES];
    int64_t segment = segment_of(log, oldest) - log->segment_slots;
    for (; segment >= 0; segment -= log->segment_slots) {
        segment_path(log, env, segment, path);
        if (unlink(path) != 0)
            return;
    }
}
