#include "viewer/state_map.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "viewer/theme.h"

enum { MAP = 1100, MARGIN = 24, FRAME = 168, EACH_SIDE = 6, SHOWN = 2 * EACH_SIDE, DOT = 7 };
enum { SIDE = FRAME + 16, LEGEND = 28, NUMBER_BYTES = 24 };

/* Low to high; every one of them is visible on the paper. */
static Colour shade(double part)
{
    static const Colour steps[] = {
        {60, 80, 200}, {50, 170, 220}, {120, 210, 120}, {250, 210, 70}, {230, 60, 40}};
    const double at = 4 * fmin(1, fmax(0, part));
    const int low = at < 4 ? (int)at : 3;
    const double over = at - low;
    const Colour a = steps[low], b = steps[low + 1];
    return (Colour){(uint8_t)(a.red + over * (b.red - a.red)),
                    (uint8_t)(a.green + over * (b.green - a.green)),
                    (uint8_t)(a.blue + over * (b.blue - a.blue))};
}

typedef struct {
    double left, top, scale; /* of places */
    double lowest, highest;  /* values */
} Frame;

static Frame frame_of(const StateMap *map)
{
    double low[2] = {DBL_MAX, DBL_MAX}, high[2] = {-DBL_MAX, -DBL_MAX};
    Frame frame = {.lowest = DBL_MAX, .highest = -DBL_MAX};
    for (int i = 0; i < map->states; i++) {
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], map->places[2 * i + axis]);
            high[axis] = fmax(high[axis], map->places[2 * i + axis]);
        }
        frame.lowest = fmin(frame.lowest, (double)map->values[i]);
        frame.highest = fmax(frame.highest, (double)map->values[i]);
    }
    const double widest = fmax(fmax(high[0] - low[0], high[1] - low[1]), 1e-9);
    frame.scale = (MAP - 2 * MARGIN) / widest;
    frame.left = (low[0] + high[0] - widest) / 2;
    frame.top = (low[1] + high[1] - widest) / 2;
    return frame;
}

static Point point_of(const StateMap *map, const Frame *frame, int state)
{
    return (Point){SIDE + MARGIN +
                       (int)lround((map->places[2 * state] - frame->left) * frame->scale),
                   MARGIN + (int)lround((map->places[2 * state + 1] - frame->top) * frame->scale)};
}

static double part_of(const StateMap *map, const Frame *frame, int state)
{
    const double range = fmax(frame->highest - frame->lowest, 1e-9);
    return ((double)map->values[state] - frame->lowest) / range;
}

static double distance_to_chosen(const StateMap *map, int state, const int *chosen, int count)
{
    const double *at = map->places + 2 * state;
    double nearest = count > 0 ? DBL_MAX : -(at[0] * at[0] + at[1] * at[1]);
    for (int i = 0; i < count; i++) {
        const double *other = map->places + 2 * chosen[i];
        const double x = at[0] - other[0], y = at[1] - other[1];
        nearest = fmin(nearest, x * x + y * y);
    }
    return nearest;
}

/* Returns how many were found: fewer than SHOWN where there are no more places. */
static int choose(const StateMap *map, int chosen[SHOWN])
{
    int count = 0;
    for (; count < SHOWN && count < map->states; count++) {
        double farthest = -DBL_MAX;
        for (int state = 0; state < map->states; state++) {
            const double distance = distance_to_chosen(map, state, chosen, count);
            if (distance > farthest) {
                farthest = distance;
                chosen[count] = state;
            }
        }
    }
    return count;
}

/* Put them in order of x (axis 0) or y: a dozen at most. */
static void sort_by(const StateMap *map, int axis, int *states, int count)
{
    for (int i = 1; i < count; i++)
        for (int j = i;
             j > 0 && map->places[2 * states[j] + axis] < map->places[2 * states[j - 1] + axis];
             j--) {
            const int swap = states[j];
            states[j] = states[j - 1];
            states[j - 1] = swap;
        }
}

static void draw_shown(Picture *page, const StateMap *map, const Frame *frame, int state, int place,
                       bool left)
{
    const int longer = map->height > map->width ? map->height : map->width;
    const int times = FRAME / longer > 0 ? FRAME / longer : 1;
    const size_t pixels = (size_t)map->height * (size_t)map->width;
    const int x = left ? 8 : SIDE + MAP + 8, y = 8 + place * (MAP - 8) / EACH_SIDE;
    const Box box = {x, y, map->width * times, map->height * times};
    const Colour colour = shade(part_of(map, frame, state));
    const Point dot = point_of(map, frame, state);
    picture_paste_grey(
        page, (Point){x, y},
        &(GreyPicture){map->width, map->height, map->frames + (size_t)state * pixels},
        (Enlargement){times, times});
    for (int border = 1; border <= 2; border++)
        picture_outline(
            page,
            (Box){box.x - border, box.y - border, box.width + 2 * border, box.height + 2 * border},
            colour);
    picture_line(page, (Point){left ? box.x + box.width + 2 : box.x - 3, box.y + box.height / 2},
                 dot, theme_ink);
    picture_outline(page, (Box){dot.x - DOT, dot.y - DOT, 2 * DOT + 1, 2 * DOT + 1}, theme_ink);
}

static void draw_legend(Picture *page, const Frame *frame)
{
    enum { LENGTH = 200 };
    char number[NUMBER_BYTES];
    const int y = MAP + 6, x = SIDE + (MAP - LENGTH) / 2;
    for (int i = 0; i < LENGTH; i++)
        picture_fill(page, (Box){x + i, y, 1, 12}, shade((double)i / LENGTH));
    snprintf(number, sizeof number, "%.2f", frame->lowest);
    picture_write(page, (Point){x - 8 - picture_text_width(number, 1), y + 2}, 1, theme_ink,
                  number);
    snprintf(number, sizeof number, "%.2f  value", frame->highest);
    picture_write(page, (Point){x + LENGTH + 8, y + 2}, 1, theme_ink, number);
}

Picture *state_map_draw(const StateMap *map, Error *error)
{
    Picture *page = picture_create(MAP + 2 * SIDE, MAP + LEGEND, error);
    if (page == NULL)
        return NULL;
    int chosen[SHOWN];
    const Frame frame = frame_of(map);
    const int count = choose(map, chosen), left = count / 2;
    picture_fill(page, (Box){0, 0, page->width, page->height}, theme_paper);
    sort_by(map, 0, chosen, count);
    sort_by(map, 1, chosen, left);
    sort_by(map, 1, chosen + left, count - left);
    for (int i = 0; i < count; i++)
        draw_shown(page, map, &frame, chosen[i], i < left ? i : i - left, i < left);
    for (int state = 0; state < map->states; state++) {
        const Point at = point_of(map, &frame, state);
        picture_fill(page, (Box){at.x - DOT / 2, at.y - DOT / 2, DOT, DOT},
                     shade(part_of(map, &frame, state)));
    }
    draw_legend(page, &frame);
    return page;
}
