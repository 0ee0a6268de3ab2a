#include "cli/performance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_BYTES = 160, TOY_SCALE = 3, LOOKS_PER_RENEWAL = 30 };

static void begin_game(Performance *performance, Stage *stage)
{
    const Player *player = &performance->player;
    env_reset(player->env);
    performance->step = (EnvStep){0};
    performance->games++;
    if (player->agent == NULL)
        return;
    agent_begin(player->agent, env_frame(player->env));
    stage_note(stage, player->agent, NULL);
    performance->score = 0;
}

/* The action of that name; the first if there is none. */
static int action_named(const EnvSpec *spec, const char *name)
{
    for (int action = 0; action < spec->actions; action++)
        if (strcmp(spec->action_names[action], name) == 0)
            return action;
    return 0;
}

static int act_by_hand(const EnvSpec *spec, const WindowJoystick *stick)
{
    return action_named(spec, stick->left == stick->right ? "STAY"
                              : stick->left               ? "LEFT"
                                                          : "RIGHT");
}

static void perform(Performance *performance, Stage *stage, const WindowInput *input)
{
    Player *player = &performance->player;
    const bool by_agent = player->agent != NULL;
    if (performance->step.game_over || performance->step.time_over)
        begin_game(performance, stage);
    const int actions[ENV_PLAYERS_MAX] = {
        by_agent ? agent_act(player->agent, performance->epsilon, &performance->random)
                 : act_by_hand(&player->env->spec, &input->joystick[0])};
    env_step(player->env, actions, &performance->step);
    performance->frames += performance->step.frames;
    performance->score += performance->step.reward[0];
    if (!by_agent)
        return;
    agent_see(player->agent, env_frame(player->env));
    stage_note(stage, player->agent, &performance->step);
}

static void set_title(Window *window, const Performance *performance, const Pace *pace,
                      const char *word)
{
    char title[TITLE_BYTES], speed[32] = "";
    if (pace->speed > 0)
        snprintf(speed, sizeof speed, " - %d times as fast", 1 << pace->speed);
    else if (pace->speed < 0)
        snprintf(speed, sizeof speed, " - %d times as slow", 1 << -pace->speed);
    snprintf(title, sizeof title, "%s - %sgame %" PRId64 " - score %g%s%s%s%s",
             performance->player.env->spec.name,
             performance->player.agent != NULL ? "an agent - " : "", performance->games,
             performance->score, word[0] != 0 ? " - " : "", word, speed,
             pace->paused ? " - paused" : "");
    window_set_title(window, title);
}

static bool goes_on(const Performance *performance, const Pace *pace)
{
    const bool time_left =
        performance->frames_max == 0 || performance->frames < performance->frames_max;
    return time_left && !pace_stopped() && !pace->input.quit;
}

static bool perform_all(Performance *performance, Stage *stage, Window *window, Error *error)
{
    const EnvSpec *spec = &performance->player.env->spec;
    const double steps_per_second = spec->frames_per_second / spec->frames_per_step;
    const char *word = "";
    Pace pace = {
        .speed = performance->speed,
        .saliency = performance->view.saliency,
        .layers = performance->view.layers,
    };
    bool draw = true;
    begin_game(performance, stage);
    for (int64_t look = 0; goes_on(performance, &pace); look++) {
        if (performance->renew != NULL && look % LOOKS_PER_RENEWAL == 0)
            word = performance->renew(performance->context);
        stage_view(stage, (StageView){pace.saliency, pace.layers});
        if ((draw || pace.turned) &&
            !window_show(window, stage_draw(stage, performance->player.agent), error))
            return false;
        if (draw || pace.changed)
            set_title(window, performance, &pace, word);
        draw = pace_go_on(&pace, window, steps_per_second);
        if (draw)
            perform(performance, stage, &pace.input);
    }
    return true;
}

bool performance_show(Performance *performance, int scale, Error *error)
{
    const Player *player = &performance->player;
    const Env *env = player->env;
    const bool by_agent = player->agent != NULL;
    const StageShape shape = {
        .env = env,
        .scale = scale > 0  ? scale
                 : by_agent ? stage_good_scale(env)
                            : TOY_SCALE,
        .panels = by_agent,
        .history = by_agent ? player->config.dqn.history : 0,
        .network = player->network,
    };
    Stage *stage = stage_create(&shape, error);
    if (stage == NULL)
        return false;
    const Picture *page = stage_draw(stage, NULL);
    Window *window = window_create(
        &(WindowShape){env->spec.name, page->width, page->height, 1, scale > 0 ? 1 : 0}, error);
    const bool done = window != NULL && perform_all(performance, stage, window, error);
    window_destroy(window);
    stage_destroy(stage);
    return done;
}
