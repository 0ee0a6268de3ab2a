/*
 * Runs on `catch` that are saved, stopped, damaged and taken up again. The referee is always a run
 * that was never stopped.
 *
 * usage: run_checkpoint_test [TRIALS]     damages of each file; 12 without
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "env/catch.h"
#include "run/checkpoint.h"

enum {
    LAST_STEP = 704,
    FIRST_SAVE = 416,
    SECOND_SAVE = 504,
    ENVS = 2,
    STRETCH = 8,
    FILES_MAX = 64,
    PATH = 512
};

static char folder[64];
static int trials = 12;

/* ---- a run ---- */

typedef struct {
    RunConfig config;
    Run run;
    Env *envs[ENVS], *eval_env;
    Parallel *team;
    Training *training;
    Checkpoints *checkpoints;
    int64_t save_every, stop_after; /* steps; 0: never */
    Error error;
} World;

static RunConfig small_config(void)
{
    RunConfig config;
    Error error;
    if (!config_preset(&config, "quick", "catch", &error))
        fail_msg("%s", error.text);
    strcpy(config.dqn.network, "dense 6, relu");
    config.dqn.history = 2;
    config.dqn.minibatch = 8;
    config.dqn.envs = ENVS;
    config.dqn.acting_lag_updates = 1; /* so that steps are played that are not yet remembered */
    config.dqn.replay_steps = 200;     /* segments of 64 slots, most of which are overwritten */
    config.dqn.learn_start_steps = 50;
    config.dqn.update_every_steps = STRETCH;
    config.dqn.target_every_steps = 30;
    config.dqn.epsilon_steps = 400;
    config.dqn.train_frames = LAST_STEP;
    config.dqn.epoch_steps = 150;
    config.dqn.eval_steps = 40;
    config.dqn.eval_epsilon = 0.5; /* so that its random stream shows in the scores */
    config.dqn.heldout_states = 5;
    return config;
}

static void make_training(World *world, const RunConfig *config, int threads)
{
    Error error;
    *world = (World){.config = *config};
    for (int i = 0; i < config->dqn.envs; i++)
        world->envs[i] = catch_create(config->seed + 10 + (uint64_t)i, &error);
    world->eval_env = catch_create(config->seed + 1, &error);
    world->team = parallel_create(threads, &error);
    world->training = training_create(&(TrainSetup){.config = config->dqn,
                                                    .seed = config->seed,
                                                    .envs = world->envs,
                                                    .eval_env = world->eval_env,
                                                    .backend = config->backend,
                                                    .team = world->team},
                                      &error);
    assert_non_null(world->training);
}

static bool make_checkpoints(World *world, Error *error)
{
    const CheckpointRun parts = {&world->run, &world->config, world->training};
    world->checkpoints = checkpoints_create(&parts, error);
    return world->checkpoints != NULL;
}

static void begin(World *world, const RunConfig *config, const char *path, int threads)
{
    Error error;
    make_training(world, config, threads);
    if (!run_begin(&world->run, path, config, &error) || !make_checkpoints(world, &error))
        fail_msg("%s", error.text);
}

/* Frees what there is. */
static void end(World *world)
{
    checkpoints_destroy(world->checkpoints);
    if (world->run.path[0] != 0)
        run_end(&world->run);
    training_destroy(world->training);
    for (int i = 0; i < ENVS; i++)
        env_destroy(world->envs[i]);
    env_destroy(world->eval_env);
    parallel_destroy(world->team);
}

/* As `deepq train --resume` does it. False: refused. */
static bool resume(World *world, const char *path, int threads, Resumed *resumed, Error *error)
{
    RunConfig config;
    *world = (World){0};
    if (!run_load_config(&config, path, error) || !config_check(&config, error))
        return false;
    if (config.dqn.replay_steps > 100000 || config.dqn.heldout_states > 1000 ||
        config.dqn.minibatch > 1000 || config.dqn.envs > ENVS)
        return error_input(error, "a damage that would only cost time here");
    NnSpec spec;
    if (!learner_network_spec(&spec, &config.dqn, (NnShape){config.dqn.history, 10, 5}, 3, error))
        return false;
    make_training(world, &config, threads);
    return run_open(&world->run, path, error) && make_checkpoints(world, error) &&
           checkpoints_resume(world->checkpoints, resumed, error);
}

