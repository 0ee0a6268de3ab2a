/*
 * Random numbers against published values, files against a hostile world, teams of threads against
 * arithmetic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <float.h>
#include <math.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/block.h"
#include "base/denormals.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mt19937.h"
#include "base/parallel.h"
#include "base/random.h"

/* The C++ standard: draw 10,000 of std::mt19937 with its default seed 5489 is 4123659995. */
static void the_twister_draws_what_the_standard_says(void **state)
{
    (void)state;
    Mt19937 mt = mt19937_seeded(5489);
    uint32_t draw = 0;
    for (int i = 0; i < 10000; i++)
        draw = mt19937_draw(&mt);
    assert_true(draw == 4123659995u);
}

/* Published test vectors of FNV-1a and of XXH64. */
static void hashes_are_the_published_ones(void **state)
{
    (void)state;
    assert_true(fnv1a64(FNV1A64_START, "", 0) == 0xcbf29ce484222325u);
    assert_true(fnv1a64(FNV1A64_START, "foobar", 6) == 0x85944171f73967e8u);
    assert_true(digest_of("", 0) == 0xef46db3751d8e999u);
    Digest digest = digest_start();
    digest_add(&digest, "foo", 3);
    digest_add(&digest, "bar", 3);
    assert_true(digest_value(&digest) == digest_of("foobar", 6));
}

static void streams_differ_by_seed_and_by_name(void **state)
{
    (void)state;
    Random a = random_stream(1, "explore"), b = random_stream(1, "replay"),
           c = random_stream(2, "explore");
    Random again = random_stream(1, "explore");
    const uint64_t first = random_bits(&a);
    assert_true(first == random_bits(&again));
    assert_true(first != random_bits(&b));
    assert_true(first != random_bits(&c));
}

static void draws_below_a_bound_are_uniform(void **state)
{
    (void)state;
    enum { BOUND = 7, DRAWS = 70000 };
    int count[BOUND] = {0};
    Random random = random_stream(3, "test");
    for (int i = 0; i < DRAWS; i++)
        count[random_below(&random, BOUND)]++;
    double chi_square = 0;
    for (int i = 0; i < BOUND; i++)
        chi_square += pow(count[i] - DRAWS / BOUND, 2) / (DRAWS / BOUND);
    assert_true(chi_square < 22.5); /* one in a thousand with six degrees of freedom */
}

static void normal_draws_have_mean_0_and_variance_1(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    Random random = random_stream(4, "test");
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        const double draw = random_normal(&random);
        sum += draw;
        squares += draw * draw;
    }
    assert_true(fabs(sum / DRAWS) < 0.015);
    assert_true(fabs(squares / DRAWS - 1) < 0.02);
}

static char folder[] = "/tmp/deepq-base-XXXXXX";

