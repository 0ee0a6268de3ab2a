/*
 * A program may handle signals while a network works, as `deepq train` handles Ctrl-C: whatever a
 * backend does with the stack pointer, a handler's frame lies on the thread's stack. With AVX-512,
 * oneDNN's products over more than 84 terms move it into the heap for a while; where a signal comes
 * then, its frame breaks the heap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "nn/network.h"

enum { BATCH = 33, INPUTS = 200, OUTPUTS = 300 };
enum { SIGNALS = 1000, EVERY_NANOSECONDS = 50000, SECONDS_MAX = 30 };

/* More than a stack takes, less than what the system leaves between a stack and anything else. */
enum { STACK_BYTES = 64 << 20 };

static volatile sig_atomic_t handled, astray;
static uintptr_t stack;

static void look_where_it_is(int signal_number)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    (void)signal_number;
    handled++;
    if (here > stack || stack - here > STACK_BYTES)
        astray++;
}

static timer_t start_signals(void)
{
    const struct itimerspec often = {{0, EVERY_NANOSECONDS}, {0, EVERY_NANOSECONDS}};
    const struct sigaction action = {.sa_handler = look_where_it_is, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_t timer;
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
    return timer;
}

static void work_under_signals(NnBackend backend)
{
    static float values[BATCH * INPUTS], outputs[BATCH * OUTPUTS], d_outputs[BATCH * OUTPUTS];
    NnSpec spec;
    Error error = {0};
    Random random = random_stream(1, "signals");
    assert_true(
        nn_spec_parse(&spec, "dense 200, relu, dense 300", (NnShape){INPUTS, 1, 1}, &error));
    Network *network = network_create(&spec, BATCH, backend, NULL, &error);
    assert_non_null(network);
    network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
    for (int i = 0; i < BATCH * INPUTS; i++)
        values[i] = (float)random_unit(&random);
    for (int i = 0; i < BATCH * OUTPUTS; i++)
        d_outputs[i] = (float)random_unit(&random);
    stack = (uintptr_t)__builtin_frame_address(0);
    handled = astray = 0;
    const timer_t timer = start_signals();
    const NnInput input = {.values = values};
    const time_t end = time(NULL) + SECONDS_MAX;
    while (handled < SIGNALS && astray == 0 && time(NULL) < end) {
        network_forward(network, &input, 1, outputs);
        network_forward_train(network, &input, BATCH, outputs, NULL);
        network_backward(network, d_outputs);
    }
    timer_delete(timer);
    assert_int_equal(astray, 0);
    assert_true(handled >= SIGNALS);
    network_destroy(network);
}

static void signals_are_handled_on_the_stack(void **unused)
{
    (void)unused;
    work_under_signals(NN_BACKEND_VECTOR);
#ifdef DEEPQ_HAVE_DNNL
    work_under_signals(NN_BACKEND_ONEDNN);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_are_handled_on_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
