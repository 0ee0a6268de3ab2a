/*
 * commands.h - the subcommands. Each reads its arguments (argv[0] is its own name), does its work,
 * says on stderr what went wrong, and returns the exit status: 0 done, 1 the work failed, 2 the
 * request or its input is bad, 130 interrupted.
 */
#ifndef DEEPQ_CLI_COMMANDS_H
#define DEEPQ_CLI_COMMANDS_H

int command_train(int argc, const char **argv);
int command_eval(int argc, const char **argv);
int command_record(int argc, const char **argv);
int command_report(int argc, const char **argv);
int command_play(int argc, const char **argv);
int command_watch(int argc, const char **argv);
int command_inspect(int argc, const char **argv);
int command_games(int argc, const char **argv);
int command_trace(int argc, const char **argv);
int command_sweep(int argc, const char **argv);
int command_learn(int argc, const char **argv);
int command_qtable(int argc, const char **argv);
int command_bench(int argc, const char **argv);

/* What `deepq bench` measures, argv[0] being "checkpoint", "env", "net", "train". */
int bench_checkpoint(int argc, const char **argv);
int bench_env(int argc, const char **argv);
int bench_net(int argc, const char **argv);
int bench_train(int argc, const char **argv);
int bench_replay(int argc, const char **argv);

#endif
