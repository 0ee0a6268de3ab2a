; rally.asm -- two bats, a ball, a net: a game for the Atari 2600, 4096 bytes, NTSC
;
; Read bricks.asm first: its opening tells how such a program is built. This one is the same loop of
; vertical sync, vertical blank, picture and overscan; what is new is a kernel that shows three
; objects of any height on every line, a console that plays, and a choice of games.
;
;
; The picture, by its lines (0 is the first of the 192)
;
;       0
;       4          3                   12         the scores, 4 lines a dot, left and right
;       24
;       27      ########################################        the upper border
;       36                        :
;               #                 :                             bats of 16 lines, the net,
;               #                 :          .      #           a ball of 2 dots by 4 lines
;                                 :                 #
;       184     ########################################        the lower border
;       191
;
; From left to right there are 160 dots. What shows what:
;
;       scores, borders   the playfield; the scores in the TIA's score colours, which give its left
;                         half the colour of player 0 and its right half that of player 1
;       bats              players 0 and 1, four dots of eight
;       net               missiles 0 and 1 side by side, each in the colour of its player
;       ball              the ball
;
;
; The rules
;
;       Who lets the ball pass concedes a point; who has 21 first wins. Where the ball meets the bat
;       decides its angle: flat in the middle, steep at the ends. It gets faster with the 3rd, 7th
;       and 12th bounce of a rally. It is served from the net towards the player who conceded, after
;       half a second, or at once when FIRE is pressed. After the last point the picture stays until
;       RESET.
;
;       SELECT chooses the mode and starts a new game; while it is held the left score is the mode.
;       mode 0: the left joystick against the console, which follows the ball late and not quite
;               truly;
;       mode 1: the left joystick against the right joystick;
;       mode 2: the left joystick against a console that is quicker and errs less.
;       Difficulty A, left or right: that player's bat is shorter.

        processor 6502
        include "vcs.inc"

; ---- the court, in lines and dots ---------------------------------------------------------------

BORDER_TOP      = 27            ; up to line 34; line 35 is empty
FIELD_TOP       = 36            ; the first line bats and ball can be on
FIELD_BOTTOM    = 184           ; the first line of the lower border
PICTURE_BOTTOM  = 192

BAT_LONG        = 16            ; lines
BAT_SHORT       = 10
BAT_DOTS        = %11110000
BAT_STEP        = 3             ; lines a frame, for a joystick
LEFT_BAT_X      = 16
LEFT_FACE       = 20            ; the first dot right of the left bat
RIGHT_FACE      = 140           ; the first dot of the right bat

BALL_WIDTH      = 2
BALL_HEIGHT     = 4
BALL_MIN_X      = 4             ; farther out it is lost; it moves less than 4 dots a frame, and
BALL_MAX_X      = 154           ; so stays within 0..159
NET_X           = 78
SERVE_X         = 79

; ---- the game, in numbers -----------------------------------------------------------------------

POINTS_TO_WIN   = $21           ; binary coded decimal
SERVE_FRAMES    = 30
LEVEL_LAST      = 3
MODES           = 3
MODE_TWO_PLAYERS = 1

; ---- colours ------------------------------------------------------------------------------------

COLOUR_LEFT     = $CA
COLOUR_RIGHT    = $3A
COLOUR_BORDERS  = $06
COLOUR_BALL     = $0E

; ---- RAM ----------------------------------------------------------------------------------------
;
; The first eight bytes are the documented ones: a program that watches the game reads them there,
; and they are right at the end of every frame, the first one after power-on included. What belongs to
; a player stands twice in a row, left then right: X = 0 or 1 chooses.

LEFT  = 0
RIGHT = 1

        SEG.U ram
        ORG $80

score_left      ds 1    ; $80   binary coded decimal, 0..$21
score_right     ds 1    ; $81
game_over       ds 1    ; $82   0 while the game runs, else $FF
mode            ds 1    ; $83   0, 1, 2
ball_x          ds 1    ; $84   its first dot, 4..154
ball_y          ds 1    ; $85   its first line, 36..180
bat_left_y      ds 1    ; $86   the first line of the left bat, 36..168 (..174 when it is short)
bat_right_y     ds 1    ; $87   of the right

