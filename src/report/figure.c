#include "report/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/series.h"
#include "viewer/chart.h"
#include "viewer/png.h"

enum { PANEL_WIDTH = 900, PANEL_HEIGHT = 640, ACROSS = 2, TEXT_BYTES = 128 };

typedef struct {
    bool over_minutes;
    int count;
    Subject *subject[FIGURE_GAMES_MAX]; /* a game each */
} Figure;

/* ---- words ---- */

typedef struct {
    char title[TEXT_BYTES], x[TEXT_BYTES], y[TEXT_BYTES];
} Words;

static void say_minutes(char text[TEXT_BYTES], const Subject *subject)
{
    int fewest = subject->run[0].config.threads, most = fewest;
    for (int i = 1; i < subject->count; i++) {
        const int threads = subject->run[i].config.threads;
        fewest = threads < fewest ? threads : fewest;
        most = threads > most ? threads : most;
    }
    if (fewest < most)
        snprintf(text, TEXT_BYTES, "minutes, %d to %d threads", fewest, most);
    else
        snprintf(text, TEXT_BYTES, "minutes, %d thread%s", most, most == 1 ? "" : "s");
}

static void say(Words *words, const Subject *subject, const Recipes *recipes, bool over_minutes)
{
    char protocol[RECIPES_PROTOCOL_BYTES];
    const bool has_bands = subject->count > recipes->count; /* a recipe with several runs */
    snprintf(words->title, TEXT_BYTES, "%s: %d run%s%s", subject->run[0].config.game,
             subject->count, subject->count == 1 ? "" : "s",
             has_bands ? "; bands from the lowest to the highest" : "");
    snprintf(words->y, TEXT_BYTES, "score of evaluations, %s", recipes_protocol(protocol, recipes));
    if (over_minutes)
        say_minutes(words->x, subject);
    else
        snprintf(words->x, TEXT_BYTES, "million frames");
}

/* ---- lines ---- */

static ChartLine line_of(const Recipe *recipe, bool over_minutes, SeriesPoint *points,
                         double *numbers)
{
    const Series series = {.column = "eval_mean_score", .over_minutes = over_minutes};
    const int count = series_fill(points, recipe, &series);
    double *x = numbers, *y = x + count, *low = y + count, *high = low + count;
    for (int i = 0; i < count; i++) {
        x[i] = over_minutes ? points[i].x : points[i].x * 1e-6;
        y[i] = points[i].y;
        low[i] = points[i].low;
        high[i] = points[i].high;
    }
    return (ChartLine){recipe->name, count, x, y, low, high};
}

static bool draw_recipes(Picture *picture, Box box, const Figure *figure, const Subject *subject,
                         const Recipes *recipes, Error *error)
{
    size_t epochs = 0;
    for (int i = 0; i < recipes->count; i++)
        epochs += (size_t)series_epochs(&recipes->recipe[i]);
    SeriesPoint *points = malloc((epochs + 1) * sizeof *points);
    double *numbers = malloc((4 * epochs + 1) * sizeof *numbers);
    const bool done = (points != NULL && numbers != NULL) ||
                      error_work(error, "no memory for the curves of %zu epochs", epochs);
    if (done) {
        Words words;
        say(&words, subject, recipes, figure->over_minutes);
        Chart chart = {.title = words.title, .x_label = words.x, .y_label = words.y};
        double *next = numbers;
        for (int i = 0; i < recipes->count; i++) {
            ChartLine *line = &chart.line[chart.line_count++];
            *line = line_of(&recipes->recipe[i], figure->over_minutes, points, next);
            next += 4 * line->points;
        }
        chart_draw(picture, box, &chart);
    }
    free(points);
    free(numbers);
    return done;
}

static bool draw_panel(Picture *picture, Box box, const Figure *figure, const Subject *subject,
                       Error *error)
{
    Recipes *recipes = recipes_of(subject, error);
    bool done = recipes != NULL;
    if (done && recipes->count > CHART_LINES_MAX)
        done = error_input(error, "a figure shows at most %d recipes of a game, and here are %d",
                           (int)CHART_LINES_MAX, recipes->count);
    done = done && draw_recipes(picture, box, figure, subject, recipes, error);
    free(recipes);
    return done;
}

static bool draw(const Figure *figure, const char *path, Error *error)
{
    const int across = figure->count < ACROSS ? figure->count : ACROSS;
    const int down = (figure->count + ACROSS - 1) / ACROSS;
    Picture *picture = picture_create(across * PANEL_WIDTH, down * PANEL_HEIGHT, error);
    if (picture == NULL)
        return false;
    const Colour white = {255, 255, 255};
    picture_fill(picture, (Box){0, 0, across * PANEL_WIDTH, down * PANEL_HEIGHT}, white);
    bool done = true;
    for (int i = 0; done && i < figure->count; i++) {
        const Box box = {i % ACROSS * PANEL_WIDTH, i / ACROSS * PANEL_HEIGHT, PANEL_WIDTH,
                         PANEL_HEIGHT};
        done = draw_panel(picture, box, figure, figure->subject[i], error);
    }
    done = done && png_save(path, picture, error);
    picture_destroy(picture);
    return done;
}

/* ---- games ---- */

typedef struct {
    char name[CONFIG_NAME_BYTES];
} GameName;

static bool add_game(Figure *figure, const char *const *runs, const GameName *games, int count,
                     int first, Error *error)
{
    const char *paths[SUBJECT_RUNS_MAX];
    int of_game = 0;
    if (figure->count == FIGURE_GAMES_MAX)
        return error_input(error, "a figure shows at most %d games", (int)FIGURE_GAMES_MAX);
    for (int i = first; i < count; i++) {
        if (strcmp(games[i].name, games[first].name) != 0)
            continue;
        if (of_game == SUBJECT_RUNS_MAX)
            return error_input(error,
                               "a figure shows at most %d runs of a game, and of %s there "
                               "are more",
                               (int)SUBJECT_RUNS_MAX, games[first].name);
        paths[of_game++] = runs[i];
    }
    Subject *subject = subject_create(paths, of_game, error);
    if (subject != NULL)
        figure->subject[figure->count++] = subject;
    return subject != NULL;
}

static bool is_first_of_game(const GameName *games, int i)
{
    for (int before = 0; before < i; before++)
        if (strcmp(games[before].name, games[i].name) == 0)
            return false;
    return true;
}

static bool sort_by_game(Figure *figure, const char *const *runs, int count, Error *error)
{
    GameName *games = calloc((size_t)count, sizeof *games);
    bool done = games != NULL || error_work(error, "no memory for %d runs", count);
    for (int i = 0; done && i < count; i++) {
        RunConfig config;
        done = run_load_config(&config, runs[i], error);
        if (done)
            strcpy(games[i].name, config.game);
    }
    for (int i = 0; done && i < count; i++)
        if (is_first_of_game(games, i))
            done = add_game(figure, runs, games, count, i, error);
    free(games);
    return done;
}

bool figure_write(const char *const *runs, int count, bool over_minutes, const char *path,
                  Error *error)
{
    Figure figure = {.over_minutes = over_minutes};
    const bool done = sort_by_game(&figure, runs, count, error) && draw(&figure, path, error);
    for (int i = 0; i < figure.count; i++)
        subject_destroy(figure.subject[i]);
    return done;
}
