#include "cli/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static const double terminal_seconds = 0.5; /* between two looks of the line */
static const double plain_seconds = 10;
static const double first_seconds = 1; /* to the first plain line: a rate needs some time */

static const double dead_notable = 0.5; /* of the hidden units: fewer are no news */

enum { TIME_BYTES = 32, NUMBER_BYTES = 32 };

Progress progress_begin(ProgressLoudness loudness, int64_t frames, int64_t train_frames)
{
    const double now = clock_seconds();
    return (Progress){
        .loudness = loudness,
        .terminal = isatty(STDOUT_FILENO),
        .train_frames = train_frames,
        .begin_frames = frames,
        .begin_seconds = now,
        .next_seconds = now + first_seconds,
        .last_seconds = now,
        .last_frames = frames,
    };
}

static const char *duration(char text[TIME_BYTES], double seconds)
{
    if (!isfinite(seconds) || seconds > 1e8)
        snprintf(text, TIME_BYTES, "?");
    else if (seconds < 3600)
        snprintf(text, TIME_BYTES, "%d:%02d", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(text, TIME_BYTES, "%d:%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60,
                 (int)seconds % 60);
    return text;
}

static const char *number(char text[NUMBER_BYTES], const char *format, double value)
{
    snprintf(text, NUMBER_BYTES, isfinite(value) ? format : "-", value);
    return text;
}

static void measure(Progress *progress, int64_t frames, double now)
{
    if (now > progress->last_seconds)
        progress->frames_per_second =
            (double)(frames - progress->last_frames) / (now - progress->last_seconds);
    progress->last_frames = frames;
    progress->last_seconds = now;
}

void progress_show(Progress *progress, const TrainProgress *now)
{
    if (progress->loudness == PROGRESS_QUIET)
        return;
    const double seconds = clock_seconds();
    if (seconds < progress->next_seconds)
        return;
    progress->next_seconds = seconds + (progress->terminal ? terminal_seconds : plain_seconds);
    measure(progress, now->frames, seconds);

    char score[NUMBER_BYTES], loss[NUMBER_BYTES], q[NUMBER_BYTES], left[TIME_BYTES];
    const double frames_left = (double)(progress->train_frames - now->frames);
    const double mean_rate =
        (double)(now->frames - progress->begin_frames) / (seconds - progress->begin_seconds);
    printf("%sframes %" PRId64 "  %.0f/s  games %" PRId64
           "  score %s  epsilon %.3f  loss %s  Q %s  left %s%s",
           progress->terminal ? "\r" : "", now->frames, progress->frames_per_second, now->episodes,
           number(score, "%.4g", now->recent_score), now->epsilon, number(loss, "%.3g", now->loss),
           number(q, "%.3g", now->mean_q), duration(left, frames_left / mean_rate),
           progress->terminal ? "\033[K" : "\n");
    progress->line_open = progress->terminal;
    fflush(stdout);
}

void progress_end(Progress *progress)
{
    if (progress->line_open)
        putchar('\n');
    progress->line_open = false;
    fflush(stdout);
}

static void erase_line(Progress *progress)
{
    if (progress->line_open)
        fputs("\r\033[K", stdout);
    progress->line_open = false;
}

void progress_epoch(Progress *progress, const TrainEpoch *epoch)
{
    char loss[NUMBER_BYTES], q[NUMBER_BYTES], score[NUMBER_BYTES];
    if (progress->loudness == PROGRESS_QUIET)
        return;
    erase_line(progress);
    printf("epoch %" PRId64 ": frames %" PRId64 ", training score %s, loss %s, held-out Q %s",
           epoch->epoch, epoch->progress.frames,
           number(score, "%.4g", epoch->progress.recent_score),
           number(loss, "%.3g", epoch->progress.loss), number(q, "%.3g", epoch->heldout.mean_q));
    if (epoch->heldout.dead > dead_notable)
        printf(", %.0f %% of the hidden units dead", 100 * epoch->heldout.dead);
    if (epoch->evaluation.games > 0)
        printf(", evaluation %.4g +- %.2g in %d games%s", epoch->evaluation.mean,
               epoch->evaluation.ci95, epoch->evaluation.games, epoch->best ? ", the best" : "");
    putchar('\n');
    fflush(stdout);
}

void progress_episode(Progress *progress, const TrainEpisode *episode)
{
    if (progress->loudness != PROGRESS_VERBOSE)
        return;
    erase_line(progress);
    printf("game %" PRId64 ": score %g in %" PRId64 " frames\n", episode->episode, episode->score,
           episode->frames);
}
