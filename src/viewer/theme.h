/*
 * theme.h - the colours of what is drawn beside a game.
 */
#ifndef DEEPQ_VIEWER_THEME_H
#define DEEPQ_VIEWER_THEME_H

#include "viewer/picture.h"

static const Colour theme_paper = {18, 20, 26};     /* behind everything */
static const Colour theme_rule = {44, 48, 58};      /* lines that guide the eye */
static const Colour theme_ink = {150, 156, 168};    /* letters */
static const Colour theme_bar = {70, 110, 170};     /* a value among others */
static const Colour theme_bright = {255, 200, 80};  /* the value that counts */
static const Colour theme_reward = {110, 220, 130}; /* points were made */

#endif