bat_heights     ds 2    ; $88   lines, left and right
bat_bases       ds 2    ; $8A   where the bats' angles begin in bat_angles
level           ds 1    ; $8C   how fast the ball is, 0..3
serve_wait      ds 1    ; $8D   frames until the serve; 0: the ball is in play
ball_x_part     ds 1    ; $8E   256ths of a dot
ball_y_part     ds 1    ; $8F   256ths of a line
angle           ds 1    ; $90   0 flat .. 3 steep
ball_left       ds 1    ; $91   $FF: it moves left, 0: right
ball_up         ds 1    ; $92   $FF: it moves up, 0: down
rally_hits      ds 1    ; $93   bounces off bats since the serve
console_aim     ds 1    ; $94   how far the console errs this time, lines, signed
select_held     ds 1    ; $95   not 0: SELECT was pressed in the last frame
random_lo       ds 1    ; $96
random_hi       ds 1    ; $97
sound_frames    ds 1    ; $98

digits_left     ds DIGIT_ROWS   ; PF1 of the left half
digits_right    ds DIGIT_ROWS   ; PF1 of the right half
digit_at        ds 4            ; where the digits begin in the font: left tens, units, right
draw_bats       ds 2            ; what the kernel compares its line counter with
draw_ball       ds 1
try_x           ds 1            ; where the ball would go
try_x_part      ds 1
want            ds 1            ; the line the console wants the middle of its bat at
scratch         ds 1

; ---- the program --------------------------------------------------------------------------------

        SEG code
        ORG $F000

        jmp start

; ---- the kernel ---------------------------------------------------------------------------------
;
; Cycle counts are those since the line began, after the instruction; dots 0..159 are drawn from cycle
; 22 to 76. A line of the field decides about two bats and the ball, 74 cycles in all: it stands here,
; at the start of a page, because a branch across a page would cost one more.
;
; Y counts the lines so that it is 0 when the field is over, which saves a comparison: FIELD_BIAS is
; the difference. An object of height h shows on line Y when Y - (its first line), as an unsigned
; byte, is less than h.

FIELD_BIAS = 256 - FIELD_BOTTOM

; {1} lines of border, and nothing else on them; leaves 0 in A. The first comes right after the field's
; last, which has no cycle to spare: so it is the WSYNC that comes first, and then what the beam meets
; first.

        MAC BORDER
        sta WSYNC
        ldy #$FF                ; 2
        lda #COLOUR_BORDERS     ; 4
        sta COLUPF              ; 7
        sty PF0                 ; 10
        lda #0                  ; 12
        sta ENABL               ; 15
        sta GRP0                ; 18    the left bat is drawn at 28
        sty PF1                 ; 21
        sty PF2                 ; 24
        sta ENAM0               ; 27
        sta ENAM1               ; 30
        sta GRP1                ; 33
        ldx #{1} - 1
.more   sta WSYNC
        dex
        bne .more
        ENDM

kernel  SUBROUTINE
        ldx #0
        lda #%00010010          ; a ball of two dots, score colours
        sta WSYNC               ; line 0 of the picture begins
        stx VBLANK
        stx PF0                 ; the lower border is still in them
        stx PF1
        stx PF2
        sta CTRLPF
        stx COLUBK
        lda #COLOUR_LEFT
        sta COLUP0
        lda #COLOUR_RIGHT
        sta COLUP1
        sta WSYNC
        sta WSYNC
        sta WSYNC               ; line 3

.digits ldy #4                  ; lines a row of dots
.digit  sta WSYNC
        lda digits_left,x       ; 4
        sta PF1                 ; 7
        jsr .pause              ; 19
        jsr .pause              ; 31
        nop                     ; 33
        lda digits_right,x      ; 37
        nop                     ; 39
        sta PF1                 ; 42    the left dots are drawn at 38, the right begin at 54
        dey
        bne .digit
        inx
        cpx #DIGIT_ROWS
        bne .digits

        ldx #BORDER_TOP - 24    ; the gap beneath the digits
