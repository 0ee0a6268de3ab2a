#include "base/parallel.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* How long a waiting thread looks before it sleeps: about 20 microseconds, the gap between two
 * loops of one training step. Longer would burn a core that somebody else could use. */
enum { SPINS = 4000 };

struct Parallel {
    pthread_mutex_t mutex;
    pthread_cond_t begin;
    pthread_cond_t end;
    ParallelPiece *piece;
    void *context;
    int pieces;
    atomic_int next;  /* the next piece to be taken */
    atomic_int busy;  /* helpers still in the present loop */
    atomic_uint loop; /* counts loops; a change is the signal to begin */
    atomic_bool stop;
    int threads;
    pthread_t helper[]; /* threads - 1 of them */
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void take_pieces(Parallel *team)
{
    for (;;) {
        const int index = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
        if (index >= team->pieces)
            return;
        team->piece(team->context, index);
    }
}

static void wait_for_loop_after(Parallel *team, unsigned seen)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&team->loop, memory_order_acquire) != seen)
            return;
        relax();
    }
    pthread_mutex_lock(&team->mutex);
    while (atomic_load(&team->loop) == seen)
        pthread_cond_wait(&team->begin, &team->mutex);
    pthread_mutex_unlock(&team->mutex);
}

static void *help(void *argument)
{
    Parallel *team = argument;
    unsigned seen = 0;
    for (;;) {
        wait_for_loop_after(team, seen);
        seen++;
        if (atomic_load(&team->stop))
            return NULL;
        take_pieces(team);
        if (atomic_fetch_sub(&team->busy, 1) == 1) {
            pthread_mutex_lock(&team->mutex);
            pthread_cond_signal(&team->end);
            pthread_mutex_unlock(&team->mutex);
        }
    }
}

static void start_loop(Parallel *team)
{
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->loop, 1);
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->mutex);
}

Parallel *parallel_create(int threads, Error *error)
{
    assert(threads >= 1 && threads <= PARALLEL_THREADS_MAX);
    Parallel *team = calloc(1, sizeof *team + (size_t)(threads - 1) * sizeof team->helper[0]);
    if (team == NULL) {
        error_work(error, "no memory for a team of %d threads", threads);
        return NULL;
    }
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->begin, NULL);
    pthread_cond_init(&team->end, NULL);
    team->threads = 1;
    while (team->threads < threads) {
        const int why = pthread_create(&team->helper[team->threads - 1], NULL, help, team);
        if (why != 0) {
            error_work(error, "cannot start thread %d of %d: %s", team->threads + 1, threads,
                       strerror(why));
            parallel_destroy(team);
            return NULL;
        }
        team->threads++;
    }
    return team;
}

void parallel_destroy(Parallel *team)
{
    if (team == NULL)
        return;
    atomic_store(&team->stop, true);
    start_loop(team);
    for (int i = 0; i < team->threads - 1; i++)
        pthread_join(team->helper[i], NULL);
    pthread_cond_destroy(&team->end);
    pthread_cond_destroy(&team->begin);
    pthread_mutex_destroy(&team->mutex);
    free(team);
}

int parallel_threads(const Parallel *team)
{
    return team->threads;
}

void parallel_run(Parallel *team, int pieces, ParallelPiece *piece, void *context)
{
    if (team->threads == 1) {
        for (int i = 0; i < pieces; i++)
            piece(context, i);
        return;
    }
    team->piece = piece;
    team->context = context;
    team->pieces = pieces;
    atomic_store(&team->next, 0);
    atomic_store(&team->busy, team->threads - 1);
    start_loop(team);
    take_pieces(team);
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&team->busy, memory_order_acquire) == 0)
            return;
        relax();
    }
    pthread_mutex_lock(&team->mutex);
    while (atomic_load(&team->busy) > 0)
        pthread_cond_wait(&team->end, &team->mutex);
    pthread_mutex_unlock(&team->mutex);
}
