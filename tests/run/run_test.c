/* The tables of a run, row by row; those of earlier programs too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "run/run.h"
#include "run/table.h"

static const char earlier_header[] =
    "epoch,frames,agent_steps,updates,games,mean_score_100_games,epsilon,mean_loss,mean_q,"
    "heldout_q,eval_games,eval_mean_score,eval_ci95,eval_median_score,best\n";

static const TrainEpoch epoch = {
    .epoch = 3,
    .progress = {.frames = 400,
                 .steps = 100,
                 .updates = 90,
                 .episodes = 7,
                 .recent_score = 2.5,
                 .epsilon = 0.5,
                 .loss = 0.125,
                 .mean_q = 0.75},
    .heldout = {.mean_q = 0.625, .dead = 0.25},
    .evaluation = {.games = 4, .mean = 8, .ci95 = 1.5, .median = 7},
    .best = true,
};

static void begin(Run *run, char folder[64])
{
    Error error = {0};
    RunConfig config;
    strcpy(folder, "/tmp/deepq-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    strcat(folder, "/run");
    assert_true(config_preset(&config, "quick", "catch", &error));
    assert_true(run_begin(run, folder, &config, &error));
}

static void remove_run(char folder[64])
{
    char command[96];
    *strrchr(folder, '/') = 0;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void read_metrics(Table *table, const char *folder)
{
    char path[128];
    Error error = {0};
    snprintf(path, sizeof path, "%s/metrics.csv", folder);
    if (!table_read(table, path, &error))
        fail_msg("%s", error.text);
}

static void a_row_has_what_its_columns_say(void **state)
{
    (void)state;
    static const struct {
        const char *column;
        double value;
    } expected[] = {{"epoch", 3},         {"frames", 400},
                    {"agent_steps", 100}, {"updates", 90},
                    {"games", 7},         {"mean_score_100_games", 2.5},
                    {"epsilon", 0.5},     {"mean_loss", 0.125},
                    {"mean_q", 0.75},     {"heldout_q", 0.625},
                    {"eval_games", 4},    {"eval_mean_score", 8},
                    {"eval_ci95", 1.5},   {"eval_median_score", 7},
                    {"best", 1},          {"dead_units", 0.25}};
    const int columns = sizeof expected / sizeof expected[0];
    Run run;
    Table table;
    char folder[64];
    Error error = {0};
    begin(&run, folder);
    assert_true(run_add_epoch(&run, &epoch, &error));
    run_end(&run);
    read_metrics(&table, folder);
    assert_int_equal(table.columns, columns);
    for (int i = 0; i < columns; i++)
        assert_true(table_column(&table, expected[i].column)[0] == expected[i].value);
    table_free(&table);
    remove_run(folder);
}

static void a_run_of_an_earlier_program_goes_on_with_its_columns(void **state)
{
    (void)state;
    Run run;
    Table table;
    char folder[64], path[128];
    Error error = {0};
    begin(&run, folder);
    run_end(&run);
    snprintf(path, sizeof path, "%s/metrics.csv", folder);
    assert_true(file_replace(path, earlier_header, strlen(earlier_header), &error));
    assert_true(run_open(&run, folder, &error));
    assert_true(run_add_epoch(&run, &epoch, &error));
    run_end(&run);
    read_metrics(&table, folder);
    assert_int_equal(table.rows, 1);
    assert_null(table_column(&table, "dead_units"));
    assert_true(table_column(&table, "best")[0] == 1);
    table_free(&table);
    remove_run(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_what_its_columns_say),
        cmocka_unit_test(a_run_of_an_earlier_program_goes_on_with_its_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
