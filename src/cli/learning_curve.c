#include "cli/learning_curve.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_ELSEWHERE = 80, WIDTH_MAX = 100, HEIGHT = 16 };

static void thin_out(LearningCurve *curve)
{
    curve->count /= 2;
    for (int i = 0; i < curve->count; i++)
        curve->points[i] = curve->points[2 * i + 1];
}

void learning_curve_add(LearningCurve *curve, const TrainEpoch *epoch)
{
    if (epoch->evaluation.games == 0)
        return;
    if (curve->count == LEARNING_CURVE_POINTS_MAX)
        thin_out(curve);
    curve->points[curve->count++] =
        (CurvePoint){(double)epoch->progress.frames, epoch->evaluation.mean};
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_ELSEWHERE;
    return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col - 1;
}

/* The locale is put back: numbers are to be written with a point, whatever the user's language. */
static bool letters_are_utf8(void)
{
    setlocale(LC_CTYPE, "");
    const bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C");
    return utf8;
}

void learning_curve_print(const LearningCurve *curve)
{
    static char text[CURVE_TEXT_BYTES];
    if (curve->count < 2)
        return;
    const CurveShape shape = {
        .width = terminal_width(),
        .height = HEIGHT,
        .style = letters_are_utf8() ? CURVE_BRAILLE : CURVE_ASCII,
        .x_label = "frames",
        .y_label = "mean score of evaluations",
    };
    curve_draw(text, sizeof text, curve->points, curve->count, &shape);
    printf("\n%s\n", text);
}