static bool told_progress(void *context, const TrainProgress *now)
{
    World *world = context;
    if (!checkpoints_follow(world->checkpoints, &world->error))
        return false;
    if (world->save_every > 0 && now->steps % world->save_every == 0 &&
        !checkpoints_save(world->checkpoints, 1, &world->error))
        return false;
    return world->stop_after == 0 || now->steps < world->stop_after;
}

static bool told_episode(void *context, const TrainEpisode *episode)
{
    World *world = context;
    return run_add_episode(&world->run, episode, &world->error);
}

static bool told_epoch(void *context, const TrainEpoch *epoch)
{
    World *world = context;
    return run_add_epoch(&world->run, epoch, &world->error) &&
           run_save_weights(&world->run, training_network(world->training), &world->config,
                            epoch->progress.frames, epoch->best, &world->error);
}

static void go(World *world, int64_t save_every, int64_t stop_after)
{
    Error error = {0};
    const TrainObserver observer = {world, told_progress, told_episode, told_epoch, 1};
    world->save_every = save_every;
    world->stop_after = stop_after;
    if (training_run(world->training, &observer, &error) == TRAIN_FAILED)
        fail_msg("%s", error.text);
}

static void save(World *world)
{
    Error error;
    if (!checkpoints_save(world->checkpoints, 2.5, &error))
        fail_msg("%s", error.text);
}

/* What a run came to. */
typedef struct {
    uint64_t state, episodes, metrics;
} Outcome;

static Outcome outcome_of(const World *world)
{
    return (Outcome){training_digest(world->training), csv_mark(&world->run.episodes).digest,
                     csv_mark(&world->run.metrics).digest};
}

static bool same_outcome(Outcome a, Outcome b)
{
    return a.state == b.state && a.episodes == b.episodes && a.metrics == b.metrics;
}

static char *path_in(char path[PATH], const char *run, const char *file)
{
    const int length =
        snprintf(path, PATH, "%s/%s%s%s", folder, run, file[0] != 0 ? "/" : "", file);
    assert_true(length < PATH);
    return path;
}

static Outcome whole_run(const RunConfig *config, const char *name)
{
    char path[PATH];
    World world;
    begin(&world, config, path_in(path, name, ""), 1);
    go(&world, 0, 0);
    const Outcome outcome = outcome_of(&world);
    end(&world);
    return outcome;
}

static Outcome never_stopped(void)
{
    static Outcome outcome;
    static bool known;
    const RunConfig config = small_config();
    if (!known)
        outcome = whole_run(&config, "never_stopped");
    known = true;
    return outcome;
}

/* A run with checkpoints at FIRST_SAVE and SECOND_SAVE, and some steps more that are lost. */
static void make_killed_run(const char *path)
{
    const RunConfig config = small_config();
    World world;
    begin(&world, &config, path, 1);
    save(&world);
    go(&world, 0, FIRST_SAVE);
    save(&world);
    go(&world, 0, SECOND_SAVE);
    save(&world);
    go(&world, 0, SECOND_SAVE + 90);
    end(&world);
}

/* ---- going on ---- */

/* Stopped every few steps, and taken up on another number of threads. */
static Outcome stopped_run(const RunConfig *config, const char *name)
{
    char path[PATH];
    World world;
    begin(&world, config, path_in(path, name, ""), 1);
    save(&world);
    for (int stop = 1; stop < LAST_STEP; stop += 3 * STRETCH) {
        Resumed resumed;
        Error error;
        go(&world, 0, stop);
        save(&world);
        end(&world);
        if (!resume(&world, path, 1 + stop % 3, &resumed, &error))
            fail_msg("after step %d: %s", stop, error.text);
        assert_string_equal(resumed.note, "");
        assert_true(resumed.seconds == 2.5);
        assert_in_range(training_progress(world.training).steps, stop, stop + STRETCH - 1);
    }
    go(&world, 0, 0);
    const Outcome outcome = outcome_of(&world);
    end(&world);
    return outcome;
}