static const char *in_folder(char *path, const char *name)
{
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static int make_test_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_test_folder(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

static void a_replaced_file_holds_the_new_bytes(void **state)
{
    (void)state;
    char path[256];
    Error error;
    FileBytes file;
    assert_true(file_replace(in_folder(path, "a"), "old", 3, &error));
    assert_true(file_replace(path, "newer", 5, &error));
    assert_true(file_read(&file, path, 100, &error));
    assert_int_equal(file.count, 5);
    assert_string_equal((char *)file.bytes, "newer");
    file_free(&file);
}

static void a_name_ends_in_a_suffix_in_whatever_case(void **state)
{
    (void)state;
    assert_true(file_ends_in("folder/a.png", ".png"));
    assert_true(file_ends_in("a.b.PnG", ".png"));
    assert_false(file_ends_in("a.png.html", ".png"));
    assert_false(file_ends_in("apng", ".png"));
    assert_false(file_ends_in("folder/.png", ".png")); /* a hidden file without one */
}

static void a_file_that_cannot_be_written_whole_leaves_the_old_one(void **state)
{
    (void)state;
    char path[256];
    Error error = {0};
    FileBytes file;
    struct rlimit limit, small;
    static char large[100000];
    assert_true(file_replace(in_folder(path, "b"), "old", 3, &error));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 5000;
    setrlimit(RLIMIT_FSIZE, &small);
    const bool done = file_replace(path, large, sizeof large, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_false(done);
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, path));
    assert_true(file_read(&file, path, 100, &error));
    assert_string_equal((char *)file.bytes, "old");
    file_free(&file);
    assert_false(file_exists(strcat(path, ".new")));
}

static void what_a_link_leads_to_is_replaced_and_the_link_stays(void **state)
{
    (void)state;
    char target[256], link[256];
    Error error;
    FileBytes file;
    assert_true(file_replace(in_folder(target, "target"), "old", 3, &error));
    assert_int_equal(symlink("target", in_folder(link, "link")), 0);
    assert_true(file_replace(link, "new", 3, &error));
    assert_int_equal(unlink(link), 0);
    assert_true(file_read(&file, target, 100, &error));
    assert_string_equal((char *)file.bytes, "new");
    file_free(&file);
}

static void a_draft_takes_the_place_of_what_a_link_leads_to(void **state)
{
    (void)state;
    char target[256], link[256];
    Error error;
    FileDraft draft;
    FileBytes file;
    assert_true(file_replace(in_folder(target, "drafted"), "old", 3, &error));
    assert_int_equal(symlink("drafted", in_folder(link, "to-drafted")), 0);
    assert_true(file_draft(&draft, link, &error));
    assert_true(file_replace(draft.path, "new", 3, &error));
    assert_true(file_draft_keep(&draft, &error));
    assert_int_equal(unlink(link), 0); /* a draft in its place would go with it */
    assert_true(file_read(&file, target, 100, &error));
    assert_string_equal((char *)file.bytes, "new");
    file_free(&file);
    assert_false(file_exists(draft.path));
    assert_false(file_draft_keep(&draft, &error)); /* there is none now */
    assert_int_equal(error.kind, ERROR_WORK);
    assert_true(file_exists(target));
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char path[FILE_PATH_BYTES + 1];
    Error error = {0};
    FileDraft draft;
    memset(path, 'a', sizeof path);
    path[FILE_PATH_BYTES - 4] = 0; /* room for itself, none for .new and the 0 */
    assert_false(file_draft(&draft, path, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_false(file_replace(path, "bytes", 5, &error));
}

static void a_pipe_is_written_into_and_stays_one(void **state)
{
    (void)state;
    char path[256], got[8] = "";
    Error error = {0};
    assert_int_equal(mkfifo(in_folder(path, "pipe"), 0600), 0);
    const int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_true(file_replace(path, "bytes", 5, &error));
    assert_int_equal(read(reader, got, sizeof got), 5);
    assert_string_equal(got, "bytes");
    close(reader);
    FileDraft draft;
    assert_false(file_draft(&draft, path, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, path));
}

static void what_cannot_be_read_gets_a_sentence(void **state)
{
    (void)state;
    char path[256];
    FileBytes file = {0};
    Error error = {0};
    assert_false(file_read(&file, in_folder(path, "missing"), 100, &error));
    assert_non_null(strstr(error.text, "missing"));
    assert_false(file_read(&file, folder, 100, &error));
    assert_non_null(strstr(error.text, "folder"));
    assert_true(file_replace(in_folder(path, "long"), "0123456789", 10, &error));
    assert_false(file_read(&file, path, 9, &error));
    assert_non_null(strstr(error.text, "10 bytes"));
    assert_null(file.bytes);
}

static void add_index(void *context, int index)
{
    int *sums = context;
    for (int i = 0; i <= index; i++)
        sums[index] += i;
}

static void every_piece_runs_exactly_once_with_any_team(void **state)
{
    (void)state;
    Error error;
    for (int threads = 1; threads <= 5; threads++) {
        Parallel *team = parallel_create(threads, &error);
        assert_non_null(team);
        for (int loop = 0; loop < 500; loop++) {
            int sums[40] = {0};
            const int pieces = loop % 40;
            parallel_run(team, pieces, add_index, sums);
            for (int i = 0; i < 40; i++)
                assert_int_equal(sums[i], i < pieces ? i * (i + 1) / 2 : 0);
        }
        parallel_destroy(team);
    }
}

typedef struct {
    int done;
    int sums[8];
} Beside;

static void add_up_alone(void *context)
{
    Beside *beside = context;
    for (int index = 0; index < 8; index++)
        add_index(beside->sums, index);
    beside->done++;
}

static void a_task_beside_the_loops_is_done_once_and_before_finish_returns(void **state)
{
    (void)state;
    Error error;
    for (int threads = 1; threads <= 4; threads++) {
        Parallel *team = parallel_create(threads, &error);
        assert_non_null(team);
        parallel_finish(team); /* of nothing */
        for (int round = 0; round < 500; round++) {
            Beside beside = {0};
            int sums[40] = {0};
            parallel_start(team, add_up_alone, &beside);
            for (int loop = 0; loop < round % 4; loop++)
                parallel_run(team, 10 * loop, add_index, sums + 10 * loop);
            parallel_finish(team);
            assert_int_equal(beside.done, 1);
            for (int i = 0; i < 8; i++)
                assert_int_equal(beside.sums[i], i * (i + 1) / 2);
            for (int i = 10; i < 20; i++)
                assert_int_equal(sums[i], round % 4 > 1 ? (i - 10) * (i - 9) / 2 : 0);
        }
        parallel_destroy(team);
    }
}

static bool keeps_denormals(void)
{
    volatile float least = FLT_MIN;
    least = least / 2;
    return least > 0;
}

static void note_denormals(void *context, int index)
{
    ((bool *)context)[index] = keeps_denormals();
}

static void note_one(void *context)
{
    note_denormals(context, 0);
}

/* Whichever thread does what. */
static void a_team_treats_denormals_as_its_caller_does(void **state)
{
    (void)state;
    Error error;
    if (denormals_set(DENORMALS_ZERO), denormals_get() == DENORMALS_KEPT)
        skip(); /* this processor has no such switch */
    Parallel *team = parallel_create(2, &error);
    assert_non_null(team);
    for (int round = 0; round < 1000; round++) {
        const bool kept = round % 2;
        bool pieces[4], task;
        denormals_set(kept ? DENORMALS_KEPT : DENORMALS_ZERO);
        assert_int_equal(keeps_denormals(), kept);
        parallel_start(team, note_one, &task);
        denormals_set(kept ? DENORMALS_ZERO : DENORMALS_KEPT);
        parallel_run(team, 4, note_denormals, pieces);
        parallel_finish(team);
        assert_int_equal(task, kept);
        for (int i = 0; i < 4; i++)
            assert_int_equal(pieces[i], !kept);
    }
    parallel_destroy(team);
    denormals_set(DENORMALS_KEPT);
}

/* Around the size from which on blocks lie in large pages. */
static void blocks_are_zeros_and_aligned(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 63, 65, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 20000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *block = block_create(sizes[i]);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % BLOCK_ALIGNMENT, 0);
        size_t others = 0;
        for (size_t k = 0; k < sizes[i]; k++)
            others += block[k] != 0;
        assert_int_equal(others, 0);
        memset(block, 1, sizes[i]); /* all of it is ours: the sanitizers look */
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_twister_draws_what_the_standard_says),
        cmocka_unit_test(hashes_are_the_published_ones),
        cmocka_unit_test(streams_differ_by_seed_and_by_name),
        cmocka_unit_test(draws_below_a_bound_are_uniform),
        cmocka_unit_test(normal_draws_have_mean_0_and_variance_1),
        cmocka_unit_test(a_replaced_file_holds_the_new_bytes),
        cmocka_unit_test(a_name_ends_in_a_suffix_in_whatever_case),
        cmocka_unit_test(a_file_that_cannot_be_written_whole_leaves_the_old_one),
        cmocka_unit_test(what_a_link_leads_to_is_replaced_and_the_link_stays),
        cmocka_unit_test(a_draft_takes_the_place_of_what_a_link_leads_to),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(a_pipe_is_written_into_and_stays_one),
        cmocka_unit_test(what_cannot_be_read_gets_a_sentence),
        cmocka_unit_test(a_task_beside_the_loops_is_done_once_and_before_finish_returns),
        cmocka_unit_test(every_piece_runs_exactly_once_with_any_team),
        cmocka_unit_test(blocks_are_zeros_and_aligned),
        cmocka_unit_test(a_team_treats_denormals_as_its_caller_does),
    };
    return cmocka_run_group_tests_name("base", tests, make_test_folder, remove_test_folder);
}
