; bricks.asm -- a wall, a ball, a paddle: a game for the Atari 2600, 4096 bytes, NTSC
;
; The console has no picture memory. Sixty times a second the program races a beam down the screen
; and tells the TIA, line by line, what to show now: 76 cycles a line, twenty-odd instructions. So the
; program is a loop of four parts, and everything else is arranged around it:
;
;       vertical sync     3 lines   tells the screen that a new frame begins
;       vertical blank   37 lines   prepare_digits, place_objects: what the picture will need
;       picture         192 lines   the kernel: copies prepared bytes to the TIA, in step with the beam
;       overscan         30 lines   game_step: read the joystick, move, bounce, score
;
; All rules of the game live in game_step, once a frame, in whole bytes of RAM; the kernel decides
; nothing. Collisions are worked out from coordinates, not read from the TIA, so the game is the same
; on every console and in every emulator.
;
;
; The picture, by its lines (0 is the first of the 192)
;
;       0                                               the score: four digits, 4 lines a dot;
;       4       0000                 5                  at the right the lives
;       24
;       28      ########################################        the ceiling
;       36      ##                                    ##
;       52      ##====================================##        row 0, 7 points
;       60      ##====================================##        row 1, 7
;       68      ##====================================##        row 2, 4
;       76      ##====================================##        row 3, 4
;       84      ##====================================##        row 4, 1
;       92      ##====================================##        row 5, 1
;       100     ##                                    ##
;       124     ##               .                    ##        where serves begin
;       176     ##             ----                   ##        the paddle, six lines
;       191     ##                                    ##        below it the ball is lost
;
; From left to right there are 160 dots. The side walls are 8 dots each, and between them 18 bricks of
; 8 dots fill a row. What shows what:
;
;       bricks, ceiling, digits   the playfield: 40 dots of 4 a line, its three registers written twice
;       paddle                    player 0, at double width
;       ball                      player 1, two dots of eight
;       side walls                missiles 0 and 1, 8 dots wide, always on
;
; The missiles share their colour with the players, so the walls stay grey while the playfield takes
; the colour of each row of bricks.
;
;
; The rules
;
;       The ball is served upwards, from a place and in a direction left to chance, when FIRE is
;       pressed, or by itself after a second. A ball that gets past the paddle costs one of five
;       lives. Bricks count 7, 7, 4, 4, 1, 1 from the top row down. Where the ball meets the paddle
;       decides its angle: steep in the middle, flat at the ends. It gets faster with its 4th, 12th
;       and 24th bounce off the paddle, and at once when it breaks a brick of the two upper rows; the
;       next serve is slow again. When the wall is gone, the next touch of the paddle brings a new
;       one. The score stops at 9999. After the last life the picture stays until RESET.
;       Left difficulty A: the paddle is half as wide.

        processor 6502
        include "vcs.inc"

; ---- the court, in lines and dots ---------------------------------------------------------------

CEILING_TOP     = 28
FIELD_TOP       = 36            ; the first line below the ceiling
BRICKS_TOP      = 52
BRICK_ROWS      = 6
BRICK_HEIGHT    = 8             ; the first line of each is a dark gap, and counts as brick
BRICKS_BOTTOM   = BRICKS_TOP + BRICK_ROWS * BRICK_HEIGHT
SERVE_Y         = 124
PADDLE_TOP      = 176
PADDLE_BOTTOM   = 182
PICTURE_BOTTOM  = 192

FIELD_LEFT      = 8
FIELD_RIGHT     = 152           ; the first dot of the right wall

BALL_WIDTH      = 2
BALL_HEIGHT     = 4
BALL_DOTS       = %11000000
BALL_HIDDEN_Y   = 255           ; as draw_y: on no line of the field

PADDLE_WIDE     = 16
PADDLE_NARROW   = 8
PADDLE_WIDE_DOTS   = %11111111  ; each dot is shown twice as wide
PADDLE_NARROW_DOTS = %11110000
PADDLE_STEP     = 3             ; dots a frame

; ---- the game, in numbers -----------------------------------------------------------------------

LIVES           = 5
SERVE_FRAMES    = 60
LEVEL_LAST      = 3             ; the fastest; a ball gets it for a brick of rows 0 and 1, too
DRY_HITS        = 6             ; bounces off the paddle without a brick before chance takes a hand

BRICK_BYTES     = 6             ; one byte for each playfield register of a line