.gap    sta WSYNC
        lda #0                  ; 2
        sta PF1                 ; 5
        lda #%00010000          ; 7     score colours off
        sta CTRLPF              ; 10
        dex
        bne .gap

        BORDER FIELD_TOP - 1 - BORDER_TOP

        sta WSYNC               ; an empty line: there is no time for this in the loop below
        sta PF0                 ; 3     A is 0
        sta PF1                 ; 6
        sta PF2                 ; 9
        lda #COLOUR_BALL
        sta COLUPF
        ldx #0
        lda #FIELD_TOP + FIELD_BIAS - 1
        sec
        sbc draw_ball
        cmp #BALL_HEIGHT
        bcs .start
        ldx #2
.start  ldy #FIELD_TOP + FIELD_BIAS

.line   sta WSYNC
        stx ENABL               ; 3     worked out in the line before
        tya                     ; 5
        sec                     ; 7
        sbc draw_bats + LEFT    ; 10
        cmp bat_heights + LEFT  ; 13
        lda #0                  ; 15
        bcs .left               ; 17
        lda #BAT_DOTS           ; 19
.left   sta GRP0                ; 22
        tya                     ; 24
        lsr                     ; 26    four lines of net, four without
        sta ENAM0               ; 29    the net is drawn at 48
        sta ENAM1               ; 32
        tya                     ; 34
        sec                     ; 36
        sbc draw_bats + RIGHT   ; 39
        cmp bat_heights + RIGHT ; 42
        lda #0                  ; 44
        bcs .right              ; 46
        lda #BAT_DOTS           ; 48
.right  sta GRP1                ; 51    the right bat is drawn at 69
        tya                     ; 53
        sec                     ; 55
        sbc draw_ball           ; 58    one less than the ball's line: this is about the next line
        cmp #BALL_HEIGHT        ; 60
        ldx #0                  ; 62
        bcs .ball               ; 64
        ldx #2                  ; 66
.ball   iny                     ; 68
        bne .line               ; 71    and 3 for WSYNC: 74
.end
        IF >.line != >.end
        ERR                     ; the loop crosses a page and no longer fits its line
        ENDIF

        BORDER PICTURE_BOTTOM - FIELD_BOTTOM
        jmp overscan

.pause  rts                     ; with its JSR: 12 cycles

; ---- power-on, and the frame --------------------------------------------------------------------

; At power-on nothing is known: not the RAM, not the TIA's registers. Zero them all.

start   SUBROUTINE
        sei
        cld
        ldx #$FF
        txs
        inx
        txa
.clear  sta $00,x
        inx
        bne .clear

        jsr random_seed
        jsr game_new            ; mode 0

frame   SUBROUTINE
        lda #2
        sta WSYNC
        sta VSYNC
        sta WSYNC
        sta WSYNC
        lda #0
        sta WSYNC
        sta VSYNC
        lda #TIMER_BLANK
        sta TIM64T
        jsr prepare_digits
        jsr place_objects
.blank  lda INTIM
        bne .blank
        jmp kernel

; The kernel comes back here during the last line of the picture.

overscan SUBROUTINE
        lda #TIMER_OVERSCAN
        sta WSYNC               ; line 192: the picture is over
        sta TIM64T              ; 4
        lda #2
        sta VBLANK              ; 9
        jsr game_step
.wait   lda INTIM
        bne .wait
        jmp frame

; ---- vertical blank: what the picture will need -------------------------------------------------

; From the scores, two playfield bytes for each of the five rows of dots; or, while SELECT is held,
; from the mode.

prepare_digits SUBROUTINE
        lda select_held
        beq .scores
        lda #DIGIT_BLANK * 5
        sta digit_at
        sta digit_at + 2
        sta digit_at + 3
        ldy mode
        lda digit_offsets,y
        sta digit_at + 1
        jmp .rows

