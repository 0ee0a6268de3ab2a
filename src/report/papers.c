#include "report/papers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"

extern const EmbeddedFile report_files[];

static const struct {
    const char *name, *protocol;
} about[PAPERS] = {
    [PAPER_RANDOM] = {"random play", "no-op starts (Hessel et al. 2018)"},
    [PAPER_HUMAN] = {"human", "a professional tester, no-op starts (Hessel et al. 2018)"},
    [PAPER_DQN2013] = {"DQN, 2013", "average of a run with epsilon 0.05 (Mnih et al. 2013, table "
                                    "1)"},
    [PAPER_DQN2015] = {"DQN, 2015", "30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops "
                                    "(Mnih et al. 2015)"},
    [PAPER_RAINBOW] = {"Rainbow", "200 million frames, no-op starts, games of at most 30 minutes "
                                  "(Hessel et al. 2018)"},
};

const char *paper_name(Paper paper)
{
    return about[paper].name;
}

const char *paper_protocol(Paper paper)
{
    return about[paper].protocol;
}

/* "1.7,30.5,168,,417.5": an empty field is NaN. */
static void read_scores(PaperScores *scores, const char *fields)
{
    for (int paper = 0; paper < PAPERS; paper++) {
        char *end;
        const double score = strtod(fields, &end);
        scores->score[paper] = end == fields ? NAN : score;
        fields = *end == ',' ? end + 1 : end;
    }
}

bool papers_find(PaperScores *scores, const char *game)
{
    const size_t length = strlen(game);
    const char *line = (const char *)embedded_find(report_files, "papers")->bytes;
    for (; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, game, length) == 0 && line[length] == ',') {
            read_scores(scores, line + length + 1);
            return true;
        }
    }
    return false;
}

double papers_normalised(const PaperScores *scores, double score)
{
    const double random = scores->score[PAPER_RANDOM], human = scores->score[PAPER_HUMAN];
    return 100 * (score - random) / (human - random);
}
