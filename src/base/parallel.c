#include "base/parallel.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/denormals.h"

/* How long a waiting thread looks before it sleeps: about 20 microseconds, the gap between two
 * loops of one training step. Longer would burn a core that somebody else could use. */
enum { SPINS = 4000 };

/* A loop in progress, in one word so that taking a piece is one compare-and-swap: which loop it is,
 * how many pieces it has, how many are taken. A helper that wakes late finds another loop, or
 * nothing left, and takes nothing: so the caller need not wait for helpers, only for pieces. */
typedef uint64_t Ticket;

static Ticket ticket_of(uint32_t loop, unsigned pieces, unsigned taken)
{
    return (Ticket)loop << 32 | (Ticket)pieces << 16 | taken;
}

static uint32_t ticket_loop(Ticket ticket)
{
    return (uint32_t)(ticket >> 32);
}

static unsigned ticket_pieces(Ticket ticket)
{
    return ticket >> 16 & 0xffff;
}

static unsigned ticket_taken(Ticket ticket)
{
    return ticket & 0xffff;
}

/* Of the task beside the loops. */
enum { TASK_NONE, TASK_WAITS, TASK_RUNS };

struct Parallel {
    pthread_mutex_t mutex;
    pthread_cond_t begin;
    ParallelPiece *piece; /* these three change only while no piece is being worked on */
    void *context;
    Denormals denormals; /* of the caller */
    _Atomic Ticket ticket;
    atomic_uint done;   /* pieces of the present loop */
    ParallelTask *task; /* these three change only while there is no task */
    void *task_context;
    Denormals task_denormals;
    atomic_int task_state;
    atomic_int asleep; /* helpers that need to be woken */
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
    Ticket ticket = atomic_load(&team->ticket);
    while (ticket_taken(ticket) < ticket_pieces(ticket)) {
        if (!atomic_compare_exchange_weak(&team->ticket, &ticket, ticket + 1))
            continue; /* somebody was faster; `ticket` is the new one */
        denormals_set(team->denormals);
        team->piece(team->context, (int)ticket_taken(ticket));
        atomic_fetch_add(&team->done, 1);
        ticket = atomic_load(&team->ticket);
    }
}

static void take_task(Parallel *team)
{
    int waits = TASK_WAITS;
    if (!atomic_compare_exchange_strong(&team->task_state, &waits, TASK_RUNS))
        return;
    const Denormals before = denormals_set(team->task_denormals);
    team->task(team->task_context);
    denormals_set(before);
    atomic_store(&team->task_state, TASK_NONE);
}

static bool has_news(Parallel *team, uint32_t seen)
{
    return ticket_loop(atomic_load(&team->ticket)) != seen ||
           atomic_load(&team->task_state) == TASK_WAITS || atomic_load(&team->stop);
}

static void wait_for_news(Parallel *team, uint32_t seen)
{
    for (int i = 0; i < SPINS; i++) {
        if (has_news(team, seen))
            return;
        relax();
    }
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->asleep, 1);
    while (!has_news(team, seen))
        pthread_cond_wait(&team->begin, &team->mutex);
    atomic_fetch_sub(&team->asleep, 1);
    pthread_mutex_unlock(&team->mutex);
}

static void *help(void *argument)
{
    Parallel *team = argument;
    uint32_t seen = 0;
    while (!atomic_load(&team->stop)) {
        wait_for_news(team, seen);
        take_task(team);
        seen = ticket_loop(atomic_load(&team->ticket));
        take_pieces(team);
    }
    return NULL;
}

static void wake(Parallel *team)
{
    if (atomic_load(&team->asleep) == 0)
        return;
    pthread_mutex_lock(&team->mutex);
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
    pthread_mutex_lock(
        &team->mutex); /* whoever is about to sleep has either seen `stop` or sleeps already */
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->mutex);
    for (int i = 0; i < team->threads - 1; i++)
        pthread_join(team->helper[i], NULL);
    pthread_cond_destroy(&team->begin);
    pthread_mutex_destroy(&team->mutex);
    free(team);
}

int parallel_threads(const Parallel *team)
{
    return team->threads;
}

static void run_alone(int pieces, ParallelPiece *piece, void *context)
{
    for (int i = 0; i < pieces; i++)
        piece(context, i);
}

void parallel_run(Parallel *team, int pieces, ParallelPiece *piece, void *context)
{
    assert(pieces >= 0 && pieces <= PARALLEL_PIECES_MAX);
    if (team->threads == 1 || pieces < 2) {
        run_alone(pieces, piece, context);
        return;
    }
    team->piece = piece;
    team->context = context;
    team->denormals = denormals_get();
    atomic_store(&team->done, 0);
    const uint32_t loop = ticket_loop(atomic_load(&team->ticket)) + 1;
    atomic_store(&team->ticket, ticket_of(loop, (unsigned)pieces, 0));
    wake(team);
    take_pieces(team);
    for (int i = 0; atomic_load(&team->done) < (unsigned)pieces; i++) {
        if (i < SPINS)
            relax();
        else
            sched_yield(); /* a helper with a piece in hand was put aside: let it have the core */
    }
}

void parallel_start(Parallel *team, ParallelTask *task, void *context)
{
    assert(atomic_load(&team->task_state) == TASK_NONE);
    team->task = task;
    team->task_context = context;
    team->task_denormals = denormals_get();
    atomic_store(&team->task_state, TASK_WAITS);
    if (team->threads > 1)
        wake(team);
}

void parallel_finish(Parallel *team)
{
    take_task(team);
    for (int i = 0; atomic_load(&team->task_state) != TASK_NONE; i++) {
        if (i < SPINS)
            relax();
        else
            sched_yield();
    }
}
