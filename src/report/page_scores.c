#include <inttypes.h>
#include <math.h>

#include "report/chart.h"
#include "report/page_private.h"
#include "report/papers.h"

enum { BAR_FULL = 200 }; /* per cent of a human's way that fill a bar */

static void add_normalised(Text *page, const PaperScores *papers, double score)
{
    const double normalised = papers_normalised(papers, score);
    const double bar = fmin(fmax(normalised, 0), BAR_FULL) * 100 / BAR_FULL;
    text_add(page,
             "<td class=\"number\">%.1f %%<span class=\"bar\" aria-hidden=\"true\"><span "
             "style=\"width:%.1f%%\"></span></span></td>",
             normalised, bar);
}

static void add_row(Text *page, const char *name, double score, const PaperScores *papers)
{
    char number[CHART_NUMBER_BYTES];
    text_add_plain(page, "<th scope=\"row\">");
    text_add_escaped(page, name);
    text_add(page, "</th><td class=\"number\">%s</td>", chart_number(number, score));
    if (papers != NULL)
        add_normalised(page, papers, score);
}

static void add_run(Text *page, const SubjectRun *run, const SubjectScore *score, const char *which,
                    const PaperScores *papers)
{
    const AtariEnvConfig *environment = &run->config.environment;
    if (!isfinite(score->mean))
        return;
    text_add_plain(page, "<tr class=\"ours\">");
    add_row(page, run->path, score->mean, papers);
    text_add(page,
             "<td>%s evaluation, after %" PRId64 " frames: mean of %d games, 95 %% interval "
             "&plusmn; %.3g; protocol of the run, epsilon %g",
             which, score->frames, score->games, score->ci95, run->config.dqn.eval_epsilon);
    if (papers != NULL)
        text_add(page, ", up to %d no-ops, sticky actions %g, games of at most %g minutes",
                 environment->noop_max, environment->sticky,
                 (double)environment->max_episode_frames / 3600);
    text_add_plain(page, "</td></tr>\n");
}

static void add_by_protocols(Text *page, const SubjectRun *run, const PaperScores *papers)
{
    for (size_t i = 0; i < SUBJECT_PROTOCOLS_MAX && protocol_at(i) != NULL; i++) {
        const SubjectScore *score = &run->by_protocol[i];
        if (!isfinite(score->mean))
            continue;
        text_add_plain(page, "<tr class=\"ours\">");
        add_row(page, run->path, score->mean, papers);
        text_add(page,
                 "<td>protocol %s: %s; mean of %d games, 95 %% interval &plusmn; %.3g</td></tr>\n",
                 protocol_at(i)->name, protocol_at(i)->text, score->games, score->ci95);
    }
}

static void add_papers(Text *page, const PaperScores *papers)
{
    for (Paper paper = 0; paper < PAPERS; paper++)
        if (isfinite(papers->score[paper])) {
            text_add_plain(page, "<tr>");
            add_row(page, paper_name(paper), papers->score[paper], papers);
            text_add(page, "<td>%s</td></tr>\n", paper_protocol(paper));
        }
}

void page_add_scores(Text *page, const Subject *subject)
{
    PaperScores found;
    const PaperScores *papers = papers_find(&found, subject->run[0].config.game) ? &found : NULL;
    text_add_plain(page, "<section><h2>Score</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th "
                         "scope=\"col\">player</th><th scope=\"col\">score</th>");
    if (papers != NULL)
        text_add_plain(page, "<th scope=\"col\">human-normalised</th>");
    text_add_plain(page, "<th scope=\"col\">how it was measured</th></tr></thead><tbody>\n");
    for (int i = 0; i < subject->count; i++) {
        add_run(page, &subject->run[i], &subject->run[i].best, "best", papers);
        add_run(page, &subject->run[i], &subject->run[i].last, "last", papers);
        add_by_protocols(page, &subject->run[i], papers);
    }
    if (papers != NULL)
        add_papers(page, papers);
    text_add_plain(page, "</tbody></table></div>\n");
    text_add_plain(page, "<p class=\"note\">The best of many evaluations is a little too good: the "
                         "luck of the draw is in it. <code>deepq eval</code> measures "
                         "afresh.</p>\n");
    text_add_plain(
        page,
        papers != NULL
            ? "<p class=\"note\">Human-normalised: 100 (score &minus; random) / (human &minus; "
              "random), by the two rows of this table; a bar is full at 200 %. Protocols "
              "differ in the ways that the last column tells.</p>\n"
            : "<p class=\"note\">No paper has scores of this game.</p>\n");
    text_add_plain(page, "</section>\n");
}
