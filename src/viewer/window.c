#include "viewer/window.h"

#ifdef DEEPQ_HAVE_SDL2

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <SDL.h>

#include "base/clock.h"

/* What can be held down. */
typedef enum { UP, DOWN, LEFT, RIGHT, FIRE, SELECT, RESET, NOTHING } Control;

enum { CONTROLS = NOTHING, AXIS_THRESHOLD = 16000 };

/* A control's sources count separately: a key may be let go while the stick still steers. */
typedef struct {
    bool by_key[CONTROLS];
    bool by_second_key[CONTROLS]; /* two keys fire */
    bool by_button[CONTROLS];
    bool by_stick[CONTROLS];
    bool touched[CONTROLS]; /* since the last poll */
} Held;

struct Window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    int width, height; /* of the picture */
    double aspect;
    Held held[WINDOW_PLAYERS_MAX];
    SDL_GameController *controller[WINDOW_PLAYERS_MAX];
    double next_seconds; /* when the next frame is due */
};

/* ---- life ---- */

/* The largest whole multiple that leaves some of the screen free, three at most. */
static int good_scale(const WindowShape *shape)
{
    SDL_Rect screen;
    if (SDL_GetDisplayUsableBounds(0, &screen) != 0)
        return 1;
    int scale = 3;
    while (scale > 1 && (shape->picture_width * shape->picture_aspect * scale > 0.9 * screen.w ||
                         shape->picture_height * scale > 0.9 * screen.h))
        scale--;
    return scale;
}

static bool open_window(Window *window, const WindowShape *shape)
{
    const int scale = good_scale(shape);
    const int across = (int)lround(shape->picture_width * shape->picture_aspect) * scale;
    window->window = SDL_CreateWindow(shape->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                      across, shape->picture_height * scale, SDL_WINDOW_RESIZABLE);
    if (window->window == NULL)
        return false;
    window->renderer = SDL_CreateRenderer(window->window, -1, 0);
    if (window->renderer == NULL)
        return false;
    window->texture =
        SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_RGB24, SDL_TEXTUREACCESS_STREAMING,
                          shape->picture_width, shape->picture_height);
    return window->texture != NULL;
}

Window *window_create(const WindowShape *shape, Error *error)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "0");
    if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER) != 0) {
        error_work(error, "cannot open a window: %s", SDL_GetError());
        return NULL;
    }
    Window *window = calloc(1, sizeof *window);
    if (window == NULL) {
        error_work(error, "no memory for a window");
        SDL_Quit();
        return NULL;
    }
    window->width = shape->picture_width;
    window->height = shape->picture_height;
    window->aspect = shape->picture_aspect;
    if (!open_window(window, shape)) {
        error_work(error, "cannot open a window: %s", SDL_GetError());
        window_destroy(window);
        return NULL;
    }
    window->next_seconds = clock_seconds();
    return window;
}

void window_destroy(Window *window)
{
    if (window == NULL)
        return;
    for (int player = 0; player < WINDOW_PLAYERS_MAX; player++)
        if (window->controller[player] != NULL)
            SDL_GameControllerClose(window->controller[player]);
    if (window->texture != NULL)
        SDL_DestroyTexture(window->texture);
    if (window->renderer != NULL)
        SDL_DestroyRenderer(window->renderer);
    if (window->window != NULL)
        SDL_DestroyWindow(window->window);
    SDL_Quit();
    free(window);
}

/* ---- showing ---- */

/* Where the picture lies: in the middle, its shape kept, by whole multiples if it is enlarged. */
static SDL_Rect place(const Window *window)
{
    int across, down;
    SDL_GetRendererOutputSize(window->renderer, &across, &down);
    const double width = window->width * window->aspect, height = window->height;
    double scale = across / width < down / height ? across / width : down / height;
    if (scale > 1)
        scale = floor(scale);
    const int shown_width = (int)lround(width * scale), shown_height = (int)lround(height * scale);
    return (SDL_Rect){(across - shown_width) / 2, (down - shown_height) / 2, shown_width,
                      shown_height};
}

static bool redraw(Window *window)
{
    const SDL_Rect at = place(window);
    const bool done = SDL_SetRenderDrawColor(window->renderer, 0, 0, 0, 255) == 0 &&
                      SDL_RenderClear(window->renderer) == 0 &&
                      SDL_RenderCopy(window->renderer, window->texture, NULL, &at) == 0;
    SDL_RenderPresent(window->renderer);
    return done;
}

