/*
 * patches.h - for each unit of a layer the pieces of pictures that excited it most.
 *
 *     Patches *patches = patches_create(&(PatchesPlan){.units = 32, .height = 84, ...}, &error);
 *     for each state
 *         for each unit
 *             patches_offer(patches, unit, &(Patch){value, row, column, moment}, frame);
 *     Picture *picture = patches_draw(patches, &error);
 *
 *     +-------+  +--+--+--+--+--+--+       each unit: the whole frame that excited it most, with
 *     | [ ]   |  |  |  |  |  |  |  |       the field it looked at outlined; then the fields of that
 *     +-------+  +--+--+--+--+--+--+       frame and of the next best ones
 *
 * Of pictures that follow each other and hardly differ only the best is kept: one for each stretch
 * of PATCHES_STRETCH moments. A unit that nothing excited stays empty.
 */
#ifndef DEEPQ_VIEWER_PATCHES_H
#define DEEPQ_VIEWER_PATCHES_H

#include "viewer/picture.h"

enum { PATCHES_EACH = 8, PATCHES_STRETCH = 32 };

typedef struct {
    int units;
    int height, width;             /* of a frame, pixels */
    int field_height, field_width; /* of what a unit sees, at most the frame's */
} PatchesPlan;

typedef struct {
    float value;
    int row, column; /* the top left pixel of the field */
    int moment;      /* in the order of time, 0 or more */
} Patch;

typedef struct Patches Patches;

Patches *patches_create(const PatchesPlan *plan, Error *error);
void patches_destroy(Patches *patches); /* NULL is fine */

/* Keep the patch if it is among the unit's best; moments never go back. The frame is copied. A
 * value of 0 or less excites nobody. */
void patches_offer(Patches *patches, int unit, const Patch *patch, const uint8_t *frame);

/* Whether a patch would be kept, wherever it lies. */
bool patches_want(const Patches *patches, int unit, float value, int moment);

/* The unit's patch of rank 0 (the best) .. PATCHES_EACH-1; false: it has none so far. */
bool patches_get(const Patches *patches, int unit, int rank, Patch *patch);

/* Units that something excited: 0 .. all of them. What nothing excites does not learn either. */
int patches_excited(const Patches *patches);

/* A new picture, which the caller destroys. */
Picture *patches_draw(const Patches *patches, Error *error);

#endif
