/*
 * parallel.h - a team of threads for loops whose pieces do not depend on each other.
 *
 * The work is cut into pieces by the caller, not by the number of threads; which thread runs which
 * piece is decided at run time and must not matter. So results never depend on how many threads
 * there are, nor on which of them does what: all treat denormals as the caller does (denormals.h).
 *
 *     static void piece(void *context, int index);
 *     Parallel *team = parallel_create(2, &error);
 *     parallel_run(team, 4, piece, &context);     returns when all four pieces are done
 *
 * The caller works, too, and waits only for pieces that others have begun: a thread that the
 * machine is slow to wake costs nothing. A team of one runs the pieces in the calling thread, in
 * order, and starts no thread. Between loops the waiting threads spin for some microseconds and
 * then sleep.
 */
#ifndef DEEPQ_BASE_PARALLEL_H
#define DEEPQ_BASE_PARALLEL_H

#include "base/error.h"

enum { PARALLEL_THREADS_MAX = 256, PARALLEL_PIECES_MAX = 65535 };

typedef struct Parallel Parallel;
typedef void ParallelPiece(void *context, int index);

/* `threads` in 1 .. PARALLEL_THREADS_MAX, the calling one included. NULL with ERROR_WORK where
 * threads cannot be had. */
Parallel *parallel_create(int threads, Error *error);
void parallel_destroy(Parallel *team); /* NULL is fine */

int parallel_threads(const Parallel *team);

/* Run piece(context, i) once for each i in 0 .. pieces-1; at most PARALLEL_PIECES_MAX. Not to be
 * called from within a piece. */
void parallel_run(Parallel *team, int pieces, ParallelPiece *piece, void *context);

/* One task beside the loops: begun by the first thread of the team that has nothing else to do,
 * while the caller goes on. parallel_finish returns when it is done; where nobody has begun it, the
 * caller does it there. In between the caller may run loops, which the task must not do. */
typedef void ParallelTask(void *context);
void parallel_start(Parallel *team, ParallelTask *task, void *context);
void parallel_finish(Parallel *team); /* nothing where no task was started */

#endif
