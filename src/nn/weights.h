/*
 * weights.h - a network's parameters on disk, as a safetensors file.
 *
 * safetensors [Safetensors]: 8 bytes little-endian length of the header; the header, JSON, padded
 * with spaces; then the tensors' bytes, little-endian float32. Tensors are named "0.weight",
 * "0.bias", "2.weight", ... by the layer's index in the network, batchnorm's averages
 * "1.running_mean" and "1.running_var", noisy layers' deviations "3.weight_sigma" and
 * "3.bias_sigma", shapes as in network.h, so that PyTorch's layers load them.
 *
 * The header's __metadata__ says what else is known ("format", "network", "game", ...) and carries
 * a checksum of the whole file: a file that was cut short or has a flipped bit is refused. Files
 * from elsewhere, without a checksum, load if names, shapes and type fit.
 */
#ifndef DEEPQ_NN_WEIGHTS_H
#define DEEPQ_NN_WEIGHTS_H

#include "nn/network.h"

typedef struct {
    const char *key;
    const char *value;
} WeightsNote;

/* Replace the file whole or not at all (base/file.h). `notes` go into the metadata: keys of
 * letters, digits and _. */
bool weights_save(const Network *network, const char *path, const WeightsNote *notes,
                  int note_count, Error *error);

/* The network that a file of ours belongs to, from its metadata. ERROR_INPUT if it does not say. */
bool weights_spec(NnSpec *spec, const char *path, Error *error);

/* ERROR_INPUT, and the network as it was, if the file is missing, cut, damaged or belongs to
 * another network: the sentence names the file and, where it can, the tensor and both shapes. */
bool weights_load(Network *network, const char *path, Error *error);

/* Of the network in a file of ours, which may be another one, the parameters of the layers that are
 * the same from the input up: they become the network's. `layers`: how many layers, those without
 * parameters included. ERROR_INPUT, and the network as it was, if that leaves out all parameters:
 * the sentence says which layer differs. */
bool weights_load_first(Network *network, const char *path, int *layers, Error *error);

#endif