.scores ldx #0
        lda score_left
        jsr .split
        ldx #2
        lda score_right
        jsr .split

.rows   ldx #0
.row    ldy digit_at
        lda digits_pf1,y
        and #$F0
        sta scratch
        ldy digit_at + 1
        lda digits_pf1,y
        and #$0F
        ora scratch
        sta digits_left,x
        ldy digit_at + 2
        lda digits_pf1,y
        and #$F0
        sta scratch
        ldy digit_at + 3
        lda digits_pf1,y
        and #$0F
        ora scratch
        sta digits_right,x
        inc digit_at
        inc digit_at + 1
        inc digit_at + 2
        inc digit_at + 3
        inx
        cpx #DIGIT_ROWS
        bne .row
        rts

.split  pha                     ; two digits in A become digit_at[X], digit_at[X + 1]
        lsr
        lsr
        lsr
        lsr
        bne .tens
        lda #DIGIT_BLANK        ; no leading zero
.tens   tay
        lda digit_offsets,y
        sta digit_at,x
        pla
        and #$0F
        tay
        lda digit_offsets,y
        sta digit_at + 1,x
        rts

place_objects SUBROUTINE
        lda #%00010000          ; missiles two dots wide, players normal
        sta NUSIZ0
        sta NUSIZ1

        ldx #4
.object lda object_places,x
        cpx #4
        bne .place
        lda ball_x
        sec
        sbc #MISSILE_BIAS
.place  jsr position_object
        dex
        bpl .object
        sta WSYNC
        sta HMOVE               ; at once after WSYNC, as the TIA wants it

        lda bat_left_y
        clc
        adc #FIELD_BIAS
        sta draw_bats + LEFT
        lda bat_right_y
        clc
        adc #FIELD_BIAS
        sta draw_bats + RIGHT
        lda ball_y
        ldx game_over
        beq .shown
        lda #0 - FIELD_BIAS + 1 ; never: its lines would be 0..3, and the field's are 108..255
.shown  clc
        adc #FIELD_BIAS - 1     ; the kernel works one line ahead
        sta draw_ball
        rts

object_places                   ; left bat, right bat, the halves of the net; the ball has its own
        dc.b LEFT_BAT_X - PLAYER_BIAS, RIGHT_FACE - PLAYER_BIAS
        dc.b NET_X - MISSILE_BIAS, NET_X + 2 - MISSILE_BIAS, 0

; ---- overscan: the game -------------------------------------------------------------------------

game_step SUBROUTINE
        jsr random_step
        jsr sound_step
        lda SWCHB
        and #SWITCH_SELECT
        bne .no_select
        lda select_held
        bne game_new            ; it must be let go before it counts again
        inc select_held
        ldx mode
        inx
        cpx #MODES
        bne .mode
        ldx #0
.mode   stx mode
        jmp game_new

.no_select
        lda #0
        sta select_held
        lda SWCHB
        and #SWITCH_RESET
        beq game_new            ; as long as it is held, every frame starts the game anew
        lda game_over
        bne .done
        jsr bats_step
        lda serve_wait
        beq .play
        jmp serve_step
.play   jsr ball_step_x
        jmp ball_step_y
.done   rts

; A new game: no points, the bats in the middle, the first serve to either side.

game_new SUBROUTINE
        lda #0
        sta score_left
        sta score_right
        sta game_over
        sta sound_frames
        sta AUDV0
        jsr bats_measure
        ldx #RIGHT
.middle lda #(FIELD_TOP + FIELD_BOTTOM - BAT_LONG) / 2
        sta bat_left_y,x
        dex
        bpl .middle
        inx                     ; 0: to the right
        lda random_hi
        bpl .serve
        dex
.serve  stx ball_left
        jmp serve_prepare

; ---- the serve ----------------------------------------------------------------------------------

; The ball waits at the net for the serve. ball_left says to whom it will go.