static void saving_stopping_and_going_on_is_the_same_as_never_stopping(void **unused)
{
    (void)unused;
    const RunConfig config = small_config();
    assert_true(same_outcome(stopped_run(&config, "stopped"), never_stopped()));
}

/* Two environments and steps that are played ahead are what the other tests have. */
static void so_it_is_in_strict_order_with_frames_as_they_are(void **unused)
{
    (void)unused;
    RunConfig config = small_config();
    config.dqn.envs = 1;
    config.dqn.acting_lag_updates = 0;
    config.dqn.replay_packed = false;
    const Outcome whole = whole_run(&config, "strict");
    assert_true(same_outcome(stopped_run(&config, "strict stopped"), whole));
    assert_false(same_outcome(whole, never_stopped()));
}

static void what_is_computed_does_not_depend_on_checkpoints(void **unused)
{
    (void)unused;
    char path[PATH];
    const RunConfig config = small_config();
    World world;
    begin(&world, &config, path_in(path, "often", ""), 2);
    go(&world, 7, 0);
    assert_true(same_outcome(outcome_of(&world), never_stopped()));
    end(&world);
}

static void a_killed_run_goes_on_from_its_last_checkpoint(void **unused)
{
    (void)unused;
    char path[PATH];
    Resumed resumed;
    Error error = {0};
    World world;
    make_killed_run(path_in(path, "killed", ""));
    if (!resume(&world, path, 1, &resumed, &error))
        fail_msg("%s", error.text);
    assert_int_equal(training_progress(world.training).steps, SECOND_SAVE);
    go(&world, 50, 0);
    assert_true(same_outcome(outcome_of(&world), never_stopped()));
    end(&world);
}

static int count_files(const char *run, const char *beginning)
{
    char path[PATH];
    DIR *files = opendir(path_in(path, run, "checkpoints"));
    int count = 0;
    assert_non_null(files);
    for (struct dirent *entry; (entry = readdir(files)) != NULL;)
        count += strncmp(entry->d_name, beginning, strlen(beginning)) == 0;
    closedir(files);
    return count;
}

/* 700 slots were written, of which the older of two checkpoints needs 202: four segments of 64, the
 * one that is being written, and one that went partly. */
static void the_two_newest_checkpoints_are_kept_and_what_they_need(void **unused)
{
    (void)unused;
    char path[PATH];
    const RunConfig config = small_config();
    World world;
    begin(&world, &config, path_in(path, "kept", ""), 1);
    go(&world, 10, 0);
    end(&world);
    assert_int_equal(count_files("kept", "checkpoint-"), CHECKPOINTS_KEPT);
    assert_true(count_files("kept", "replay-") >= 4);
    assert_true(count_files("kept", "replay-") <= 6);
}

/* ---- what is refused ---- */

static void a_configuration_that_differs_is_refused_by_its_key(void **unused)
{
    (void)unused;
    char path[PATH], file[PATH];
    Resumed resumed;
    Error error = {0};
    RunConfig config = small_config();
    World world;
    make_killed_run(path_in(path, "differs", ""));
    config.dqn.gamma = 0.5;
    assert_true(config_save(&config, path_in(file, "differs", "config.ini"), &error));
    assert_false(resume(&world, path, 1, &resumed, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "'gamma' was 0.99 when"));
    end(&world);
}

static void a_second_process_is_refused_until_the_first_ends(void **unused)
{
    (void)unused;
    char path[PATH];
    Error error = {0};
    Run second;
    World world;
    const RunConfig config = small_config();
    begin(&world, &config, path_in(path, "locked", ""), 1);
    assert_false(run_open(&second, path, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "another process trains in"));
    end(&world);
    assert_true(run_open(&second, path, &error));
    run_end(&second);
}

