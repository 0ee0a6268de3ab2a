#include "viewer/trail.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "viewer/theme.h"

enum { LEFT = 52, TOP = 28, MARGIN = 8, NUMBER_BYTES = 24 }; /* pixels around the line */

typedef struct {
    float value;
    TrailMark mark;
} TrailPoint;

struct Trail {
    int points;
    int count; /* that are there */
    int next;  /* where the next one goes: a ring */
    TrailPoint point[];
};

typedef struct {
    double lowest, highest;
    Box box; /* of the line itself */
} Axes;

Trail *trail_create(int points, Error *error)
{
    assert(points >= 2);
    Trail *trail = calloc(1, sizeof *trail + (size_t)points * sizeof trail->point[0]);
    if (trail == NULL) {
        error_work(error, "no memory for a line of '%d' values", points);
        return NULL;
    }
    trail->points = points;
    return trail;
}

void trail_destroy(Trail *trail)
{
    free(trail);
}

void trail_add(Trail *trail, float value, TrailMark mark)
{
    trail->point[trail->next] = (TrailPoint){value, mark};
    trail->next = (trail->next + 1) % trail->points;
    if (trail->count < trail->points)
        trail->count++;
}

/* The one that was added `age` before the newest. */
static const TrailPoint *point_of(const Trail *trail, int age)
{
    return &trail->point[(trail->next - 1 - age + 2 * trail->points) % trail->points];
}

static Axes axes_of(const Trail *trail, Box box)
{
    Axes axes = {INFINITY,
                 -INFINITY,
                 {box.x + LEFT, box.y + TOP, box.width - LEFT - MARGIN, box.height - TOP - MARGIN}};
    for (int age = 0; age < trail->count; age++) {
        const double value = (double)point_of(trail, age)->value;
        axes.lowest = fmin(axes.lowest, value);
        axes.highest = fmax(axes.highest, value);
    }
    const double least = 0.01; /* else noise would look like news */
    if (!(axes.highest - axes.lowest >= least)) {
        const double middle = trail->count > 0 ? (axes.lowest + axes.highest) / 2 : 0;
        axes.lowest = middle - least / 2;
        axes.highest = middle + least / 2;
    }
    return axes;
}

static Point place(const Trail *trail, const Axes *axes, int age)
{
    const double up =
        ((double)point_of(trail, age)->value - axes->lowest) / (axes->highest - axes->lowest);
    const Box *box = &axes->box;
    return (Point){box->x + (box->width - 1) * (trail->points - 1 - age) / (trail->points - 1),
                   box->y + (int)lround((1 - up) * (box->height - 1))};
}

static void draw_axes(Picture *picture, const Axes *axes)
{
    char number[NUMBER_BYTES];
    for (int i = 0; i <= 2; i++) {
        const int y = axes->box.y + (axes->box.height - 1) * i / 2;
        const double value = axes->highest + (axes->lowest - axes->highest) * i / 2;
        picture_line(picture, (Point){axes->box.x, y},
                     (Point){axes->box.x + axes->box.width - 1, y}, theme_rule);
        snprintf(number, sizeof number, "%.2f", value);
        picture_write(
            picture,
            (Point){axes->box.x - 6 - picture_text_width(number, 1), y - PICTURE_LETTER_HEIGHT / 2},
            1, theme_ink, number);
    }
}

static void draw_line(const Trail *trail, Picture *picture, const Axes *axes)
{
    for (int age = trail->count - 1; age >= 0; age--) {
        const TrailMark mark = point_of(trail, age)->mark;
        const Point to = place(trail, axes, age);
        if (mark == TRAIL_BEGIN)
            picture_line(picture, (Point){to.x, axes->box.y},
                         (Point){to.x, axes->box.y + axes->box.height - 1}, theme_ink);
        else if (age < trail->count - 1)
            picture_line(picture, place(trail, axes, age + 1), to, theme_bright);
        if (mark == TRAIL_REWARD)
            picture_fill(picture, (Box){to.x - 2, to.y - 2, 5, 5}, theme_reward);
    }
}

void trail_draw(const Trail *trail, Picture *picture, Box box, const char *title)
{
    const Axes axes = axes_of(trail, box);
    picture_fill(picture, box, theme_paper);
    picture_write(picture, (Point){box.x + MARGIN, box.y + 6}, 1, theme_ink, title);
    draw_axes(picture, &axes);
    draw_line(trail, picture, &axes);
}
