/*
 * learning_curve.h - what a run's evaluations brought, drawn at its end.
 */
#ifndef DEEPQ_CLI_LEARNING_CURVE_H
#define DEEPQ_CLI_LEARNING_CURVE_H

#include "rl/train.h"
#include "viewer/curve.h"

enum { LEARNING_CURVE_POINTS_MAX = 256 };

/* The mean true score of each evaluation against frames. Holds any number of epochs: when it is
 * full, every second point goes. All zeros is an empty one. */
typedef struct {
    CurvePoint points[LEARNING_CURVE_POINTS_MAX];
    int count;
} LearningCurve;

/* Take in an epoch; one without an evaluation is passed over. */
void learning_curve_add(LearningCurve *curve, const TrainEpoch *epoch);

/* Print it, as wide as the terminal (80 elsewhere), in braille where the locale's letters are
 * UTF-8; with fewer than two points nothing. */
void learning_curve_print(const LearningCurve *curve);

#endif