static void weights_that_are_not_finite_are_not_saved(void **unused)
{
    (void)unused;
    char path[PATH];
    Error error = {0};
    const RunConfig config = small_config();
    World world;
    begin(&world, &config, path_in(path, "infinite", ""), 1);
    save(&world);
    Network *network = training_network(world.training);
    const size_t count = nn_spec_parameters(network_spec(network));
    float *weights = calloc(count, sizeof *weights);
    assert_non_null(weights);
    weights[count - 1] = NAN;
    network_set_parameters(network, weights);
    assert_false(checkpoints_save(world.checkpoints, 1, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_false(run_save_weights(&world.run, network, &config, 0, true, &error));
    assert_int_equal(count_files("infinite", "checkpoint-"), 1);
    free(weights);
    end(&world);
}

/* No file may grow over 4,000 bytes: a checkpoint is larger. */
static void a_full_disk_leaves_the_checkpoints_of_before(void **unused)
{
    (void)unused;
    char path[PATH];
    Resumed resumed;
    Error error = {0};
    const RunConfig config = small_config();
    struct rlimit before;
    World world;
    begin(&world, &config, path_in(path, "full", ""), 1);
    go(&world, 0, FIRST_SAVE);
    save(&world);
    go(&world, 0, SECOND_SAVE);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4000, before.rlim_max});
    assert_false(checkpoints_save(world.checkpoints, 1, &error));
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, "cannot write"));
    end(&world);
    if (!resume(&world, path, 1, &resumed, &error))
        fail_msg("%s", error.text);
    assert_string_equal(resumed.note, "");
    assert_int_equal(training_progress(world.training).steps, FIRST_SAVE);
    go(&world, 0, 0);
    assert_true(same_outcome(outcome_of(&world), never_stopped()));
    end(&world);
}

/* ---- damage ---- */

typedef struct {
    char path[PATH]; /* within the run's folder */
    FileBytes whole;
} Kept;

static Kept kept[FILES_MAX];
static int kept_count;

static void keep_files(const char *run, const char *below)
{
    char path[PATH], file[PATH];
    Error error;
    DIR *files = opendir(path_in(path, run, below));
    assert_non_null(files);
    for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
        Kept *one = &kept[kept_count];
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "checkpoints") == 0)
            continue;
        snprintf(one->path, sizeof one->path, "%s%.200s", below[0] == 0 ? "" : "checkpoints/",
                 entry->d_name);
        assert_true(file_read(&one->whole, path_in(file, run, one->path), 1 << 24, &error));
        kept_count++;
    }
    closedir(files);
}

