#include "viewer/window.h"

#ifdef DEEPQ_HAVE_SDL2

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <SDL.h>

#include "base/clock.h"

enum { AXIS_THRESHOLD = 16000 };

/* What can be held down. */
typedef enum { NOTHING, UP, DOWN, LEFT, RIGHT, FIRE, SELECT, RESET, CONTROLS } Control;

/* By what: each source counts for itself, as a key may be let go while the stick still steers. */
typedef enum {
    BY_KEY = 1,
    BY_SECOND_KEY = 2,
    BY_BUTTON = 4,
    BY_SECOND_BUTTON = 8,
    BY_STICK = 16,
} Source;

typedef struct {
    uint8_t by[CONTROLS];   /* sources that hold it now */
    bool touched[CONTROLS]; /* since the last poll */
} Held;

struct Window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture; /* the picture */
    SDL_Texture *blocks;  /* the picture, each pixel a block of one colour; NULL: not needed yet */
    int across, down;     /* of a block */
    int width, height;    /* of the picture */
    double aspect;
    Held held[WINDOW_PLAYERS_MAX];
    SDL_GameController *controller[WINDOW_PLAYERS_MAX];
    double next_seconds; /* when the next frame is due */
};

/* ---- life ---- */

/* The largest whole multiple that leaves some of the screen free; less than 1 where not even the
 * picture itself does. */
static double good_scale(const WindowShape *shape)
{
    static const double part_of_screen = 0.85;
    SDL_Rect screen;
    if (shape->scale > 0)
        return shape->scale;
    if (SDL_GetDisplayUsableBounds(0, &screen) != 0)
        return 1;
    const double across = screen.w / (shape->picture_width * shape->picture_aspect);
    const double down = (double)screen.h / shape->picture_height;
    const double scale = part_of_screen * (across < down ? across : down);
    return scale > 1 ? floor(scale) : scale;
}

static bool open_window(Window *window, const WindowShape *shape)
{
    const double scale = good_scale(shape);
    window->window =
        SDL_CreateWindow(shape->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                         (int)lround(shape->picture_width * shape->picture_aspect * scale),
                         (int)lround(shape->picture_height * scale), SDL_WINDOW_RESIZABLE);
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
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        error_work(error, "cannot open a window: %s", SDL_GetError());
        return NULL;
    }
    SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER); /* where it fails there are the keys */
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
    if (window->blocks != NULL)
        SDL_DestroyTexture(window->blocks);
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

/* Where the picture lies: in the middle, as large as its shape allows. */
static SDL_Rect place(const Window *window)
{
    int across, down;
    SDL_GetRendererOutputSize(window->renderer, &across, &down);
    const double width = window->width * window->aspect, height = window->height;
    const double scale = across / width < down / height ? across / width : down / height;
    const int shown_width = (int)lround(width * scale), shown_height = (int)lround(height * scale);
    return (SDL_Rect){(across - shown_width) / 2, (down - shown_height) / 2, shown_width,
                      shown_height};
}

/* The least whole number of times that `pixels` must be taken to cover `wanted`. */
static int times_to_cover(int pixels, int wanted)
{
    const int times = (wanted + pixels - 1) / pixels;
    return times > 1 ? times : 1;
}

/* Make blocks at least as large as what will be shown. */
static bool fit_blocks(Window *window, const SDL_Rect *at)
{
    const int across = times_to_cover(window->width, at->w);
    const int down = times_to_cover(window->height, at->h);
    if (window->blocks != NULL && window->across == across && window->down == down)
        return true;
    if (window->blocks != NULL)
        SDL_DestroyTexture(window->blocks);
    window->blocks =
        SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_TARGET,
                          window->width * across, window->height * down);
    window->across = across;
    window->down = down;
    return window->blocks != NULL &&
           SDL_SetTextureScaleMode(window->blocks, SDL_ScaleModeLinear) == 0;
}

/* Blocks first, without smoothing, then those smoothly to their place: so each pixel is sharp and
 * as wide as the others at every size of the window. */
