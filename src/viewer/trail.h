/*
 * trail.h - the last values of something as a line, the newest at the right edge.
 *
 *     value
 *     3.1 +------------------------+
 *         |      _/\__/|  .   __/\_|      a dot: a reward; a gap and an upright line: a new game
 *    -0.2 +------------------------+
 *
 * The scale fits what is shown. Nothing is allocated after trail_create.
 */
#ifndef DEEPQ_VIEWER_TRAIL_H
#define DEEPQ_VIEWER_TRAIL_H

#include "viewer/picture.h"

typedef enum { TRAIL_PLAIN, TRAIL_REWARD, TRAIL_BEGIN } TrailMark;

typedef struct Trail Trail;

Trail *trail_create(int points, Error *error); /* it remembers so many: 2 at least */
void trail_destroy(Trail *trail);              /* NULL is fine */

void trail_add(Trail *trail, float value, TrailMark mark); /* a finite value */

/* Draw it into a box of at least 80 x 40 pixels, all of which it fills. */
void trail_draw(const Trail *trail, Picture *picture, Box box, const char *title);

#endif
