#include "cli/learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "run/json.h"

const char *learn_class_name(const LearnResult *result, int k, char room[8])
{
    if (result->class_names != NULL && k < result->data->classes)
        return result->class_names[k];
    snprintf(room, 8, "%d", k);
    return room;
}

bool learn_folder_begin(const char *folder, Error *error)
{
    if (file_exists(folder))
        return error_input(error, "'%s' is there already: name a new folder", folder);
    return file_make_folder(folder, error);
}

char *learn_summary(const LearnResult *result, bool lines, Error *error)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "data", result->plan->data_name);
    cJSON_AddStringToObject(object, "net", result->plan->net_name);
    cJSON_AddNumberToObject(object, "seed", (double)result->plan->seed);
    cJSON_AddNumberToObject(object, "epochs", result->epochs);
    cJSON_AddNumberToObject(object, "threads", (double)result->plan->threads);
    cJSON_AddNumberToObject(object, "batch", result->plan->recipe.batch);
    cJSON_AddNumberToObject(object, "parameters",
                            (double)nn_spec_parameters(network_spec(result->network)));
    cJSON_AddNumberToObject(object, "test_accuracy", result->test_accuracy);
    cJSON_AddNumberToObject(object, "train_accuracy", result->train_accuracy);
    cJSON_AddNumberToObject(object, "seconds", result->seconds);
    cJSON_AddNumberToObject(object, "processor_seconds", result->processor_seconds);
    cJSON_AddNumberToObject(object, "examples_per_second", result->examples_per_second);
    return json_text(object, lines, error);
}

bool learn_folder_write(const LearnResult *result, Error *error)
{
    (void)result, (void)error;
    return true;
}