; ---- colours ------------------------------------------------------------------------------------

COLOUR_DIGITS   = $0C
COLOUR_WALLS    = $0A
COLOUR_PADDLE   = $9C           ; the walls wear it, too, on the paddle's lines

; ---- RAM ----------------------------------------------------------------------------------------
;
; The first seven bytes are the documented ones: a program that watches the game reads them there,
; and they are right at the end of every frame, the first one after power-on included.

        SEG.U ram
        ORG $80

score_hi        ds 1    ; $80   thousands and hundreds, binary coded decimal
score_lo        ds 1    ; $81   tens and units
lives           ds 1    ; $82   5 at the start, 0 when the game is over
game_over       ds 1    ; $83   0 while the game runs, else $FF
paddle_x        ds 1    ; $84   its first dot, 8..136 (8..144 when it is half as wide)
ball_x          ds 1    ; $85   its first dot, 8..150
ball_y          ds 1    ; $86   its first line, 36..191

bricks_left     ds 1    ; $87   0..108
level           ds 1    ; $88   how fast the ball is, 0..3
serve_wait      ds 1    ; $89   frames until the serve; 0: the ball is in play
ball_x_part     ds 1    ; $8A   256ths of a dot
ball_y_part     ds 1    ; $8B   256ths of a line
angle           ds 1    ; $8C   0 steep .. 3 flat
ball_left       ds 1    ; $8D   $FF: it moves left, 0: right
ball_up         ds 1    ; $8E   $FF: it moves up, 0: down
paddle_hits     ds 1    ; $8F   bounces off the paddle since the serve
dry_hits        ds 1    ; $90   bounces off the paddle since the last brick
paddle_width    ds 1    ; $91   dots
paddle_dots     ds 1    ; $92   what GRP0 shows on the paddle's lines
random_lo       ds 1    ; $93
random_hi       ds 1    ; $94
sound_frames    ds 1    ; $95

bricks          ds BRICK_ROWS * BRICK_BYTES     ; $96..$B9: a row is PF0 PF1 PF2, left, then right

digits_left     ds DIGIT_ROWS   ; PF1 of the left half: thousands, hundreds
digits_right    ds DIGIT_ROWS   ; PF2 of the left half: tens, units
digits_lives    ds DIGIT_ROWS   ; PF2 of the right half
digit_at        ds 5            ; where the digits begin in the font: thousands .. units, lives
draw_y          ds 1            ; ball_y, or BALL_HIDDEN_Y
try_x           ds 1            ; where the ball would go
try_x_part      ds 1
try_y           ds 1
try_y_part      ds 1
probe_x         ds 1            ; a dot of the ball, for brick_at
probe_y         ds 1
brick_row       ds 1            ; the row of the brick that was hit
scratch         ds 1

; ---- the program --------------------------------------------------------------------------------

        SEG code
        ORG $F000

; At power-on nothing is known: not the RAM, not the TIA's registers. Zero them all. (Addresses $2D to
; $7F reach nothing that would mind. The write to WSYNC costs a line, once.)

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
        jsr game_new

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

; From the score and the lives, three playfield bytes for each of the five rows of dots.

prepare_digits SUBROUTINE
        ldx #0
        lda score_hi
        jsr .split
        lda score_lo
        jsr .split
        ldy lives
        lda digit_offsets,y
        sta digit_at,x

        ldx #0
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
        lda digits_pf2,y
        and #$0F                ; PF2 shows its low half first
        sta scratch
        ldy digit_at + 3
        lda digits_pf2,y
        and #$F0
        ora scratch
        sta digits_right,x
        ldy digit_at + 4
        lda digits_pf2,y
        and #$0F
        sta digits_lives,x
        inc digit_at
        inc digit_at + 1
        inc digit_at + 2
        inc digit_at + 3
        inc digit_at + 4
        inx
        cpx #DIGIT_ROWS
        bne .row
        rts

.split  pha                     ; two digits in A become digit_at[X], digit_at[X + 1]
        lsr
        lsr
        lsr
        lsr
        tay
        lda digit_offsets,y
        sta digit_at,x
        inx
        pla
        and #$0F
        tay
        lda digit_offsets,y
        sta digit_at,x
        inx
        rts

