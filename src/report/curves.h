/*
 * curves.h - the learning curves of a report's runs, as charts.
 *
 * Of the runs of one recipe (recipes.h) each curve is their mean, epoch by epoch, and the band goes
 * from the lowest to the highest; an epoch that not all have reached is the mean of those that
 * have. Of a page's only run the band is the evaluation's 95 % interval. Of several recipes each
 * has a line of its own in every chart, and the score is drawn over minutes, too.
 */
#ifndef DEEPQ_REPORT_CURVES_H
#define DEEPQ_REPORT_CURVES_H

#include "base/error.h"
#include "report/recipes.h"
#include "report/text.h"

/* Add them: score, mean maximal Q, loss, epsilon, frames a second. False: ERROR_WORK, no memory. */
bool curves_add(Text *page, const Recipes *recipes, Error *error);

#endif
