/*
 * Movies, decoded again by FFmpeg's own reader: every picture is there, in its time and colour.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "viewer/movie.h"

#ifdef DEEPQ_HAVE_FFMPEG

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

enum { WIDTH = 97, HEIGHT = 63, PICTURES = 20, RATE = 15, BYTES_MAX = 1 << 20 };

/* Picture i: grey, brighter with i, its left half always black. */
static uint8_t luminance_of(int picture)
{
    return (uint8_t)(40 + 10 * picture);
}

static void make(const char *path)
{
    Error error = {0};
    Picture *picture = picture_create(WIDTH, HEIGHT, &error);
    Movie *movie = movie_create(path, WIDTH, HEIGHT, RATE, &error);
    assert_non_null(movie);
    for (int i = 0; i < PICTURES; i++) {
        const uint8_t grey = luminance_of(i);
        picture_fill(picture, (Box){WIDTH / 2, 0, WIDTH, HEIGHT}, (Colour){grey, grey, grey});
        assert_true(movie_add(movie, picture, &error));
    }
    assert_true(movie_finish(movie, &error));
    movie_destroy(movie);
    picture_destroy(picture);
}

/* A decoded picture's luminance, taken back from 16 .. 235 to 0 .. 255. */
static int luminance_at(const AVFrame *frame, int x, int y)
{
    return (frame->data[0][y * frame->linesize[0] + x] - 16) * 255 / 219;
}

static void check_picture(const AVFrame *frame, int index)
{
    assert_int_equal(frame->width, WIDTH + 1);
    assert_int_equal(frame->height, HEIGHT + 1);
    assert_in_range(luminance_at(frame, 10, 30) + 4, 0, 8);
    assert_in_range(luminance_at(frame, 80, 30) - luminance_of(index) + 4, 0, 8);
}

static void every_picture_comes_back_in_its_order(void **state)
{
    (void)state;
    AVFormatContext *format = NULL;
    make("movie_test.mp4");
    assert_int_equal(avformat_open_input(&format, "movie_test.mp4", NULL, NULL), 0);
    assert_true(avformat_find_stream_info(format, NULL) >= 0);
    const AVStream *stream = format->streams[0];
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *context = avcodec_alloc_context3(codec);
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int shown = 0;
    avcodec_parameters_to_context(context, stream->codecpar);
    assert_int_equal(avcodec_open2(context, codec, NULL), 0);
    for (int more = 1; more != 0;) {
        more = av_read_frame(format, packet) == 0;
        avcodec_send_packet(context, more ? packet : NULL);
        while (avcodec_receive_frame(context, frame) == 0) {
            assert_int_equal(av_rescale_q(frame->pts, stream->time_base, (AVRational){1, RATE}),
                             shown);
            check_picture(frame, shown++);
        }
        av_packet_unref(packet);
    }
    assert_int_equal(shown, PICTURES);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&context);
    avformat_close_input(&format);
    unlink("movie_test.mp4");
}

static void the_same_pictures_give_the_same_bytes_later(void **state)
{
    (void)state;
    Error error = {0};
    FileBytes first, second;
    make("movie_test.mp4");
    assert_true(file_read(&first, "movie_test.mp4", BYTES_MAX, &error));
    sleep(1); /* files count time in whole seconds */
    make("movie_test.mp4");
    assert_true(file_read(&second, "movie_test.mp4", BYTES_MAX, &error));
    assert_int_equal(first.count, second.count);
    assert_memory_equal(first.bytes, second.bytes, first.count);
    file_free(&first);
    file_free(&second);
    unlink("movie_test.mp4");
}

static void a_movie_that_is_not_finished_leaves_what_was_there(void **state)
{
    (void)state;
    Error error = {0};
    FileBytes kept;
    assert_true(file_replace("movie_test.mp4", "before", 6, &error));
    Movie *movie = movie_create("movie_test.mp4", WIDTH, HEIGHT, RATE, &error);
    assert_non_null(movie);
    assert_false(movie_finish(movie, &error)); /* without a picture */
    movie_destroy(movie);
    assert_true(file_read(&kept, "movie_test.mp4", BYTES_MAX, &error));
    assert_string_equal((const char *)kept.bytes, "before");
    assert_false(file_exists("movie_test.mp4.new"));
    file_free(&kept);
    unlink("movie_test.mp4");
    assert_null(movie_create("nowhere/movie.mp4", WIDTH, HEIGHT, RATE, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_null(movie_create("movie_test.mp4", WIDTH, HEIGHT, 0, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_comes_back_in_its_order),
        cmocka_unit_test(the_same_pictures_give_the_same_bytes_later),
        cmocka_unit_test(a_movie_that_is_not_finished_leaves_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void without_ffmpeg_a_movie_says_what_is_missing(void **state)
{
    (void)state;
    Error error = {0};
    assert_null(movie_create("movie_test.mp4", 8, 8, 15, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, "libavformat-dev"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_ffmpeg_a_movie_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