place_objects SUBROUTINE
        lda #%00110101          ; missile 0 eight dots wide, player 0 of double width
        sta NUSIZ0
        lda #%00110000          ; missile 1 eight dots wide, player 1 normal
        sta NUSIZ1

        lda paddle_x
        sec
        sbc #WIDE_BIAS
        ldx #0
        jsr position_object
        lda ball_x
        sec
        sbc #PLAYER_BIAS
        ldx #1
        jsr position_object
        lda #0 - MISSILE_BIAS + 160
        ldx #2
        jsr position_object
        lda #FIELD_RIGHT - MISSILE_BIAS
        ldx #3
        jsr position_object
        sta WSYNC
        sta HMOVE               ; at once after WSYNC, as the TIA wants it

        ldy ball_y              ; a ball that is lost for good is not shown
        lda game_over
        beq .shown
        ldy #BALL_HIDDEN_Y
.shown  sty draw_y
        rts

; ---- the kernel ---------------------------------------------------------------------------------
;
; Cycle counts are those since the line began, after the instruction. Dot x of a line is drawn at cycle
; (68 + x) / 3, so the first 22 cycles of a line are unseen: they belong to what may stand anywhere
; on it. A playfield register may be rewritten for the right half once its left dots are drawn, and
; must be before its right dots are:
;
;                  left: before   right: not before   and before
;           PF0        22               28               49
;           PF1        28               38               54
;           PF2        38               49               65
;
; In the field Y is the line and X holds the ball's dots for that line, worked out during the line
; before, so that the one line's first instruction can show them in time.

; The ball's dots for line Y + 1, to X, and Y := Y + 1. 17 cycles or 16.

        MAC NEXT_BALL
        iny                     ; 2
        tya                     ; 4
        sec                     ; 6
        sbc draw_y              ; 9     0..3 on the ball's own lines
        cmp #BALL_HEIGHT        ; 11
        ldx #0                  ; 13
        bcs .off                ; 15
        ldx #BALL_DOTS          ; 17
.off
        ENDM

; Lines up to but without line {1}, with nothing on them but ball and walls.

        MAC OPEN_LINES
.line   sta WSYNC
        stx GRP1                ; 3
        lda #0                  ; 5
        sta PF0                 ; 8
        sta PF1                 ; 11
        sta PF2                 ; 14
        sta GRP0                ; 17    after the paddle it must go
        lda #COLOUR_WALLS       ; 19
        sta COLUP0              ; 22
        sta COLUP1              ; 25    the right wall and the ball: never in dots 0..7
        NEXT_BALL               ; 42
        cpy #{1}                ; 44
        bne .line               ; 47
        ENDM

; Row {1} of bricks in colour {2}: a dark line and seven of bricks.

        MAC BRICK_LINES
        sta WSYNC
        stx GRP1                ; 3
        lda #0                  ; 5
        sta PF0                 ; 8
        sta PF1                 ; 11
        sta PF2                 ; 14
        lda #{2}                ; 16
        sta COLUPF              ; 19
        NEXT_BALL               ; 36
.line   sta WSYNC
        stx GRP1                ; 3
        lda bricks + {1} * BRICK_BYTES
        sta PF0                 ; 9
        lda bricks + {1} * BRICK_BYTES + 1
        sta PF1                 ; 15
        lda bricks + {1} * BRICK_BYTES + 2
        sta PF2                 ; 21
        iny                     ; 23    NEXT_BALL, taken apart to meet the beam
        tya                     ; 25
        sec                     ; 27
        sbc draw_y              ; 30
        cmp #BALL_HEIGHT        ; 32    carry clear: the ball is on the next line
        lda bricks + {1} * BRICK_BYTES + 3
        sta PF0                 ; 38    28..49
        lda bricks + {1} * BRICK_BYTES + 4
        sta PF1                 ; 44    38..54
        ldx #0                  ; 46
        bcs .off                ; 48
        ldx #BALL_DOTS          ; 50
.off    lda bricks + {1} * BRICK_BYTES + 5
        sta PF2                 ; 56    49..65
        cpy #BRICKS_TOP + ({1} + 1) * BRICK_HEIGHT
        bne .line               ; 61
        ENDM

kernel  SUBROUTINE
        lda #0
        ldx #0
        sta WSYNC               ; line 0 of the picture begins
        stx VBLANK
        stx CTRLPF
        stx COLUBK
        stx GRP0
        stx GRP1
        stx ENAM0
        stx ENAM1
        lda #COLOUR_DIGITS
        sta COLUPF
        sta WSYNC
        sta WSYNC
        sta WSYNC               ; line 3

