/*
 * tia_draw_plain.c - pieces of lines pixel by pixel, straight from the registers: the twin of
 * tia_rows.c.
 *
 * Slow and meant to be obviously right. It shares no derived state with the fast way, so tests can
 * hold one against the other.
 */
#include "atari/tia_private.h"

/* Is pixel x inside `width` pixels that start at `begin`, around the line's end? Then how far in,
 * else -1. */
static int pixel_in(int x, int begin, int width)
{
    const int distance = (x - begin + 2 * SCREEN_COLUMNS) % SCREEN_COLUMNS;
    return distance < width ? distance : -1;
}

/* The bit of the graphics that pixel x of a player shows, or -1 outside all its copies. */
static int player_bit(const Tia *tia, int player, int x)
{
    const int mode = tia->nusiz[player] & 7;
    const int stretch = mode == 5 ? 2 : mode == 7 ? 4 : 1;
    for (int i = tia->first_hidden[player] ? 1 : 0; i < tia_copies[mode].count; i++) {
        const int begin =
            tia->position[player] + tia_copies[mode].offset[i] + (stretch > 1 ? 1 : 0);
        const int column = pixel_in(x, begin, 8 * stretch);
        if (column >= 0)
            return tia->refp[player] ? column / stretch : 7 - column / stretch;
    }
    return -1;
}

static uint8_t shown_graphics(const Tia *tia, int player)
{
    return tia->vdelp[player] ? tia->grp_old[player] : tia->grp[player];
}

static bool missile_covers(const Tia *tia, int missile, int x)
{
    const bool star = missile == 0;
    if (star && tia->star == TIA_STAR_HIDDEN)
        return false;
    const int code = (tia->nusiz[missile] >> 4 & 3) | (star && tia->star == TIA_STAR_WIDE ? 1 : 0);
    const TiaCopies *copies = &tia_copies[tia->nusiz[missile] & 7];
    for (int i = 0; i < copies->count; i++)
        if (pixel_in(x, tia->position[TIA_M0 + missile] + copies->offset[i], 1 << code) >= 0)
            return true;
    return false;
}

static bool playfield_covers(const Tia *tia, int x)
{
    int cell = x / 4;
    if (cell >= 20)
        cell = tia->reflected ? 39 - cell : cell - 20;
    if (cell < 4)
        return tia->pf[0] >> (4 + cell) & 1;
    if (cell < 12)
        return tia->pf[1] >> (11 - cell) & 1;
    return tia->pf[2] >> (cell - 12) & 1;
}

static unsigned enabled_objects(const Tia *tia)
{
    unsigned enabled = 0;
    for (int i = 0; i < 2; i++) {
        enabled |= (shown_graphics(tia, i) != 0 ? 1u : 0u) << (TIA_P0 + i);
        enabled |= (tia->enam[i] && !tia->resmp[i] ? 1u : 0u) << (TIA_M0 + i);
    }
    enabled |= ((tia->vdelbl ? tia->enabl_old : tia->enabl) ? 1u : 0u) << TIA_BL;
    enabled |= (tia->pf[0] >> 4 || tia->pf[1] || tia->pf[2] ? 1u : 0u) << TIA_PF;
    return enabled;
}

/* The objects that cover pixel x, bit o for object o. */
static unsigned objects_at(const Tia *tia, unsigned enabled, int x)
{
    unsigned objects = 0;
    for (int i = 0; i < 2; i++) {
        const int bit = player_bit(tia, i, x);
        objects |= (bit >= 0 ? (unsigned)shown_graphics(tia, i) >> bit & 1 : 0) << (TIA_P0 + i);
        objects |= (missile_covers(tia, i, x) ? 1u : 0u) << (TIA_M0 + i);
    }
    const int ball_width = 1 << (tia->ctrlpf >> 4 & 3);
    objects |= (pixel_in(x, tia->position[TIA_BL], ball_width) >= 0 ? 1u : 0u) << TIA_BL;
    objects |= (playfield_covers(tia, x) ? 1u : 0u) << TIA_PF;
    return objects & enabled;
}