serve_prepare SUBROUTINE
        lda random_lo
        and #$7F
        clc
        adc #FIELD_TOP + 8      ; lines 44..171
        sta ball_y
        lda #SERVE_X
        sta ball_x
        lda #SERVE_FRAMES
        sta serve_wait
        lda #0
        sta ball_x_part
        sta ball_y_part
        sta level
        sta rally_hits
        rts

serve_step SUBROUTINE
        bit INPT4
        bpl .serve              ; FIRE, left
        lda mode
        cmp #MODE_TWO_PLAYERS
        bne .wait
        bit INPT5
        bpl .serve              ; FIRE, right
.wait   dec serve_wait
        beq .serve
        rts
.serve  lda #0
        sta serve_wait
        lda random_hi
        and #3
        sta angle
        ldx #0
        lda random_hi
        and #4
        beq .down
        dex
.down   stx ball_up
        lda ball_left
        bne .done
        jmp console_take_aim
.done   rts

; ---- the bats -----------------------------------------------------------------------------------

bats_step SUBROUTINE
        jsr bats_measure
        ldx #LEFT
        lda SWCHA
        jsr bat_follow_joystick
        ldx #RIGHT
        lda mode
        cmp #MODE_TWO_PLAYERS
        bne console_step
        lda SWCHA
        asl
        asl
        asl
        asl                     ; the right port's bits are the lower four

; Bat X goes where the joystick in bits 7-4 of A points (0 is pressed: R L D U).

bat_follow_joystick SUBROUTINE
        asl
        asl
        asl                     ; carry: down
        bcc .down
        asl                     ; carry: up
        bcs .done
        lda #BAT_STEP
        jmp bat_up
.down   lda #BAT_STEP
        jmp bat_down
.done   rts

bat_up  SUBROUTINE              ; bat X, A lines
        sta scratch
        lda bat_left_y,x
        sec
        sbc scratch
        sta bat_left_y,x
        jmp bat_clamp

bat_down SUBROUTINE
        clc
        adc bat_left_y,x
        sta bat_left_y,x

bat_clamp SUBROUTINE
        lda bat_left_y,x
        cmp #FIELD_TOP
        bcs .not_above
        lda #FIELD_TOP
        sta bat_left_y,x
.not_above
        lda #FIELD_BOTTOM
        sec
        sbc bat_heights,x
        cmp bat_left_y,x
        bcs .done
        sta bat_left_y,x
.done   rts

; The bats' lengths are what the difficulty switches say, at any time; then they must fit.

bats_measure SUBROUTINE
        ldx #RIGHT
.bat    ldy #BAT_LONG
        lda SWCHB
        and difficulty_switches,x
        beq .long
        ldy #BAT_SHORT
        lda #bat_angles_short - bat_angles
.long   sta bat_bases,x         ; 0 if the bat is long
        sty bat_heights,x
        jsr bat_clamp
        dex
        bpl .bat
        rts

difficulty_switches
        dc.b SWITCH_LEFT_A, SWITCH_RIGHT_A

; ---- the console's play -------------------------------------------------------------------------
;
; While the ball comes, and once it is near enough to be noticed, the console brings the middle of its
; bat to the ball's line plus an error that chance gave it when the ball set out. Otherwise it goes
; back to the middle. A bat of 16 lines meets the ball with errors of up to 9 lines.

console_step SUBROUTINE
        ldy mode
        lda ball_left
        ora serve_wait
        bne .home
        lda ball_x
        cmp console_notices,y
        bcc .home
        lda ball_y
        clc
        adc #BALL_HEIGHT / 2
        clc
        adc console_aim
        ldx console_steps,y
        bne .go                 ; always

.home   lda #(FIELD_TOP + FIELD_BOTTOM) / 2
        ldx #1

.go     sta want
        stx scratch             ; lines a frame
        ldx #RIGHT
        lda bat_heights + RIGHT
        lsr
        clc
        adc bat_right_y
        sec
        sbc want                ; how far the middle is below
        bcc .above
        cmp scratch
        bcc .done               ; less than a step: near enough
        lda scratch
        jmp bat_up
