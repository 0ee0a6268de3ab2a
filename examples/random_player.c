/* Plays a game at random and prints the score.
 *
 *     cc random_player.c $(pkg-config --cflags --libs deepq-atari) -o random_player
 *     ./random_player breakout.bin
 */
#include <deepq_atari.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const DeepqAtariOptions options = {.frame_skip = 4, .max_frames = 18000};
    DeepqAtariError error = {"usage: random_player CARTRIDGE"};
    DeepqAtari *game = argc == 2 ? deepq_atari_open(argv[1], &options, &error) : NULL;
    if (game == NULL) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    const uint8_t *actions;
    const int count = deepq_atari_minimal_actions(game, &actions);
    double score = 0;
    while (!deepq_atari_over(game))
        score += deepq_atari_act(game, actions[rand() % count]);
    printf("%s: %g points in %lld frames\n", deepq_atari_name(game), score,
           (long long)deepq_atari_frames(game));
    deepq_atari_close(game);
    return 0;
}