.digits ldy #4                  ; lines a row of dots
.digit  sta WSYNC
        lda digits_left,x       ; 4
        sta PF1                 ; 7
        lda digits_right,x      ; 11
        sta PF2                 ; 14
        jsr .pause              ; 26
        jsr .pause              ; 38
        nop                     ; 40
        lda #0                  ; 42
        sta PF1                 ; 45    38..54
        lda digits_lives,x      ; 49
        nop                     ; 51
        sta PF2                 ; 54    49..65
        dey                     ; 56
        bne .digit              ; 59
        inx                     ; 60
        cpx #DIGIT_ROWS         ; 62
        bne .digits             ; 65

        ldx #CEILING_TOP - 24   ; the gap beneath the digits
        lda #0
.gap    sta WSYNC
        sta PF1
        sta PF2
        dex
        bne .gap

        ldx #FIELD_TOP - CEILING_TOP
        ldy #$FF                ; its bit 1 switches the missiles on, too
.ceiling
        sta WSYNC
        lda #COLOUR_WALLS       ; 2
        sta COLUPF              ; 5
        sta COLUP0              ; 8
        sta COLUP1              ; 11
        sty PF0                 ; 14
        sty PF1                 ; 17
        sty PF2                 ; 20
        sty ENAM0               ; 23    the same colour as the playfield it covers
        sty ENAM1               ; 26
        dex                     ; 28
        bne .ceiling            ; 31

        ldy #FIELD_TOP - 1      ; the last line of the ceiling works out the ball of the next
        NEXT_BALL
        OPEN_LINES BRICKS_TOP
        BRICK_LINES 0, $42
        BRICK_LINES 1, $34
        BRICK_LINES 2, $26
        BRICK_LINES 3, $18
        BRICK_LINES 4, $CA
        BRICK_LINES 5, $9C
        OPEN_LINES PADDLE_TOP

.paddle sta WSYNC
        stx GRP1                ; 3
        lda paddle_dots         ; 6
        sta GRP0                ; 9
        lda #COLOUR_PADDLE      ; 11
        sta COLUP0              ; 14
        sta COLUP1              ; 17
        NEXT_BALL               ; 34
        cpy #PADDLE_BOTTOM      ; 36
        bne .paddle             ; 39
        OPEN_LINES PICTURE_BOTTOM

        jmp overscan

.pause  rts                     ; with its JSR: 12 cycles

; ---- overscan: the game -------------------------------------------------------------------------

game_step SUBROUTINE
        jsr random_step
        jsr sound_step
        lda SWCHB
        and #SWITCH_RESET
        beq game_new            ; as long as RESET is held, every frame starts the game anew
        lda game_over
        bne .done
        jsr paddle_step
        lda serve_wait
        beq .play
        jmp serve_step
.play   jsr ball_step_x
        bcs .done               ; it broke a brick: at most one a frame
        jmp ball_step_y
.done   rts

; A new game: score 0, all lives, a whole wall, the paddle in the middle.

game_new SUBROUTINE
        lda #0
        sta score_hi
        sta score_lo
        sta game_over
        sta sound_frames
        sta AUDV0
        lda #LIVES
        sta lives
        lda #(FIELD_LEFT + FIELD_RIGHT - PADDLE_WIDE) / 2
        sta paddle_x
        jsr paddle_measure
        jsr wall_build
        jmp serve_prepare

wall_build SUBROUTINE
        ldx #BRICK_ROWS * BRICK_BYTES - 1
.row    ldy #BRICK_BYTES - 1
.byte   lda wall_row,y
        sta bricks,x
        dex
        dey
        bpl .byte
        txa                     ; X passes below 0 with the last byte
        bpl .row
        lda #BRICK_ROWS * 18
        sta bricks_left
        rts

; ---- the serve ----------------------------------------------------------------------------------

serve_prepare SUBROUTINE
        lda random_lo
        and #$7F
        clc
        adc #FIELD_LEFT + 8     ; dots 16..143
        sta ball_x
        lda #SERVE_Y
        sta ball_y
        lda #SERVE_FRAMES
        sta serve_wait
        lda #0
        sta ball_x_part
        sta ball_y_part
        sta level
        sta paddle_hits
        sta dry_hits
        rts

serve_step SUBROUTINE
        bit INPT4
        bpl .serve              ; FIRE
        dec serve_wait
        beq .serve
        rts
