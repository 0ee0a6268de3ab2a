#include "report/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "report/chart.h"
#include "report/curves.h"
#include "report/page_private.h"
#include "report/text.h"

extern const EmbeddedFile report_files[];

static void add_head(Text *page, const char *game)
{
    text_add(page,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<title>%s - deepq</title>\n<style>\n",
             game);
    text_add_plain(page, (const char *)embedded_find(report_files, "style")->bytes);
    text_add_plain(page, "</style>\n</head>\n<body>\n<main>\n");
}

static void add_figure(Text *page, const char *value, const char *name)
{
    text_add(page, "<div><dd>%s</dd><dt>%s</dt></div>\n", value, name);
}

static void add_seconds(Text *page, double seconds)
{
    char text[CHART_NUMBER_BYTES];
    if (!isfinite(seconds))
        return;
    if (seconds < 60)
        snprintf(text, sizeof text, "%.0f s", seconds);
    else if (seconds < 3600)
        snprintf(text, sizeof text, "%.0f min", seconds / 60);
    else
        snprintf(text, sizeof text, "%.1f h", seconds / 3600);
    add_figure(page, text, "time of training");
}

static void add_recipes(Text *page, const Recipes *recipes)
{
    text_add_plain(page, recipes->count > 1 ? ", recipes " : ", preset ");
    for (int i = 0; i < recipes->count; i++) {
        text_add_plain(page, i > 0 ? "; " : "");
        text_add_escaped(page, recipes->recipe[i].name);
    }
}

static void add_title(Text *page, const Subject *subject, const Recipes *recipes)
{
    const SubjectRun *best = subject_best(subject);
    char number[CHART_NUMBER_BYTES];
    text_add(page, "<header><p class=\"kind\">deepq report</p><h1>%s</h1>\n<p>", best->config.game);
    if (subject->count > 1)
        text_add(page, "%d runs", subject->count);
    else
        text_add_escaped(page, best->path);
    add_recipes(page, recipes);
    text_add_plain(page, "</p>\n<dl class=\"figures\">\n");
    add_figure(page, chart_number(number, best->best.mean),
               subject->count > 1 ? "best evaluation of all runs" : "best evaluation");
    add_figure(page, chart_number(number, best->last.mean),
               subject->count > 1 ? "last evaluation of that run" : "last evaluation");
    add_figure(page, chart_number(number, (double)best->last.frames), "frames");
    add_seconds(page, best->summary.seconds);
    text_add_plain(page, "</dl></header>\n");
}

static void add_film(Text *page, const PageExtras *extras)
{
    if (extras->film.count == 0)
        return;
    text_add_plain(page, "<section><h2>At play</h2>\n<figure class=\"film\"><img alt=\"");
    text_add_escaped(page, extras->film_text);
    text_add_plain(page, "\" src=\"data:image/gif;base64,");
    text_add_base64(page, extras->film.bytes, extras->film.count);
    text_add_plain(page, "\"><figcaption>");
    text_add_escaped(page, extras->film_text);
    text_add_plain(page, "</figcaption></figure></section>\n");
}

static bool fill(Text *page, const Subject *subject, const Recipes *recipes,
                 const PageExtras *extras, Error *error)
{
    add_head(page, subject->run[0].config.game);
    add_title(page, subject, recipes);
    text_add_plain(page, "<section><h2>Learning</h2>\n");
    if (!curves_add(page, recipes, error))
        return false;
    text_add_plain(page, "</section>\n");
    page_add_scores(page, subject);
    add_film(page, extras);
    if (!page_add_layers(page, subject, error))
        return false;
    page_add_recipe(page, subject);
    text_add_plain(page, "</main>\n<footer><p>Written by ");
    text_add_escaped(page, extras->program);
    text_add_plain(page, ".</p></footer>\n</body>\n</html>\n");
    return !page->failed || error_work(error, "no memory for the page");
}

bool page_write(const Subject *subject, const PageExtras *extras, const char *path, Error *error)
{
    Text page = {0};
    Recipes *recipes = recipes_of(subject, error);
    const bool done = recipes != NULL && fill(&page, subject, recipes, extras, error) &&
                      file_replace(path, page.bytes, page.count, error);
    free(recipes);
    text_free(&page);
    return done;
}