bool window_show(Window *window, const Picture *picture, Error *error)
{
    assert(picture->width == window->width && picture->height == window->height);
    if (SDL_UpdateTexture(window->texture, NULL, picture->rgb, 3 * picture->width) == 0 &&
        redraw(window))
        return true;
    return error_work(error, "cannot draw in the window: %s", SDL_GetError());
}

void window_set_title(Window *window, const char *title)
{
    SDL_SetWindowTitle(window->window, title);
}

/* ---- hearing ---- */

/* A key's control; *player, *second are set where there is one. */
static Control control_of_key(SDL_Keycode key, int *player, bool *second)
{
    static const struct {
        SDL_Keycode key;
        Control control;
        int player;
        bool second;
    } keys[] = {
        {SDLK_UP, UP, 0, false},       {SDLK_DOWN, DOWN, 0, false},  {SDLK_LEFT, LEFT, 0, false},
        {SDLK_RIGHT, RIGHT, 0, false}, {SDLK_SPACE, FIRE, 0, false}, {SDLK_RCTRL, FIRE, 0, true},
        {SDLK_w, UP, 1, false},        {SDLK_s, DOWN, 1, false},     {SDLK_a, LEFT, 1, false},
        {SDLK_d, RIGHT, 1, false},     {SDLK_LCTRL, FIRE, 1, false}, {SDLK_LSHIFT, FIRE, 1, true},
        {SDLK_F1, SELECT, 0, false},   {SDLK_F2, RESET, 0, false},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key) {
            *player = keys[i].player;
            *second = keys[i].second;
            return keys[i].control;
        }
    return NOTHING;
}

static void hear_key(Window *window, const SDL_KeyboardEvent *event)
{
    int player = 0;
    bool second = false;
    const Control control = control_of_key(event->keysym.sym, &player, &second);
    if (control == NOTHING)
        return;
    Held *held = &window->held[player];
    const bool down = event->type == SDL_KEYDOWN;
    (second ? held->by_second_key : held->by_key)[control] = down;
    held->touched[control] = held->touched[control] || down;
}

static void hear_command(WindowInput *input, const SDL_KeyboardEvent *event)
{
    switch (event->keysym.sym) {
    case SDLK_n: input->step = true; return;
    case SDLK_ESCAPE:
    case SDLK_q: input->quit = true; return;
    default: break;
    }
    if (event->repeat != 0)
        return;
    if (event->keysym.sym == SDLK_p)
        input->pause = true;
    else if (event->keysym.sym == SDLK_PLUS || event->keysym.sym == SDLK_KP_PLUS ||
             event->keysym.sym == SDLK_EQUALS) /* + without shift on many keyboards */
        input->speed++;
    else if (event->keysym.sym == SDLK_MINUS || event->keysym.sym == SDLK_KP_MINUS)
        input->speed--;
}

static int player_of(const Window *window, SDL_JoystickID id)
{
    for (int player = 0; player < WINDOW_PLAYERS_MAX; player++)
        if (window->controller[player] != NULL &&
            SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(window->controller[player])) == id)
            return player;
    return -1;
}

static void hear_plug(Window *window, const SDL_ControllerDeviceEvent *event)
{
    if (event->type == SDL_CONTROLLERDEVICEADDED) {
        for (int player = 0; player < WINDOW_PLAYERS_MAX; player++)
            if (window->controller[player] == NULL) {
                window->controller[player] = SDL_GameControllerOpen(event->which);
                return;
            }
        return;
    }
    const int player = player_of(window, event->which);
    if (player < 0)
        return;
    SDL_GameControllerClose(window->controller[player]);
    window->controller[player] = NULL;
    for (int control = 0; control < CONTROLS; control++)
        window->held[player].by_button[control] = window->held[player].by_stick[control] = false;
}

