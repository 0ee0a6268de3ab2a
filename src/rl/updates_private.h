/*
 * updates_private.h - what a way of learning consists of. Private to the files of updates.h:
 * updates_replay.c and updates_rollouts.c are the two that there are.
 */
#ifndef DEEPQ_RL_UPDATES_PRIVATE_H
#define DEEPQ_RL_UPDATES_PRIVATE_H

#include "rl/updates.h"

typedef struct {
    ReplaySetup (*memory)(const DqnConfig *config, size_t frame_bytes);
    Updates *(*create)(const UpdatesSetup *setup, Error *error);
    void (*destroy)(Updates *updates);
    bool (*make)(Updates *updates, const UpdatesDue *due, Error *error);
} UpdatesType;

/* The part both begin with. */
struct Updates {
    const UpdatesType *type;
    UpdatesSetup setup;
};

extern const UpdatesType updates_from_replay, updates_from_rollouts;

#endif