static uint8_t colour_at(const Tia *tia, unsigned enabled, unsigned objects, int x)
{
    const bool score = tia->ctrlpf & 2, priority = tia->ctrlpf & 4, left = x < 80;
    const bool player0 = objects & (1 << TIA_P0 | 1 << TIA_M0);
    const bool player1 = objects & (1 << TIA_P1 | 1 << TIA_M1);
    const bool field = objects >> TIA_PF & 1, ball = objects >> TIA_BL & 1;
    if (enabled == 1 << TIA_PF) {
        if (!field)
            return tia->colubk;
        return score ? tia->colup[left ? 0 : 1] : tia->colupf;
    }
    if (priority)
        return field || ball ? tia->colupf
               : player0     ? tia->colup[0]
               : player1     ? tia->colup[1]
                             : tia->colubk;
    if (player0 || (field && score && left))
        return tia->colup[0];
    if (player1)
        return tia->colup[1];
    if (field)
        return score ? tia->colup[1] : tia->colupf;
    return ball ? tia->colupf : tia->colubk;
}

static bool both(unsigned objects, TiaObject a, TiaObject b)
{
    return (objects >> a & 1) && (objects >> b & 1);
}

/* [Stella1983] collision registers, in the order of their addresses: bit 7's pair, then bit 6's. */
static void latch_pairs(Tia *tia, unsigned objects)
{
    static const TiaObject pair[8][2][2] = {
        {{TIA_M0, TIA_P1}, {TIA_M0, TIA_P0}}, {{TIA_M1, TIA_P0}, {TIA_M1, TIA_P1}},
        {{TIA_P0, TIA_PF}, {TIA_P0, TIA_BL}}, {{TIA_P1, TIA_PF}, {TIA_P1, TIA_BL}},
        {{TIA_M0, TIA_PF}, {TIA_M0, TIA_BL}}, {{TIA_M1, TIA_PF}, {TIA_M1, TIA_BL}},
        {{TIA_BL, TIA_PF}, {TIA_BL, TIA_PF}}, {{TIA_P0, TIA_P1}, {TIA_M0, TIA_M1}},
    };
    for (int r = 0; r < 8; r++) {
        if (both(objects, pair[r][0][0], pair[r][0][1]))
            tia->collisions |= (uint16_t)(2 << 2 * r);
        if (r != 6 && both(objects, pair[r][1][0], pair[r][1][1]))
            tia->collisions |= (uint16_t)(1 << 2 * r);
    }
}

/* Could any enabled movable object cover one of the four pixels from `group` on? Players count by
 * where their copies lie, whatever the bits. */
static bool movable_near(const Tia *tia, unsigned enabled, int group)
{
    for (int x = group; x < group + 4; x++) {
        for (int player = 0; player < 2; player++)
            if ((enabled >> (TIA_P0 + player) & 1) && player_bit(tia, player, x) >= 0)
                return true;
        if (objects_at(tia, enabled, x) & (1 << TIA_M0 | 1 << TIA_M1 | 1 << TIA_BL))
            return true;
    }
    return false;
}

/* ALE: the sets of enabled objects with which a piece is drawn on to the end of its last group of
 * four pixels. */
static bool set_runs_on(const Tia *tia, unsigned enabled)
{
    static const uint8_t always[] = {32, 1, 2, 3, 4, 8, 12, 16, 20, 24, 18};
    static const uint8_t without_score[] = {33, 34, 48};
    for (unsigned i = 0; i < sizeof always; i++)
        if (enabled == always[i])
            return true;
    for (unsigned i = 0; i < sizeof without_score; i++)
        if (enabled == without_score[i] && !(tia->ctrlpf & 2))
            return true;
    return false;
}

void tia_piece_plain(Tia *tia, int x_begin, int x_end, uint8_t *row)
{
    const unsigned enabled = enabled_objects(tia);
    for (int x = x_begin; x < x_end; x++) {
        const unsigned objects = objects_at(tia, enabled, x);
        latch_pairs(tia, objects);
        if (row != NULL)
            row[x] = colour_at(tia, enabled, objects, x);
    }
}

void tia_run_on(Tia *tia, int x_begin, int x_end, uint8_t *row)
{
    const unsigned enabled = enabled_objects(tia);
    const int group = x_end & ~3;
    if (x_end == group || group < x_begin || !set_runs_on(tia, enabled) ||
        movable_near(tia, enabled, group))
        return;
    for (int x = x_end; x < group + 4; x++)
        row[x] = colour_at(tia, enabled, objects_at(tia, enabled, x), x);
}
