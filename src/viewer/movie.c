#include "viewer/movie.h"

#ifdef DEEPQ_HAVE_FFMPEG

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

#include "base/file.h"

enum { REASON_BYTES = 128, RATE_UNITS = 100000, MPEG4_QUALITY = 3 };

struct Movie {
    FileDraft draft;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVStream *stream;
    AVFrame *frame; /* as the encoder takes it */
    AVPacket *packet;
    struct SwsContext *convert;
    int width, height; /* of the pictures */
    int64_t pictures;
};

static bool fail(const Movie *movie, const char *what, int code, Error *error)
{
    char reason[REASON_BYTES] = "";
    av_strerror(code, reason, sizeof reason);
    return error_work(error, "cannot %s '%s': %s", what, movie->draft.place, reason);
}

/* ---- opening ---- */

static const AVCodec *choose_codec(void)
{
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    return codec != NULL ? codec : avcodec_find_encoder(AV_CODEC_ID_MPEG4);
}

static int even(int side)
{
    return (side + 1) / 2 * 2;
}

static bool open_codec(Movie *movie, double frames_per_second, Error *error)
{
    const AVCodec *codec = choose_codec();
    if (codec == NULL)
        return error_work(error, "FFmpeg has neither x264 nor MPEG-4 here: record a .gif");
    movie->codec = avcodec_alloc_context3(codec);
    if (movie->codec == NULL)
        return error_work(error, "no memory for the movie '%s'", movie->draft.place);
    AVCodecContext *context = movie->codec;
    context->width = even(movie->width);
    context->height = even(movie->height);
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->framerate = av_d2q(frames_per_second, RATE_UNITS);
    context->time_base = av_inv_q(context->framerate);
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    if (codec->id == AV_CODEC_ID_MPEG4) {
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = MPEG4_QUALITY * FF_QP2LAMBDA;
    } else {
        av_opt_set(context->priv_data, "crf", "16", 0);
    }
    const int code = avcodec_open2(context, codec, NULL);
    return code >= 0 || fail(movie, "encode", code, error);
}

static bool open_file(Movie *movie, Error *error)
{
    char url[sizeof movie->draft.path + 16];
    snprintf(url, sizeof url, "file:%s", movie->draft.path);
    int code = avformat_alloc_output_context2(&movie->format, NULL, "mp4", url);
    if (code < 0)
        return fail(movie, "make", code, error);
    movie->format->flags |= AVFMT_FLAG_BITEXACT;
    movie->stream = avformat_new_stream(movie->format, NULL);
    if (movie->stream == NULL)
        return error_work(error, "no memory for the movie '%s'", movie->draft.place);
    movie->stream->time_base = movie->codec->time_base;
    movie->stream->avg_frame_rate = movie->codec->framerate;
    code = avcodec_parameters_from_context(movie->stream->codecpar, movie->codec);
    if (code >= 0)
        code = avio_open(&movie->format->pb, url, AVIO_FLAG_WRITE);
    if (code >= 0)
        code = avformat_write_header(movie->format, NULL);
    return code >= 0 || fail(movie, "write", code, error);
}