static void hear_button(Window *window, const SDL_ControllerButtonEvent *event)
{
    static const Control controls[SDL_CONTROLLER_BUTTON_MAX] = {
        [SDL_CONTROLLER_BUTTON_A] = FIRE,         [SDL_CONTROLLER_BUTTON_B] = FIRE,
        [SDL_CONTROLLER_BUTTON_X] = NOTHING,      [SDL_CONTROLLER_BUTTON_Y] = NOTHING,
        [SDL_CONTROLLER_BUTTON_BACK] = SELECT,    [SDL_CONTROLLER_BUTTON_START] = RESET,
        [SDL_CONTROLLER_BUTTON_DPAD_UP] = UP,     [SDL_CONTROLLER_BUTTON_DPAD_DOWN] = DOWN,
        [SDL_CONTROLLER_BUTTON_DPAD_LEFT] = LEFT, [SDL_CONTROLLER_BUTTON_DPAD_RIGHT] = RIGHT,
    };
    const int player = player_of(window, event->which);
    if (player < 0 || event->button > SDL_CONTROLLER_BUTTON_DPAD_RIGHT)
        return;
    const Control control = controls[event->button];
    if (control == NOTHING || (control == UP && event->button != SDL_CONTROLLER_BUTTON_DPAD_UP))
        return; /* UP is 0: what the table leaves out */
    Held *held = &window->held[player];
    held->by_button[control] = event->state == SDL_PRESSED;
    held->touched[control] = held->touched[control] || event->state == SDL_PRESSED;
}

static void hear_stick(Window *window, const SDL_ControllerAxisEvent *event)
{
    const int player = player_of(window, event->which);
    if (player < 0)
        return;
    bool *by_stick = window->held[player].by_stick;
    if (event->axis == SDL_CONTROLLER_AXIS_LEFTX) {
        by_stick[LEFT] = event->value < -AXIS_THRESHOLD;
        by_stick[RIGHT] = event->value > AXIS_THRESHOLD;
    } else if (event->axis == SDL_CONTROLLER_AXIS_LEFTY) {
        by_stick[UP] = event->value < -AXIS_THRESHOLD;
        by_stick[DOWN] = event->value > AXIS_THRESHOLD;
    }
}

static void hear(Window *window, WindowInput *input, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT: input->quit = true; break;
    case SDL_KEYDOWN:
        hear_command(input, &event->key);
        hear_key(window, &event->key);
        break;
    case SDL_KEYUP: hear_key(window, &event->key); break;
    case SDL_CONTROLLERDEVICEADDED:
    case SDL_CONTROLLERDEVICEREMOVED: hear_plug(window, &event->cdevice); break;
    case SDL_CONTROLLERBUTTONDOWN:
    case SDL_CONTROLLERBUTTONUP: hear_button(window, &event->cbutton); break;
    case SDL_CONTROLLERAXISMOTION: hear_stick(window, &event->caxis); break;
    case SDL_WINDOWEVENT: redraw(window); break;
    default: break;
    }
}

static bool take(Held *held, Control control)
{
    const bool now = held->by_key[control] || held->by_second_key[control] ||
                     held->by_button[control] || held->by_stick[control] || held->touched[control];
    held->touched[control] = false;
    return now;
}

void window_poll(Window *window, WindowInput *input)
{
    SDL_Event event;
    *input = (WindowInput){0};
    while (SDL_PollEvent(&event))
        hear(window, input, &event);
    for (int player = 0; player < WINDOW_PLAYERS_MAX; player++) {
        Held *held = &window->held[player];
        input->joystick[player] = (WindowJoystick){
            .up = take(held, UP),
            .down = take(held, DOWN),
            .left = take(held, LEFT),
            .right = take(held, RIGHT),
            .fire = take(held, FIRE),
        };
        input->select = take(held, SELECT) || input->select;
        input->reset = take(held, RESET) || input->reset;
    }
}

void window_wait_frame(Window *window, double frames_per_second)
{
    static const double late_seconds = 0.1;
    assert(frames_per_second > 0);
    const double now = clock_seconds();
    window->next_seconds += 1 / frames_per_second;
    if (now > window->next_seconds + late_seconds)
        window->next_seconds = now;
    else if (now < window->next_seconds)
        SDL_Delay((Uint32)((window->next_seconds - now) * 1000));
}

#else

Window *window_create(const WindowShape *shape, Error *error)
{
    (void)shape;
    error_work(error, "this deepq was built without windows: on Debian, apt-get install "
                      "libsdl2-dev and build again");
    return NULL;
}

void window_destroy(Window *window)
{
    (void)window;
}

bool window_show(Window *window, const Picture *picture, Error *error)
{
    (void)window;
    (void)picture;
    return error_work(error, "there is no window");
}

void window_poll(Window *window, WindowInput *input)
{
    (void)window;
    *input = (WindowInput){.quit = true};
}

void window_wait_frame(Window *window, double frames_per_second)
{
    (void)window;
    (void)frames_per_second;
}

void window_set_title(Window *window, const char *title)
{
    (void)window;
    (void)title;
}

#endif
