"""The same recipes as a plain PyTorch loop, to compare with: what somebody writes in an afternoon.

    plain_dqn.py step  --preset nips2013 --threads 1            an update and an action, milliseconds
    plain_dqn.py train --preset nips2013 --threads 2 --library build/libdeepq-atari.so --rom bricks.bin

Prints lines "name value", as deepq bench does. `train` plays on deepq's own console, which is faster than what
Python has of its own. Needs python3-torch.
"""
import argparse
import ctypes
import random
import time

import torch
from torch import nn
from torch.nn import functional

BATCH, HISTORY, SIDE = 32, 4, 84


def network(preset, actions):
    if preset == "nips2013":
        layers = [nn.Conv2d(HISTORY, 16, 8, 4), nn.ReLU(), nn.Conv2d(16, 32, 4, 2), nn.ReLU(), nn.Flatten(),
                  nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, actions)]
    else:
        layers = [nn.Conv2d(HISTORY, 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(),
                  nn.Conv2d(64, 64, 3, 1), nn.ReLU(), nn.Flatten(),
                  nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, actions)]
    return nn.Sequential(*layers)


class Learner:
    def __init__(self, preset, actions):
        self.online, self.target = network(preset, actions), network(preset, actions)
        self.target.load_state_dict(self.online.state_dict())
        self.optimiser = torch.optim.Adam(self.online.parameters(), lr=1e-4)

    def update(self, states, actions, rewards, ended, next_states):
        with torch.no_grad():
            best = self.target(next_states.float() / 255).max(1).values
            wanted = rewards + 0.99 * (1 - ended) * best
        values = self.online(states.float() / 255).gather(1, actions[:, None])[:, 0]
        loss = functional.smooth_l1_loss(values, wanted)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()

    def act(self, state):
        with torch.no_grad():
            return int(self.online(state[None].float() / 255).argmax())


class Game:
    """libdeepq-atari by ctypes, 84x84, frame skip 4."""

    def __init__(self, library, rom):
        lib = ctypes.CDLL(library)
        pointer = ctypes.c_void_p
        lib.deepq_atari_batch_open.restype = pointer
        lib.deepq_atari_batch_open.argtypes = [ctypes.c_char_p, pointer, ctypes.c_int, ctypes.c_int, pointer]
        lib.deepq_atari_batch_act.argtypes = [pointer] * 5
        lib.deepq_atari_batch_game.restype = pointer
        lib.deepq_atari_batch_game.argtypes = [pointer, ctypes.c_int]
        lib.deepq_atari_minimal_actions.argtypes = [pointer, pointer]
        options = (ctypes.c_int64 * 64)()  # DeepqAtariOptions begins with a seed, a double and the frame skip
        ctypes.cast(ctypes.byref(options, 16), ctypes.POINTER(ctypes.c_int))[0] = 4
        self.lib, self.batch = lib, lib.deepq_atari_batch_open(rom.encode(), options, 1, 1, None)
        if not self.batch:
            raise SystemExit(f"{rom} cannot be played")
        minimal = ctypes.POINTER(ctypes.c_uint8)()
        count = lib.deepq_atari_minimal_actions(lib.deepq_atari_batch_game(self.batch, 0), ctypes.byref(minimal))
        self.actions = [minimal[i] for i in range(count)]
        self.frame = torch.zeros(SIDE, SIDE, dtype=torch.uint8)
        self.reward, self.over = ctypes.c_double(), ctypes.c_bool()

    def step(self, action):
        self.lib.deepq_atari_batch_act(self.batch, ctypes.byref(ctypes.c_int(self.actions[action])),
                                       ctypes.byref(self.reward), ctypes.byref(self.over), self.frame.data_ptr())
        return self.reward.value, self.over.value


class Replay:
    def __init__(self, steps):
        self.frames = torch.zeros(steps, SIDE, SIDE, dtype=torch.uint8)
        self.actions = torch.zeros(steps, dtype=torch.long)
        self.rewards, self.ended = torch.zeros(steps), torch.zeros(steps)
        self.count = 0

    def add(self, frame, action, reward, over):
        at = self.count % len(self.frames)
        self.frames[at] = frame
        self.actions[at], self.rewards[at], self.ended[at] = action, (reward > 0) - (reward < 0), over
        self.count += 1

    def stack(self, last):
        return self.frames[(last[:, None] + torch.arange(1 - HISTORY, 1)) % len(self.frames)]

    def sample(self):
        low = max(0, self.count - len(self.frames)) + HISTORY
        last = torch.randint(low, self.count - 1, (BATCH,))
        at = last % len(self.frames)
        return self.stack(last), self.actions[at], self.rewards[at], self.ended[at], self.stack(last + 1)


def median_ms(work, seconds=4.0):
    for _ in range(3):
        work()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 10 or time.perf_counter() < end:
        before = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - before))
    return sorted(times)[len(times) // 2]


def step(arguments):
    learner = Learner(arguments.preset, 4)
    states = torch.randint(0, 256, (2, BATCH, HISTORY, SIDE, SIDE), dtype=torch.uint8)
    actions = torch.randint(0, 4, (BATCH,))
    rewards, ended = torch.zeros(BATCH), torch.zeros(BATCH)
    print("train_step_ms", median_ms(lambda: learner.update(states[0], actions, rewards, ended, states[1])))
    print("act_ms", median_ms(lambda: learner.act(states[0, 0])))


def train(arguments):
    update_every, start = (1 if arguments.preset == "nips2013" else 4), 100
    game = Game(arguments.library, arguments.rom)
    learner, replay = Learner(arguments.preset, len(game.actions)), Replay(100000)
    steps = arguments.frames // 4
    begin, updates = None, 0
    for now in range(steps):
        if now == start:
            begin = time.perf_counter()
        explore = now < start or random.random() < 0.1
        if explore:
            action = random.randrange(len(game.actions))
        else:
            action = learner.act(replay.stack(torch.tensor([replay.count - 1]))[0])
        reward, over = game.step(action)
        replay.add(game.frame, action, reward, over)
        if now >= start and now % update_every == 0:
            learner.update(*replay.sample())
            updates += 1
    seconds = time.perf_counter() - begin
    print("frames_per_second", 4 * (steps - start) / seconds)
    print("updates_per_second", updates / seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["step", "train"])
    parser.add_argument("--preset", choices=["nips2013", "nature2015"], default="nips2013")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--frames", type=int, default=4000)
    parser.add_argument("--library")
    parser.add_argument("--rom")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    {"step": step, "train": train}[arguments.what](arguments)


if __name__ == "__main__":
    main()
