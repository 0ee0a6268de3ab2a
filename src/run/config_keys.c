/* The table of keys: the one place that knows what a configuration consists of. */
#include "run/config.h"

#define ROW(section, key, type, field, min, max, unit, help)                                       \
    {                                                                                              \
        section, key, CONFIG_##type, offsetof(RunConfig, field), min, max, unit, help, NULL        \
    }
#define PICK(section, key, field, names, help)                                                     \
    {                                                                                              \
        section, key, CONFIG_CHOICE, offsetof(RunConfig, field), 0, 0, "", help, names             \
    }

static const char *const backends[] = {"auto", "plain", "vector", "onednn", "terms", NULL};
static const char *const precisions[] = {"f32", "bf16", "auto", NULL};
static const char *const eyes[] = {"2013", "2015", NULL};
static const char *const inits[] = {"fan_in_uniform", "glorot", "he", NULL};
static const char *const returns[] = {"mean", "c51", "qr", "iqn", NULL};
static const char *const losses[] = {"squared", "huber", NULL};
static const char *const reduces[] = {"mean", "sum", NULL};
static const char *const optimisers[] = {"sgd",  "rmsprop", "rmsprop_centred",
                                         "adam", "radam",   NULL};

static const ConfigKey keys[] = {
    ROW("run", "preset", TEXT, preset, 2, CONFIG_NAME_BYTES, "", "where the numbers came from"),
    ROW("run", "game", TEXT, game, 2, CONFIG_NAME_BYTES, "", "what is learnt"),
    ROW("run", "rom", TEXT, rom, 0, CONFIG_TEXT_BYTES, "", "the cartridge's file; empty: built in"),
    ROW("run", "cartridge_type", TEXT, cartridge_type, 0, CONFIG_NAME_BYTES, "",
        "how it switches its banks; empty: by its bytes"),
    ROW("run", "seed", UINT64, seed, 0, 0, "", "of every random stream"),
    ROW("run", "threads", INT, threads, 1, PARALLEL_THREADS_MAX, "threads",
        "results do not depend on it"),
    PICK("run", "backend", backend, backends, "who does the network's arithmetic"),
    PICK("run", "precision", precision, precisions,
         "of what is multiplied; auto: what is faster here"),

    PICK("environment", "eyes", environment.eyes, eyes,
         "which paper's way from the screen to 84x84"),
    ROW("environment", "frame_skip", INT, environment.frame_skip, 1, ATARI_FRAME_SKIP_MAX, "frames",
        "an action is held"),
    ROW("environment", "pool_frames", BOOL, environment.pool_frames, 0, 0, "",
        "see the brighter of the last two frames"),
    ROW("environment", "noop_max", INT, environment.noop_max, 0, 3600, "frames",
        "of NOOP at most begin an episode"),
    ROW("environment", "noops_after_life", BOOL, environment.noops_after_life, 0, 0, "",
        "also after each lost life"),
    ROW("environment", "fire_at_reset", BOOL, environment.fire_at_reset, 0, 0, "",
        "press FIRE once after a reset"),
    ROW("environment", "sticky", REAL, environment.sticky, 0, 1, "probability",
        "a frame repeats the action before"),
    ROW("environment", "max_episode_frames", INT64, environment.max_episode_frames, 0, 1e9,
        "frames", "time limit; 0: none"),
    ROW("environment", "all_actions", BOOL, environment.all_actions, 0, 0, "",
        "all 18, not the game's minimal set"),
    ROW("environment", "mode", INT, environment.mode, -1, 10000, "",
        "game mode, as the cartridge counts; -1: the first"),
    ROW("environment", "difficulty", INT, environment.difficulty, 0, 3, "",
        "bit 0: left switch at A, 1: right"),

    ROW("network", "network", TEXT, dqn.network, 2, CONFIG_TEXT_BYTES, "",
        "layers before the output layer"),
    PICK("network", "init", dqn.init, inits, "how weights begin"),
    ROW("network", "history", INT, dqn.history, 1, 16, "seen frames", "stacked into a state"),
    PICK("network", "returns", dqn.returns, returns, "what it says of an action's return"),
    ROW("network", "atoms", INT, dqn.atoms, 2, DQN_ATOMS_MAX, "categories or quantiles",
        "of each action; iqn: drawn; not for the mean"),
    ROW("network", "value_min", REAL, dqn.value_min, -1e6, 1e6, "return", "c51's first category"),
    ROW("network", "value_max", REAL, dqn.value_max, -1e6, 1e6, "return", "c51's last category"),
    ROW("network", "noisy", BOOL, dqn.noisy, 0, 0, "",
        "dense layers with learnt noise, in place of epsilon"),
    ROW("network", "dueling", BOOL, dqn.dueling, 0, 0, "",
        "the state's value apart from the actions'"),

    ROW("learning", "gamma", REAL, dqn.gamma, 0, 1, "for each agent step", "discount"),
    PICK("learning", "loss", dqn.loss, losses, "of the error; huber is error clipping"),
    PICK("learning", "reduce", dqn.reduce, reduces, "of the minibatch's losses"),
    ROW("learning", "clip_rewards", BOOL, dqn.clip_rewards, 0, 0, "",
        "learn from the reward's sign"),
    ROW("learning", "life_loss_ends", BOOL, dqn.life_loss_ends, 0, 0, "",
        "a lost life ends the return"),
    ROW("learning", "double_q", BOOL, dqn.double_q, 0, 0, "",
        "the learning network picks the action"),
    ROW("learning", "return_steps", INT, dqn.return_steps, 1, DQN_RETURN_STEPS_MAX, "agent steps",
        "of reward before the value that follows"),
    ROW("learning", "munchausen", REAL, dqn.munchausen, 0, 1, "",
        "share of the action's log probability in the reward; 0: none"),
    ROW("learning", "munchausen_temperature", REAL, dqn.munchausen_temperature, 1e-6, 100, "",
        "of that probability"),
    ROW("learning", "munchausen_floor", REAL, dqn.munchausen_floor, -1e6, 0, "",
        "the least that it counts for"),

    PICK("descent", "optimiser", dqn.optimiser.kind, optimisers, "the rule of descent"),
    ROW("descent", "learning_rate", REAL, dqn.optimiser.learning_rate, 0, 10, "", "step size"),
    ROW("descent", "learning_rate_end_share", REAL, dqn.learning_rate_end_share, 0, 1, "",
        "share of it that is left in the end; 1: it stays"),
    ROW("descent", "learning_rate_steps", INT64, dqn.learning_rate_steps, 0, 1e10, "agent steps",
        "from all of it to that share, linearly"),
    ROW("descent", "momentum", REAL, dqn.optimiser.momentum, 0, 1, "",
        "sgd: velocity; adam: beta1"),
    ROW("descent", "decay", REAL, dqn.optimiser.decay, 0, 1, "", "of the averages; adam: beta2"),
    ROW("descent", "optimiser_epsilon", REAL, dqn.optimiser.epsilon, 0, 1, "",
        "added in the denominator"),
    ROW("descent", "minibatch", INT, dqn.minibatch, 1, 4096, "transitions", "in one update"),
    ROW("descent", "update_every_steps", INT, dqn.update_every_steps, 1, 1e6, "agent steps",
        "between updates"),
    ROW("descent", "target_every_steps", INT64, dqn.target_every_steps, 0, 1e9, "agent steps",
        "between copies to the target network; 0: no such network"),

    ROW("descent", "max_gradient", REAL, dqn.max_gradient, 0, 1e6, "length",
        "longer gradients are cut to it; 0: none are"),

    ROW("experience", "envs", INT, dqn.envs, 1, DQN_ENVS_MAX, "environments",
        "played in at the same time"),
    ROW("experience", "acting_lag_updates", INT, dqn.acting_lag_updates, 0, 1, "updates",
        "that acting is behind learning; 0: strict order"),
    ROW("experience", "replay_steps", INT64, dqn.replay_steps, 1, 1e8, "transitions",
        "the memory holds"),
    ROW("experience", "replay_packed", BOOL, dqn.replay_packed, 0, 0, "",
        "frames by what changes, in a tenth of the bytes"),
    ROW("experience", "rollout_steps", INT, dqn.rollout_steps, 0, 4096, "agent steps",
        "of each environment, learnt from and forgotten; 0: learn from the memory"),
    ROW("experience", "rollout_epochs", INT, dqn.rollout_epochs, 1, 100, "times",
        "that each of them is learnt from"),
    ROW("experience", "lambda", REAL, dqn.lambda, 0, 1, "",
        "of their returns; 0: one step's, 1: whole sums of rewards"),
    ROW("experience", "learn_start_steps", INT64, dqn.learn_start_steps, 1, 1e8, "agent steps",
        "of random play first"),
    ROW("experience", "prioritised", BOOL, dqn.prioritised, 0, 0, "",
        "draw what surprised more often"),
    ROW("experience", "priority_exponent", REAL, dqn.priority_exponent, 0, 2, "",
        "of the surprise; 0: uniform"),
    ROW("experience", "importance_start", REAL, dqn.importance_start, 0, 1, "",
        "how much of that bias is undone, at first"),
    ROW("experience", "importance_end", REAL, dqn.importance_end, 0, 1, "", "at last"),
    ROW("experience", "epsilon_start", REAL, dqn.epsilon_start, 0, 1, "probability",
        "of a random action, at first"),
    ROW("experience", "epsilon_end", REAL, dqn.epsilon_end, 0, 1, "probability", "at last"),
    ROW("experience", "epsilon_steps", INT64, dqn.epsilon_steps, 0, 1e10, "agent steps",
        "from first to last, linearly"),

    ROW("schedule", "train_frames", INT64, dqn.train_frames, 1, 1e12, "frames", "in all"),
    ROW("schedule", "epoch_steps", INT64, dqn.epoch_steps, 1, 1e10, "agent steps",
        "to a row of metrics"),
    ROW("schedule", "eval_steps", INT64, dqn.eval_steps, 0, 1e9, "agent steps",
        "of evaluation after an epoch; 0: none"),
    ROW("schedule", "eval_epsilon", REAL, dqn.eval_epsilon, 0, 1, "probability",
        "of a random action in evaluation"),
    ROW("schedule", "heldout_states", INT, dqn.heldout_states, 0, 1e5, "states",
        "to follow the mean maximal Q on; 0: none"),
};

size_t config_key_count(void)
{
    return sizeof keys / sizeof keys[0];
}

const ConfigKey *config_key_at(size_t index)
{
    return &keys[index];
}