.above  eor #$FF
        clc
        adc #1
        cmp scratch
        bcc .done
        lda scratch
        jmp bat_down
.done   rts

; The sum of two chances, so that small errors are the most frequent: -15..15 in mode 0, where 42 of
; 256 are over 9, and -11..11 in mode 2, where 6 of 128 are.

console_take_aim SUBROUTINE
        ldy mode
        lda random_hi
        and console_errors,y
        sta console_aim
        lda random_lo
        and #$0F
        clc
        adc console_aim
        sec
        sbc console_middles,y
        sta console_aim
        rts

; Mode 1 has no console; its entries are only there to be passed over.

console_notices                 ; the dot from which on it sees the ball
        dc.b 64, 0, 32
console_steps                   ; lines a frame
        dc.b 2, 0, 3
console_errors
        dc.b $0F, 0, $07
console_middles
        dc.b 15, 0, 11

; ---- the ball -----------------------------------------------------------------------------------

; Sideways. A bat is met only in the frame in which the ball's leading edge passes the bat's face: so
; no speed can carry it through, and a bat cannot catch what is behind it already.

ball_step_x SUBROUTINE
        ldy level
        lda ball_left
        bmi .left

        lda ball_x_part
        clc
        adc speed_x_part,y
        sta try_x_part
        lda ball_x
        adc speed_x,y
        sta try_x
        cmp #RIGHT_FACE - BALL_WIDTH + 1
        bcc .free
        lda ball_x
        cmp #RIGHT_FACE - BALL_WIDTH + 1
        bcs .right_out          ; it had passed before
        ldx #RIGHT
        jsr bat_meets
        bcc .free
        lda #$FF
        sta ball_left
        lda #RIGHT_FACE - BALL_WIDTH
        bne .bounce             ; always
.right_out
        lda try_x
        cmp #BALL_MAX_X + 1
        bcc .free
        ldx #LEFT
        lda #0                  ; the next serve goes right
        beq point               ; always

.left   lda ball_x_part
        sec
        sbc speed_x_part,y
        sta try_x_part
        lda ball_x
        sbc speed_x,y
        sta try_x
        cmp #LEFT_FACE
        bcs .free
        lda ball_x
        cmp #LEFT_FACE
        bcc .left_out
        ldx #LEFT
        jsr bat_meets
        bcc .free
        lda #0
        sta ball_left
        jsr console_take_aim
        lda #LEFT_FACE
.bounce sta ball_x
        lda #0
        sta ball_x_part
        rts
.left_out
        lda try_x
        cmp #BALL_MIN_X
        bcs .free
        ldx #RIGHT
        lda #$FF
        bne point               ; always

.free   lda try_x
        sta ball_x
        lda try_x_part
        sta ball_x_part
        rts

; Player X has a point; A says which way the next serve goes, as ball_left does.

point   SUBROUTINE
        sta ball_left
        sed
        lda score_left,x
        clc
        adc #1
        sta score_left,x
        cld
        ldx #SOUND_POINT
        cmp #POINTS_TO_WIN
        bne .serve
        lda #$FF
        sta game_over
        jmp sound_start
.serve  jsr sound_start
        jmp serve_prepare

; Does bat X stand where the ball is? Out: carry set if so; then the ball has its new angle.

bat_meets SUBROUTINE
        lda ball_y
        clc
        adc #BALL_HEIGHT - 1
        sec
        sbc bat_left_y,x        ; 0 .. height + BALL_HEIGHT - 2 where they overlap
        bcc .miss
        sta scratch
        lda bat_heights,x
        clc
        adc #BALL_HEIGHT - 2
        cmp scratch
        bcs .hit
.miss   clc
        rts

.hit    lda scratch
        clc
        adc bat_bases,x
        tay
        lda bat_angles,y
        pha
        and #3
        sta angle
        ldy #0
        pla
        bpl .down
        dey