.serve  lda #0
        sta serve_wait
        lda random_hi
        and #3
        sta angle
        lda random_hi
        asl
        asl
        jsr .sign               ; bit 5 chooses left or right
        lda #$FF
        sta ball_up
        rts

.sign   ldx #0
        asl
        bcc .right
        dex
.right  stx ball_left
        rts

; ---- the paddle ---------------------------------------------------------------------------------

paddle_step SUBROUTINE
        jsr paddle_measure
        lda SWCHA
        bmi .not_right          ; bit 7, 0 is pressed
        lda paddle_x
        clc
        adc #PADDLE_STEP
        sta paddle_x
        bcc paddle_clamp        ; always: paddle_x is 144 at most
.not_right
        asl
        bmi .done               ; bit 6
        lda paddle_x
        sec
        sbc #PADDLE_STEP
        sta paddle_x
        bcs paddle_clamp        ; always: paddle_x was 8 at least
.done   rts

; Its width is what the difficulty switch says, at any time; then it must fit between the walls.

paddle_measure SUBROUTINE
        ldx #PADDLE_WIDE
        ldy #PADDLE_WIDE_DOTS
        lda SWCHB
        and #SWITCH_LEFT_A
        beq .store
        ldx #PADDLE_NARROW
        ldy #PADDLE_NARROW_DOTS
.store  stx paddle_width
        sty paddle_dots

paddle_clamp SUBROUTINE
        lda paddle_x
        cmp #FIELD_LEFT
        bcs .not_left
        lda #FIELD_LEFT
        sta paddle_x
.not_left
        lda #FIELD_RIGHT
        sec
        sbc paddle_width
        cmp paddle_x
        bcs .done
        sta paddle_x
.done   rts

; ---- the ball -----------------------------------------------------------------------------------
;
; A step goes first sideways, then up or down. In either direction the ball moves less than a brick's
; size, and it moves only if the corners of its leading edge find no brick at the new place. So it
; never stands in a brick, never jumps over one, and the side it came to decides how it is reflected.

; Sideways. Out: carry set if a brick was broken.

ball_step_x SUBROUTINE
        lda level
        asl
        asl
        ora angle
        tay                     ; the tables are by level, then by angle
        lda ball_left
        bmi .left

        lda ball_x_part
        clc
        adc speed_x_part,y
        sta try_x_part
        lda ball_x
        adc speed_x,y
        cmp #FIELD_RIGHT - BALL_WIDTH + 1
        bcc .right_free
        lda #FIELD_RIGHT - BALL_WIDTH
        jsr .wall
.right_free
        sta try_x
        clc
        adc #BALL_WIDTH - 1
        bcc .probe              ; always

.left   lda ball_x_part
        sec
        sbc speed_x_part,y
        sta try_x_part
        lda ball_x
        sbc speed_x,y
        cmp #FIELD_LEFT
        bcs .left_free
        lda #FIELD_LEFT
        jsr .wall
.left_free
        sta try_x

.probe  sta probe_x
        lda ball_y
        sta probe_y
        jsr brick_at
        bcs .brick
        lda ball_y
        adc #BALL_HEIGHT - 1    ; carry is clear
        sta probe_y
        jsr brick_at
        bcs .brick
        lda try_x
        sta ball_x
        lda try_x_part
        sta ball_x_part
        clc
        rts

.brick  jsr .turn
        sec
        rts

.wall   pha                     ; keeps A
        ldx #SOUND_WALL
        jsr sound_start
        jsr .turn
        pla
        rts

.turn   lda ball_left
        eor #$FF
        sta ball_left
        rts

; Up or down.

ball_step_y SUBROUTINE
        ldy level
        lda ball_up
        bpl .down

        lda ball_y_part
        sec
        sbc speed_y_part,y
        sta try_y_part
        lda ball_y
        sbc speed_y,y
        cmp #FIELD_TOP
        bcs .up_free
        ldx #SOUND_WALL
        jsr sound_start
        lda #0
        sta ball_up
        lda #FIELD_TOP
.up_free
        sta try_y
        jmp .probe

.down   lda ball_y_part
        clc
        adc speed_y_part,y
        sta try_y_part
        lda ball_y
        adc speed_y,y
        sta try_y
        cmp #PADDLE_TOP - BALL_HEIGHT + 1
        bcc .above              ; its last line is above the paddle
        lda ball_y
        cmp #PADDLE_TOP - BALL_HEIGHT + 1
        bcs .below              ; it had passed the paddle's upper edge before
        jsr paddle_meets
        bcs .done