static bool take_buffers(Movie *movie, Error *error)
{
    movie->packet = av_packet_alloc();
    movie->frame = av_frame_alloc();
    movie->convert = sws_getContext(movie->codec->width, movie->codec->height, AV_PIX_FMT_RGB24,
                                    movie->codec->width, movie->codec->height, AV_PIX_FMT_YUV420P,
                                    SWS_POINT | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
    if (movie->packet == NULL || movie->frame == NULL || movie->convert == NULL)
        return error_work(error, "no memory for the movie '%s'", movie->draft.place);
    movie->frame->format = AV_PIX_FMT_YUV420P;
    movie->frame->width = movie->codec->width;
    movie->frame->height = movie->codec->height;
    const int code = av_frame_get_buffer(movie->frame, 0);
    return code >= 0 || fail(movie, "make", code, error);
}

Movie *movie_create(const char *path, int width, int height, double frames_per_second, Error *error)
{
    if (!(frames_per_second > 0 && frames_per_second <= 1000)) {
        error_input(error, "'%g' pictures a second are not possible: above 0, at most 1000",
                    frames_per_second);
        return NULL;
    }
    Movie *movie = calloc(1, sizeof *movie);
    if (movie == NULL) {
        error_work(error, "no memory for the movie '%s'", path);
        return NULL;
    }
    av_log_set_level(AV_LOG_QUIET); /* the library would print */
    movie->width = width;
    movie->height = height;
    if (!file_draft(&movie->draft, path, error) || !open_codec(movie, frames_per_second, error) ||
        !open_file(movie, error) || !take_buffers(movie, error)) {
        movie_destroy(movie);
        return NULL;
    }
    return movie;
}

void movie_destroy(Movie *movie)
{
    if (movie == NULL)
        return;
    const bool made = movie->format != NULL && movie->format->pb != NULL;
    if (made)
        avio_closep(&movie->format->pb);
    if (made)
        unlink(movie->draft.path);
    avformat_free_context(movie->format);
    avcodec_free_context(&movie->codec);
    av_frame_free(&movie->frame);
    av_packet_free(&movie->packet);
    sws_freeContext(movie->convert);
    free(movie);
}

/* ---- pictures ---- */

/* Give the encoder a frame, or NULL for the end, and write what it gives back. */
static bool encode(Movie *movie, const AVFrame *frame, Error *error)
{
    int code = avcodec_send_frame(movie->codec, frame);
    while (code >= 0) {
        code = avcodec_receive_packet(movie->codec, movie->packet);
        if (code < 0)
            break;
        av_packet_rescale_ts(movie->packet, movie->codec->time_base, movie->stream->time_base);
        movie->packet->duration =
            av_rescale_q(1, movie->codec->time_base, movie->stream->time_base);
        code = av_interleaved_write_frame(movie->format, movie->packet);
    }
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
        return true;
    return fail(movie, "write", code, error);
}

bool movie_add(Movie *movie, const Picture *picture, Error *error)
{
    assert(picture->width == movie->width && picture->height == movie->height);
    Picture *whole = picture_create(movie->codec->width, movie->codec->height, error);
    if (whole == NULL)
        return false;
    picture_paste(whole, (Point){0, 0}, picture, (Enlargement){1, 1});
    const uint8_t *const rows[1] = {whole->rgb};
    const int stride[1] = {3 * whole->width};
    int code = av_frame_make_writable(movie->frame);
    if (code >= 0)
        code = sws_scale(movie->convert, rows, stride, 0, whole->height, movie->frame->data,
                         movie->frame->linesize);
    picture_destroy(whole);
    if (code < 0)
        return fail(movie, "encode", code, error);
    movie->frame->pts = movie->pictures++;
    return encode(movie, movie->frame, error);
}

bool movie_finish(Movie *movie, Error *error)
{
    if (movie->pictures == 0)
        return error_work(error, "the movie '%s' has no picture", movie->draft.place);
    if (!encode(movie, NULL, error))
        return false;
    int code = av_write_trailer(movie->format);
    const int closed = avio_closep(&movie->format->pb);
    code = code < 0 ? code : closed;
    if (code >= 0)
        return file_draft_keep(&movie->draft, error);
    unlink(movie->draft.path);
    return fail(movie, "write", code, error);
}

#else

Movie *movie_create(const char *path, int width, int height, double frames_per_second, Error *error)
{
    (void)width;
    (void)height;
    (void)frames_per_second;
    error_work(error,
               "'%s' cannot be made: this deepq was built without FFmpeg: on Debian, apt-get "
               "install libavformat-dev libavcodec-dev libswscale-dev and build again, or record "
               "a .gif",
               path);
    return NULL;
}

bool movie_add(Movie *movie, const Picture *picture, Error *error)
{
    (void)movie;
    (void)picture;
    return error_work(error, "there is no movie");
}

bool movie_finish(Movie *movie, Error *error)
{
    (void)movie;
    return error_work(error, "there is no movie");
}

void movie_destroy(Movie *movie)
{
    (void)movie;
}

#endif
