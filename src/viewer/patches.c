#include "viewer/patches.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/theme.h"

enum { CELL = 84, GAP = 4, ROW = CELL + 10, NUMBER = 26, PADDING = 10 }; /* pixels */

typedef struct {
    Patch patch;
    int frame; /* where its frame lies in the store */
} Kept;

struct Patches {
    PatchesPlan plan;
    int *count; /* kept, of each unit */
    Kept *kept; /* units x PATCHES_EACH, the best first */
    uint8_t *frames;
};

Patches *patches_create(const PatchesPlan *plan, Error *error)
{
    const size_t units = (size_t)plan->units, all = units * PATCHES_EACH;
    const size_t pixels = (size_t)plan->height * (size_t)plan->width;
    uint8_t *block =
        calloc(1, sizeof(Patches) + all * sizeof(Kept) + units * sizeof(int) + all * pixels);
    if (block == NULL) {
        error_work(error, "no memory for the patches of '%d' units", plan->units);
        return NULL;
    }
    Patches *patches = (Patches *)(void *)block;
    patches->plan = *plan;
    patches->kept = (Kept *)(void *)(block + sizeof *patches);
    patches->count = (int *)(void *)(patches->kept + all);
    patches->frames = (uint8_t *)(patches->count + units);
    return patches;
}

void patches_destroy(Patches *patches)
{
    free(patches);
}

static uint8_t *frame_at(const Patches *patches, int unit, int frame)
{
    const size_t pixels = (size_t)patches->plan.height * (size_t)patches->plan.width;
    return patches->frames + ((size_t)unit * PATCHES_EACH + (size_t)frame) * pixels;
}

/* Which of the kept ones has to go for this patch; `count` where there is room; -1: the new one
 * itself. Moments never go back, so only the newest stretch can be shared. */
static int place_for(const Patches *patches, int unit, float value, int moment)
{
    const Kept *kept = patches->kept + (size_t)unit * PATCHES_EACH;
    const int count = patches->count[unit];
    if (!(value > 0))
        return -1;
    for (int i = 0; i < count; i++)
        if (kept[i].patch.moment / PATCHES_STRETCH == moment / PATCHES_STRETCH)
            return value > kept[i].patch.value ? i : -1;
    if (count < PATCHES_EACH)
        return count;
    return value > kept[count - 1].patch.value ? count - 1 : -1;
}

bool patches_want(const Patches *patches, int unit, float value, int moment)
{
    return place_for(patches, unit, value, moment) >= 0;
}

void patches_offer(Patches *patches, int unit, const Patch *patch, const uint8_t *frame)
{
    assert(unit >= 0 && unit < patches->plan.units && patch->moment >= 0);
    Kept *kept = patches->kept + (size_t)unit * PATCHES_EACH;
    int *count = &patches->count[unit];
    int at = place_for(patches, unit, patch->value, patch->moment);
    if (at < 0)
        return;
    const Kept fresh = {*patch, at < *count ? kept[at].frame : at};
    *count += at == *count;
    memcpy(frame_at(patches, unit, fresh.frame), frame,
           (size_t)patches->plan.height * (size_t)patches->plan.width);
    for (; at > 0 && kept[at - 1].patch.value < patch->value; at--)
        kept[at] = kept[at - 1];
    kept[at] = fresh;
}

bool patches_get(const Patches *patches, int unit, int rank, Patch *patch)
{
    if (rank >= patches->count[unit])
        return false;
    *patch = patches->kept[(size_t)unit * PATCHES_EACH + (size_t)rank].patch;
    return true;
}

int patches_excited(const Patches *patches)
{
    int excited = 0;
    for (int unit = 0; unit < patches->plan.units; unit++)
        excited += patches->count[unit] > 0;
    return excited;
}

/* ---- the picture ---- */

/* By how much a whole frame, or a field, is enlarged to fill a cell. */
static int times_of(int height, int width)
{
    const int times = CELL / (height > width ? height : width);
    return times > 0 ? times : 1;
}

static void draw_part(Picture *picture, Point at, const PatchesPlan *plan, const Box *part,
                      const uint8_t *frame)
{
    const int times = times_of(part->height, part->width);
    for (int y = 0; y < part->height; y++) {
        const GreyPicture row = {part->width, 1, frame + (part->y + y) * plan->width + part->x};
        picture_paste_grey(picture, (Point){at.x, at.y + y * times}, &row,
                           (Enlargement){times, times});
    }
}

static void draw_whole(const Patches *patches, Picture *picture, Point at, const Box *field,
                       const uint8_t *frame)
{
    const PatchesPlan *plan = &patches->plan;
    const int times = times_of(plan->height, plan->width);
    draw_part(picture, at, plan, &(Box){0, 0, plan->width, plan->height}, frame);
    picture_outline(picture,
                    (Box){at.x + field->x * times, at.y + field->y * times, field->width * times,
                          field->height * times},
                    theme_bright);
}

static void draw_unit(const Patches *patches, int unit, Picture *picture, Point at)
{
    char number[16];
    const PatchesPlan *plan = &patches->plan;
    const Kept *kept = patches->kept + (size_t)unit * PATCHES_EACH;
    snprintf(number, sizeof number, "%d", unit);
    picture_write(picture, at, 1, theme_ink, number);
    for (int i = 0; i < patches->count[unit]; i++) {
        const Box field = {kept[i].patch.column, kept[i].patch.row, plan->field_width,
                           plan->field_height};
        const uint8_t *frame = frame_at(patches, unit, kept[i].frame);
        const Point cell = {at.x + NUMBER + (i + 1) * (CELL + GAP), at.y};
        if (i == 0)
            draw_whole(patches, picture, (Point){at.x + NUMBER, at.y}, &field, frame);
        draw_part(picture, cell, plan, &field, frame);
    }
}

/* Columns of units: two, and more where the picture would become a ribbon. */
static int columns(int units)
{
    return units > 128 ? 4 : 2;
}

Picture *patches_draw(const Patches *patches, Error *error)
{
    const int across = columns(patches->plan.units);
    const int width = NUMBER + (PATCHES_EACH + 1) * (CELL + GAP) + PADDING;
    const int down = (patches->plan.units + across - 1) / across;
    Picture *picture = picture_create(across * width + PADDING, down * ROW + PADDING, error);
    if (picture == NULL)
        return NULL;
    picture_fill(picture, (Box){0, 0, picture->width, picture->height}, (Colour){40, 44, 54});
    for (int unit = 0; unit < patches->plan.units; unit++)
        draw_unit(patches, unit, picture,
                  (Point){PADDING + unit / down * width, PADDING + unit % down * ROW});
    return picture;
}