.below  lda try_y
        cmp #PICTURE_BOTTOM - BALL_HEIGHT + 1
        bcs ball_lost
.above  lda try_y
        clc
        adc #BALL_HEIGHT - 1

.probe  sta probe_y
        lda ball_x
        sta probe_x
        jsr brick_at
        bcs .brick
        lda ball_x
        adc #BALL_WIDTH - 1     ; carry is clear
        sta probe_x
        jsr brick_at
        bcs .brick
        lda try_y
        sta ball_y
        lda try_y_part
        sta ball_y_part
        rts

.brick  lda ball_up
        eor #$FF
        sta ball_up
.done   rts

ball_lost SUBROUTINE
        ldx #SOUND_LOST
        jsr sound_start
        dec lives
        beq .over
        jmp serve_prepare
.over   lda #$FF
        sta game_over
        rts

; The ball is about to pass the paddle's upper edge. Out: carry set if the paddle is there; then the
; ball rests on it and has its new direction.

paddle_meets SUBROUTINE
        lda ball_x
        clc
        adc #BALL_WIDTH - 1
        sec
        sbc paddle_x            ; 0 .. paddle_width + BALL_WIDTH - 2 where they overlap
        bcc .miss
        sta scratch
        lda paddle_width
        clc
        adc #BALL_WIDTH - 2
        cmp scratch
        bcs .hit
.miss   clc
        rts

.hit    lda #PADDLE_TOP - BALL_HEIGHT
        sta ball_y
        lda #0
        sta ball_y_part
        lda #$FF
        sta ball_up
        ldx #SOUND_PADDLE
        jsr sound_start

        ldx scratch
        lda paddle_width
        cmp #PADDLE_WIDE
        beq .wide
        txa
        asl
        tax                     ; half the width, the same angles
.wide   lda paddle_angles,x
        ldx dry_hits
        cpx #DRY_HITS
        bcc .steer
        lda random_lo           ; too long without a brick: no bounce repeats for ever
.steer  pha
        and #3
        sta angle
        ldx #0
        pla
        bpl .right
        dex
.right  stx ball_left

        inc dry_hits
        inc paddle_hits         ; passes 255 only long after the last level is reached
        ldx level
        cpx #LEVEL_LAST
        beq .wall
        lda paddle_hits
        cmp level_hits,x
        bcc .wall
        inc level
.wall   lda bricks_left         ; the ball is far from the wall now: time for a new one
        bne .done
        jsr wall_build
.done   sec
        rts

; ---- bricks -------------------------------------------------------------------------------------

; Is there a brick at dot probe_x, line probe_y? If so it breaks: it leaves the wall, counts, sounds.
; Out: carry set if there was. probe_x must lie between the walls.

brick_at SUBROUTINE
        lda probe_y
        sec
        sbc #BRICKS_TOP
        bcc .none
        cmp #BRICKS_BOTTOM - BRICKS_TOP
        bcs .none
        lsr
        lsr
        lsr
        sta brick_row
        lda probe_x
        sec
        sbc #FIELD_LEFT
        lsr
        lsr
        lsr
        tay                     ; column 0..17
        ldx brick_row
        lda row_offsets,x
        clc
        adc column_bytes,y
        tax
        lda bricks,x
        and column_masks,y
        beq .none
        eor bricks,x
        sta bricks,x
        dec bricks_left
        lda #0
        sta dry_hits

        ldx brick_row
        jsr sound_start         ; sounds 0..5 are those of the rows
        ldx brick_row
        cpx #2
        bcs .lower
        lda #LEVEL_LAST
        sta level
.lower  lda row_points,x
        sed
        clc
        adc score_lo
        sta score_lo
        lda score_hi
        adc #0
        sta score_hi
        cld
        bcc .counted
        lda #$99                ; past 9999
        sta score_hi
        sta score_lo
.counted
        sec
        rts
.none   clc
        rts

; ---- tables -------------------------------------------------------------------------------------

        include "common.inc"