.down   sty ball_up

        ldx #SOUND_BAT
        jsr sound_start
        inc rally_hits          ; passes 255 only long after the last level is reached
        ldx level
        cpx #LEVEL_LAST
        beq .done
        lda rally_hits
        cmp level_hits,x
        bcc .done
        inc level
.done   sec
        rts

; Up or down, off the borders.

ball_step_y SUBROUTINE
        lda serve_wait
        bne .done               ; there was a point in this frame
        lda level
        asl
        asl
        ora angle
        tay                     ; the tables are by level, then by angle
        lda ball_up
        bmi .up

        lda ball_y_part
        clc
        adc speed_y_part,y
        sta ball_y_part
        lda ball_y
        adc speed_y,y
        sta ball_y
        cmp #FIELD_BOTTOM - BALL_HEIGHT + 1
        bcc .done
        lda #FIELD_BOTTOM - BALL_HEIGHT
        bne .border             ; always

.up     lda ball_y_part
        sec
        sbc speed_y_part,y
        sta ball_y_part
        lda ball_y
        sbc speed_y,y
        sta ball_y
        cmp #FIELD_TOP
        bcs .done
        lda #FIELD_TOP

.border sta ball_y
        lda ball_up
        eor #$FF
        sta ball_up
        ldx #SOUND_BORDER
        jmp sound_start
.done   rts

; ---- tables -------------------------------------------------------------------------------------

        include "common.inc"

; The bounces of a rally at which a level ends. The last has no end.

level_hits
        dc.b 3, 7, 12

; The angle for each place at which a ball can meet a bat, counted from the place where the ball's last
; line is on the bat's first: 0 flat, 3 steep, bit 7 set: up.

UPWARDS = %10000000

bat_angles                      ; 19 places of a long bat
        dc.b UPWARDS + 3, UPWARDS + 3, UPWARDS + 3, UPWARDS + 2, UPWARDS + 2
        dc.b UPWARDS + 1, UPWARDS + 1, UPWARDS + 0, UPWARDS + 0
        dc.b 0, 0, 0, 1, 1, 2, 2, 3, 3, 3
bat_angles_short                ; 13 of a short one
        dc.b UPWARDS + 3, UPWARDS + 3, UPWARDS + 2, UPWARDS + 2, UPWARDS + 1, UPWARDS + 0
        dc.b 0, 0, 1, 2, 2, 3, 3

; Speeds in 256ths a frame. Sideways it depends on the level alone; up and down it is 4, 11, 17 or 24
; 26ths of that: never 0, so no ball runs quite level.

LEVEL_0 = 512                   ; 2 dots a frame
LEVEL_1 = 640
LEVEL_2 = 768
LEVEL_3 = 896

speed_x
        dc.b >LEVEL_0, >LEVEL_1, >LEVEL_2, >LEVEL_3
speed_x_part
        dc.b <LEVEL_0, <LEVEL_1, <LEVEL_2, <LEVEL_3

        MAC SPEEDS              ; byte {1} (high or low) of the four angles of speed {2}
        dc.b {1}({2} * 4 / 26), {1}({2} * 11 / 26), {1}({2} * 17 / 26), {1}({2} * 24 / 26)
        ENDM

speed_y
        SPEEDS >, LEVEL_0
        SPEEDS >, LEVEL_1
        SPEEDS >, LEVEL_2
        SPEEDS >, LEVEL_3
speed_y_part
        SPEEDS <, LEVEL_0
        SPEEDS <, LEVEL_1
        SPEEDS <, LEVEL_2
        SPEEDS <, LEVEL_3

SOUND_BAT    = 0
SOUND_BORDER = 1
SOUND_POINT  = 2

sound_tones                     ; 4 a pure tone, 12 the same three times as low
        dc.b 4, 4, 12
sound_pitches
        dc.b 11, 19, 27
sound_lengths
        dc.b 6, 4, 15

; ---- where the processor starts -----------------------------------------------------------------

        ORG $FFFC
        dc.w start              ; RESET
        dc.w start              ; BRK, never reached
