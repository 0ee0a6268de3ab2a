#include "run/tensorboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/crc32c.h"

/* How a field of a message is written [ProtocolBuffers]. */
typedef enum { WIRE_VARINT = 0, WIRE_64_BITS = 1, WIRE_BYTES = 2, WIRE_32_BITS = 5 } Wire;

enum { COLOURSPACE_RGB = 3, VARINT_BYTES = 10, HOST_BYTES = 64 };

static const char file_version[] = "brain.Event:2";

/* ---- messages ---- */

/* Bytes that grow; `failed`: memory ran out, and they hold nothing. */
typedef struct {
    uint8_t *bytes;
    size_t count;
    bool failed;
} Message;

static void put(Message *message, const void *bytes, size_t count)
{
    uint8_t *grown = message->failed ? NULL : realloc(message->bytes, message->count + count + 1);
    if (grown == NULL) {
        free(message->bytes);
        *message = (Message){.failed = true};
        return;
    }
    memcpy(grown + message->count, bytes, count);
    message->bytes = grown;
    message->count += count;
}

static void put_varint(Message *message, uint64_t value)
{
    uint8_t bytes[VARINT_BYTES];
    size_t count = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[count++] = (uint8_t)(value | 0x80);
    bytes[count++] = (uint8_t)value;
    put(message, bytes, count);
}

static void put_key(Message *message, int field, Wire wire)
{
    put_varint(message, (uint64_t)field << 3 | (uint64_t)wire);
}

static void put_whole(Message *message, int field, uint64_t value)
{
    put_key(message, field, WIRE_VARINT);
    put_varint(message, value);
}

static void put_bytes(Message *message, int field, const void *bytes, size_t count)
{
    put_key(message, field, WIRE_BYTES);
    put_varint(message, count);
    put(message, bytes, count);
}

/* A message within a message; `part` is used up. */
static void put_message(Message *message, int field, Message *part)
{
    if (part->failed) {
        free(message->bytes);
        *message = (Message){.failed = true};
    } else {
        put_bytes(message, field, part->bytes, part->count);
    }
    free(part->bytes);
    *part = (Message){0};
}

_Static_assert(sizeof(float) == 4 && sizeof(double) == 8 &&
                   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "numbers are copied as they lie in memory");

/* ---- values ---- */

static void add_value(TensorBoardEvent *event, Message *value)
{
    Message summary = {event->values, event->value_bytes, event->without_memory};
    put_message(&summary, 1, value);
    event->values = summary.bytes;
    event->value_bytes = summary.count;
    event->without_memory = summary.failed;
}

void tensorboard_add_scalar(TensorBoardEvent *event, const char *tag, double value)
{
    const float rounded = (float)value;
    Message message = {0};
    put_bytes(&message, 1, tag, strlen(tag));
    put_key(&message, 2, WIRE_32_BITS);
    put(&message, &rounded, sizeof rounded);
    add_value(event, &message);
}

void tensorboard_add_png(TensorBoardEvent *event, const char *tag, const TensorBoardPng *png)
{
    Message image = {0}, message = {0};
    put_whole(&image, 1, (uint64_t)png->height);
    put_whole(&image, 2, (uint64_t)png->width);
    put_whole(&image, 3, COLOURSPACE_RGB);
    put_bytes(&image, 4, png->bytes, png->count);
    put_bytes(&message, 1, tag, strlen(tag));
    put_message(&message, 4, &image);
    add_value(event, &message);
}

/* ---- records ---- */

/* The format's guard against checksums of data that hold checksums. */
static uint32_t masked(uint32_t crc)
{
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}

static bool append(TensorBoard *board, const uint8_t *bytes, size_t count, Error *error)
{
    size_t done = 0;
    while (done < count) {
        const ssize_t wrote = write(board->descriptor, bytes + done, count - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            const int why = errno;
            const bool whole = ftruncate(board->descriptor, (off_t)board->size_bytes) == 0;
            return error_work(error, "cannot write '%s'%s: %s", board->path,
                              whole ? "" : ", and half a record stays", strerror(why));
        }
        done += (size_t)wrote;
    }
    board->size_bytes += (int64_t)count;
    return true;
}

static bool write_record(TensorBoard *board, const Message *event, Error *error)
{
    const uint64_t length = event->count;
    const uint32_t length_crc = masked(crc32c(&length, sizeof length));
    const uint32_t event_crc = masked(crc32c(event->bytes, event->count));
    Message record = {0};
    put(&record, &length, sizeof length);
    put(&record, &length_crc, sizeof length_crc);
    put(&record, event->bytes, event->count);
    put(&record, &event_crc, sizeof event_crc);
    const bool done = record.failed ? error_work(error, "no memory for '%s'", board->path)
                                    : append(board, record.bytes, record.count, error);
    free(record.bytes);
    return done;
}

static Message event_begin(double wall_seconds)
{
    Message message = {0};
    put_key(&message, 1, WIRE_64_BITS);
    put(&message, &wall_seconds, sizeof wall_seconds);
    return message;
}

static bool event_end(TensorBoard *board, Message *message, Error *error)
{
    const bool done = message->failed ? error_work(error, "no memory for '%s'", board->path)
                                      : write_record(board, message, error);
    free(message->bytes);
    return done;
}

bool tensorboard_write(TensorBoard *board, TensorBoardEvent *event, Error *error)
{
    Message message = event_begin(event->wall_seconds);
    Message summary = {event->values, event->value_bytes, event->without_memory};
    put_whole(&message, 2, (uint64_t)event->step);
    put_message(&message, 5, &summary);
    *event = (TensorBoardEvent){.wall_seconds = event->wall_seconds, .step = event->step};
    return event_end(board, &message, error);
}

/* ---- life ---- */

static bool write_version(TensorBoard *board, double wall_seconds, Error *error)
{
    Message message = event_begin(wall_seconds);
    put_bytes(&message, 3, file_version, strlen(file_version));
    return event_end(board, &message, error);
}

bool tensorboard_begin(TensorBoard *board, const char *folder, double wall_seconds, Error *error)
{
    TensorBoard fresh = {0};
    char host[HOST_BYTES] = "";
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == 0 || strchr(host, '/') != NULL)
        strcpy(host, "localhost");
    const int length = snprintf(fresh.path, sizeof fresh.path, "%s/events.out.tfevents.%.0f.%s.%ld",
                                folder, wall_seconds, host, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof fresh.path)
        return error_input(error, "the path '%.200s...' is longer than %d bytes", folder,
                           CSV_PATH_BYTES - 1);
    if (!file_make_folder(folder, error))
        return false;
    fresh.descriptor = open(fresh.path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (fresh.descriptor < 0)
        return error_work(error, "cannot make '%s': %s", fresh.path, strerror(errno));
    if (!write_version(&fresh, wall_seconds, error)) {
        tensorboard_end(&fresh);
        return false;
    }
    *board = fresh;
    return true;
}

void tensorboard_end(TensorBoard *board)
{
    close(board->descriptor);
}