digits_pf2                      ; the same, mirrored: PF2 shows bit 0 first
        dc.b %01110111, %01010101, %01010101, %01010101, %01110111      ; 0
        dc.b %00100010, %00110011, %00100010, %00100010, %01110111      ; 1
        dc.b %01110111, %01000100, %01110111, %00010001, %01110111      ; 2
        dc.b %01110111, %01000100, %01100110, %01000100, %01110111      ; 3
        dc.b %01010101, %01010101, %01110111, %01000100, %01000100      ; 4
        dc.b %01110111, %00010001, %01110111, %01000100, %01110111      ; 5
        dc.b %01110111, %00010001, %01110111, %01010101, %01110111      ; 6
        dc.b %01110111, %01000100, %01000100, %01000100, %01000100      ; 7
        dc.b %01110111, %01010101, %01110111, %01010101, %01110111      ; 8
        dc.b %01110111, %01010101, %01110111, %01000100, %01110111      ; 9

; A brick is two playfield dots. Playfield dots 0, 1 and 38, 39 are behind the walls and stay off:
;
;       dots     0..3          4..11             12..19            20..23        24..31       32..39
;       byte     PF0, left     PF1, left         PF2, left         PF0, right    PF1          PF2
;       bricks   . 0           1 2 3 4           5 6 7 8           9 10          11 12 13 14  15 16 17 .

wall_row                        ; a whole row
        dc.b %11000000, %11111111, %11111111, %11110000, %11111111, %00111111
row_offsets
        dc.b 0, 6, 12, 18, 24, 30
column_bytes
        dc.b 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5
column_masks
        dc.b %11000000
        dc.b %11000000, %00110000, %00001100, %00000011
        dc.b %00000011, %00001100, %00110000, %11000000
        dc.b %00110000, %11000000
        dc.b %11000000, %00110000, %00001100, %00000011
        dc.b %00000011, %00001100, %00110000

row_points
        dc.b $07, $07, $04, $04, $01, $01

; The bounces off the paddle at which a level ends. The last has no end.

level_hits
        dc.b 4, 12, 24

; The angle for each place on the paddle at which the ball's right dot can be: 0 steep, 3 flat, bit 7
; set: to the left. With 0 on one side and 0 on the other, the middle is steep but never upright.

LEFTWARDS = %10000000

paddle_angles
        dc.b LEFTWARDS + 3, LEFTWARDS + 3, LEFTWARDS + 2, LEFTWARDS + 2
        dc.b LEFTWARDS + 1, LEFTWARDS + 1, LEFTWARDS + 0, LEFTWARDS + 0
        dc.b 0, 0, 0, 1, 1, 2, 2, 3, 3

; Speeds in 256ths a frame. Up and down it depends on the level alone; sideways it is 1/4, 2/4, 3/4 or
; 4/4 of that. (Dots are about 1.7 times as wide as lines are high, so 4/4 looks like 60 degrees from
; upright.) No speed may reach the height of a brick, or the ball could jump one.

LEVEL_0 = 384                   ; 1.5 lines a frame
LEVEL_1 = 512
LEVEL_2 = 640
LEVEL_3 = 768

speed_y
        dc.b >LEVEL_0, >LEVEL_1, >LEVEL_2, >LEVEL_3
speed_y_part
        dc.b <LEVEL_0, <LEVEL_1, <LEVEL_2, <LEVEL_3

        MAC SPEEDS              ; byte {1} (high or low) of speed {2} at the four angles
        dc.b {1}({2} / 4), {1}({2} * 2 / 4), {1}({2} * 3 / 4), {1}({2})
        ENDM

speed_x
        SPEEDS >, LEVEL_0
        SPEEDS >, LEVEL_1
        SPEEDS >, LEVEL_2
        SPEEDS >, LEVEL_3
speed_x_part
        SPEEDS <, LEVEL_0
        SPEEDS <, LEVEL_1
        SPEEDS <, LEVEL_2
        SPEEDS <, LEVEL_3

; Sounds 0..5: a brick of that row.

SOUND_PADDLE = 6
SOUND_WALL   = 7
SOUND_LOST   = 8

sound_tones                     ; 4 a pure tone, 12 the same three times as low, 8 noise
        dc.b 4, 4, 4, 4, 4, 4, 12, 12, 12
sound_pitches
        dc.b 7, 9, 11, 13, 15, 17, 15, 23, 31
sound_lengths
        dc.b 8, 8, 8, 8, 8, 8, 6, 4, 15

; ---- where the processor starts -----------------------------------------------------------------

        ORG $FFFC
        dc.w start              ; RESET
        dc.w start              ; BRK, never reached