static void put(const char *run, const char *name, const uint8_t *bytes, size_t count)
{
    char path[PATH];
    FILE *file = fopen(path_in(path, run, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void remove_all(const char *run, const char *below)
{
    char path[PATH], file[2 * PATH];
    DIR *files = opendir(path_in(path, run, below));
    for (struct dirent *entry; files != NULL && (entry = readdir(files)) != NULL;) {
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        unlink(file); /* the folders in it stay */
    }
    if (files != NULL)
        closedir(files);
}

static void restore(const char *run)
{
    remove_all(run, "");
    remove_all(run, "checkpoints");
    for (int i = 0; i < kept_count; i++)
        put(run, kept[i].path, kept[i].whole.bytes, kept[i].whole.count);
}

/* Cut it short, or flip some bits of a byte. */
static void damage(const char *run, const Kept *file, Random *random)
{
    const FileBytes *whole = &file->whole;
    if (whole->count == 0)
        return;
    const uint32_t at = random_below(random, (uint32_t)whole->count);
    if (random_below(random, 3) == 0) {
        put(run, file->path, whole->bytes, at);
        return;
    }
    const uint8_t flip = (uint8_t)(1 + random_below(random, 255));
    whole->bytes[at] ^= flip;
    put(run, file->path, whole->bytes, whole->count);
    whole->bytes[at] ^= flip;
}

static void newest_checkpoint_name(char name[PATH])
{
    snprintf(name, PATH, "checkpoints/checkpoint-%012d.bin", SECOND_SAVE);
}

/* Whatever was damaged: a sentence, or the very same run as if nothing had been. */
static void take_up_damaged(const char *path, const Kept *file, int *refused)
{
    char newest[PATH];
    Resumed resumed;
    Error error = {0};
    World world;
    newest_checkpoint_name(newest);
    const bool goes_on = resume(&world, path, 1, &resumed, &error);
    if (!goes_on) {
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_true(strlen(error.text) > 20);
        (*refused)++;
    } else {
        const bool of_newest = strcmp(file->path, newest) == 0;
        if (of_newest != (strstr(resumed.note, "cannot be used") != NULL) &&
            strstr(file->path, "replay-") == NULL && strstr(file->path, ".csv") == NULL)
            fail_msg("%s damaged, and said was '%s'", file->path, resumed.note);
        go(&world, 0, 0);
        if (!same_outcome(outcome_of(&world), never_stopped()))
            fail_msg("%s was damaged, and the run went on to something else", file->path);
    }
    end(&world);
}

static void any_damage_of_any_file_gets_a_sentence_or_changes_nothing(void **unused)
{
    (void)unused;
    char path[PATH];
    Random random = random_stream(1, "damage");
    make_killed_run(path_in(path, "damaged", ""));
    keep_files("damaged", "");
    keep_files("damaged", "checkpoints");
    assert_true(kept_count >= 10);
    for (int i = 0; i < kept_count; i++) {
        int refused = 0;
        for (int trial = 0; trial < trials; trial++) {
            damage("damaged", &kept[i], &random);
            take_up_damaged(path, &kept[i], &refused);
            restore("damaged");
        }
        if (strstr(kept[i].path, "checkpoint-") != NULL)
            assert_int_equal(refused, 0); /* there is always the other one */
    }
    for (int i = 0; i < kept_count; i++)
        file_free(&kept[i].whole);
}

static void where_every_checkpoint_is_damaged_the_newest_is_spoken_of(void **unused)
{
    (void)unused;
    char path[PATH], file[PATH];
    Resumed resumed;
    Error error = {0};
    World world;
    make_killed_run(path_in(path, "hopeless", ""));
    snprintf(file, sizeof file, "checkpoints/checkpoint-%012d.bin", FIRST_SAVE);
    put("hopeless", file, (const uint8_t *)"", 0);
    newest_checkpoint_name(file);
    put("hopeless", file, (const uint8_t *)"deepq checkpoint", 16);
    assert_false(resume(&world, path, 1, &resumed, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "checksum does not fit its 16 bytes"));
    end(&world);
}

/* ---- */

static int make_test_folder(void **state)
{
    (void)state;
    const bool shm = access("/dev/shm", W_OK) == 0; /* where flushing costs nothing */
    strcpy(folder, shm ? "/dev/shm/deepq-checkpoint-XXXXXX" : "/tmp/deepq-checkpoint-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_test_folder(void **state)
{
    (void)state;
    char command[2 * sizeof folder];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saving_stopping_and_going_on_is_the_same_as_never_stopping),
        cmocka_unit_test(so_it_is_in_strict_order_with_frames_as_they_are),
        cmocka_unit_test(what_is_computed_does_not_depend_on_checkpoints),
        cmocka_unit_test(a_killed_run_goes_on_from_its_last_checkpoint),
        cmocka_unit_test(the_two_newest_checkpoints_are_kept_and_what_they_need),
        cmocka_unit_test(a_configuration_that_differs_is_refused_by_its_key),
        cmocka_unit_test(a_second_process_is_refused_until_the_first_ends),
        cmocka_unit_test(weights_that_are_not_finite_are_not_saved),
        cmocka_unit_test(a_full_disk_leaves_the_checkpoints_of_before),
        cmocka_unit_test(any_damage_of_any_file_gets_a_sentence_or_changes_nothing),
        cmocka_unit_test(where_every_checkpoint_is_damaged_the_newest_is_spoken_of),
    };
    if (count > 1)
        trials = atoi(arguments[1]);
    return cmocka_run_group_tests_name("run/checkpoint", tests, make_test_folder,
                                       remove_test_folder);
}