static bool redraw(Window *window)
{
    SDL_Renderer *renderer = window->renderer;
    const SDL_Rect at = place(window);
    const bool done =
        fit_blocks(window, &at) && SDL_SetRenderTarget(renderer, window->blocks) == 0 &&
        SDL_RenderCopy(renderer, window->texture, NULL, NULL) == 0 &&
        SDL_SetRenderTarget(renderer, NULL) == 0 &&
        SDL_SetRenderDrawColor(renderer, 0, 0, 0, 255) == 0 && SDL_RenderClear(renderer) == 0 &&
        SDL_RenderCopy(renderer, window->blocks, NULL, &at) == 0;
    SDL_RenderPresent(renderer);
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

static void hold(Held *held, Control control, Source source, bool down)
{
    held->by[control] = (uint8_t)(down ? held->by[control] | source : held->by[control] & ~source);
    held->touched[control] = held->touched[control] || down;
}

static void hear_key(Window *window, const SDL_KeyboardEvent *event)
{
    static const struct {
        SDL_Keycode key;
        int player;
        Control control;
        Source source;
    } keys[] = {
        {SDLK_UP, 0, UP, BY_KEY},       {SDLK_w, 1, UP, BY_KEY},
        {SDLK_DOWN, 0, DOWN, BY_KEY},   {SDLK_s, 1, DOWN, BY_KEY},
        {SDLK_LEFT, 0, LEFT, BY_KEY},   {SDLK_a, 1, LEFT, BY_KEY},
        {SDLK_RIGHT, 0, RIGHT, BY_KEY}, {SDLK_d, 1, RIGHT, BY_KEY},
        {SDLK_SPACE, 0, FIRE, BY_KEY},  {SDLK_RCTRL, 0, FIRE, BY_SECOND_KEY},
        {SDLK_LCTRL, 1, FIRE, BY_KEY},  {SDLK_LSHIFT, 1, FIRE, BY_SECOND_KEY},
        {SDLK_F1, 0, SELECT, BY_KEY},   {SDLK_F2, 0, RESET, BY_KEY},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == event->keysym.sym)
            hold(&window->held[keys[i].player], keys[i].control, keys[i].source,
                 event->type == SDL_KEYDOWN);
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
    else if (event->keysym.sym == SDLK_v)
        input->saliency = true;
    else if (event->keysym.sym == SDLK_l)
        input->layers = true;
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
        window->held[player].by[control] &= BY_KEY | BY_SECOND_KEY;
}

static void hear_button(Window *window, const SDL_ControllerButtonEvent *event)
{
    static const Control controls[SDL_CONTROLLER_BUTTON_MAX] = {
        [SDL_CONTROLLER_BUTTON_A] = FIRE,         [SDL_CONTROLLER_BUTTON_B] = FIRE,
        [SDL_CONTROLLER_BUTTON_BACK] = SELECT,    [SDL_CONTROLLER_BUTTON_START] = RESET,
        [SDL_CONTROLLER_BUTTON_DPAD_UP] = UP,     [SDL_CONTROLLER_BUTTON_DPAD_DOWN] = DOWN,
        [SDL_CONTROLLER_BUTTON_DPAD_LEFT] = LEFT, [SDL_CONTROLLER_BUTTON_DPAD_RIGHT] = RIGHT,
    };
    const int player = player_of(window, event->which);
    if (player >= 0 && event->button < SDL_CONTROLLER_BUTTON_MAX)
        hold(&window->held[player], controls[event->button],
             event->button == SDL_CONTROLLER_BUTTON_B ? BY_SECOND_BUTTON : BY_BUTTON,
             event->state == SDL_PRESSED);
}

static void hear_stick(Window *window, const SDL_ControllerAxisEvent *event)
{
    const int player = player_of(window, event->which);
    const bool across = event->axis == SDL_CONTROLLER_AXIS_LEFTX;
    if (player < 0 || (!across && event->axis != SDL_CONTROLLER_AXIS_LEFTY))
        return;
    Held *held = &window->held[player];
    hold(held, across ? LEFT : UP, BY_STICK, event->value < -AXIS_THRESHOLD);
    hold(held, across ? RIGHT : DOWN, BY_STICK, event->value > AXIS_THRESHOLD);
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
    const bool now = held->by[control] != 0 || held->touched[control];
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
