/*
 * learner_network.c - the network that a configuration means (learner.h).
 */
#include <stdio.h>

#include "rl/head.h"
#include "rl/learner.h"

/* Looks at one value, or is dense: as a convolution of one pixel it looks at one tau. */
static bool keeps_taus_apart(NnLayerKind kind)
{
    switch (kind) {
    case NN_DENSE:
    case NN_RELU:
    case NN_LEAKY_RELU:
    case NN_SIGMOID:
    case NN_TANH:
    case NN_DROPOUT: return true;
    default: return false;
    }
}

/* The layer that the taus come before. */
static int first_with_taus(const NnSpec *spec)
{
    const int last = spec->layer_count - 1;
    int first = last;
    while (first >= 0 && keeps_taus_apart(spec->layer[first].kind))
        first--;
    if (first < 0)
        return last;
    while (spec->layer[first].kind != NN_DENSE)
        first++;
    return first;
}

/* `text`: the same network with quantiles. */
static bool print_with_taus(const NnSpec *spec, int taus, char text[NN_SPEC_TEXT], Error *error)
{
    const int at = first_with_taus(spec);
    NnSpec with = *spec;
    if (spec->layer_count == NN_LAYERS_MAX)
        return error_input(error, "with returns = iqn the network has more than %d layers",
                           NN_LAYERS_MAX);
    with.layer[at] = (NnLayer){.kind = NN_QUANTILES, .outputs = taus};
    for (int l = at; l < spec->layer_count; l++) {
        NnLayer layer = spec->layer[l];
        if (layer.kind == NN_DENSE)
            layer = (NnLayer){NN_CONV2D, .outputs = layer.outputs, .kernel = 1, .stride = 1};
        with.layer[l + 1] = layer;
    }
    with.layer_count++;
    nn_spec_text(&with, text, NN_SPEC_TEXT);
    return true;
}

bool learner_network_spec(NnSpec *spec, const DqnConfig *config, NnShape input, int actions,
                          Error *error)
{
    char text[NN_SPEC_TEXT];
    const char *separator = config->network[0] == 0 ? "" : ", ";
    const Head head = head_of(config, actions);
    const bool implicit = config->returns == DQN_RETURNS_IMPLICIT;
    snprintf(text, sizeof text, "%s%sdense %d", config->network, separator,
             head_outputs(&head) / (implicit ? head.atoms : 1));
    if (!nn_spec_parse(spec, text, input, error))
        return false;
    if (implicit && (!print_with_taus(spec, head.atoms, text, error) ||
                     !nn_spec_parse(spec, text, input, error)))
        return false;
    for (int l = 0; l < spec->layer_count; l++)
        if (config->noisy && spec->layer[l].kind == NN_DENSE)
            spec->layer[l].kind = NN_NOISY;
    return true;
}
