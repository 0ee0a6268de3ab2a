#include "run/json.h"

#include <stdlib.h>
#include <string.h>

char *json_text(cJSON *object, bool lines, Error *error)
{
    char *printed = lines ? cJSON_Print(object) : cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    const size_t length = printed == NULL ? 0 : strlen(printed);
    char *text = printed == NULL ? NULL : malloc(length + 2);
    if (text == NULL)
        error_work(error, "no memory for a JSON text");
    else
        strcat(strcpy(text, printed), "\n");
    cJSON_free(printed);
    return text;
}
