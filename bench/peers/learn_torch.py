"""The networks of `deepq learn`, trained by PyTorch: the same layers, batch, optimiser and threads.

usage: learn_torch.py mlp|cnn THREADS EPOCHS BATCH

Prints examples per second of training alone and the test accuracy. Pictures are in memory as floats before the clock
starts, as they are not for deepq, which makes floats of bytes in each batch; both shuffle, neither augments here.
"""
import gzip
import sys
import time

import torch
from torch import nn

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read(part):
    with gzip.open(FOLDER + part + "-images-idx3-ubyte.gz") as file:
        pictures = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8).reshape(-1, 1, 28, 28)
    with gzip.open(FOLDER + part + "-labels-idx1-ubyte.gz") as file:
        labels = torch.frombuffer(bytearray(file.read()[8:]), dtype=torch.uint8)
    return pictures.float() / 255, labels.long()


def stage(channels_in, channels):
    return [nn.Conv2d(channels_in, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU()]


def make(name):
    if name == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.25), nn.Linear(512, 256),
                             nn.ReLU(), nn.Dropout(0.25), nn.Linear(256, 10))
    return nn.Sequential(*stage(1, 32), nn.MaxPool2d(2), *stage(32, 64), *stage(64, 64), nn.MaxPool2d(2),
                         *stage(64, 128), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(1152, 256), nn.ReLU(),
                         nn.Dropout(0.3), nn.Linear(256, 10))


def main():
    name, threads, epochs, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    pictures, labels = read("train")
    net = make(name)
    descent = torch.optim.AdamW(net.parameters(), lr=1e-3 if name == "mlp" else 1.5e-3, weight_decay=0.01)
    loss_of = nn.CrossEntropyLoss()
    count = int(sys.argv[5]) if len(sys.argv) > 5 else len(labels)
    net.train()
    begin, cpu_begin = time.perf_counter(), time.process_time()
    for _ in range(epochs):
        order = torch.randperm(count)
        for at in range(0, count, batch):
            chosen = order[at:at + batch]
            descent.zero_grad()
            loss_of(net(pictures[chosen]), labels[chosen]).backward()
            descent.step()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu_begin
    net.eval()
    pictures, labels = read("t10k")
    with torch.no_grad():
        right = sum((net(pictures[i:i + 1000]).argmax(1) == labels[i:i + 1000]).sum().item()
                    for i in range(0, len(labels), 1000))
    print(f"torch {torch.__version__} {name}: {epochs * count / seconds:.0f} examples/s, {seconds:.1f} s, "
          f"{cpu:.1f} s of processor, test accuracy {right / len(labels):.4f}")


main()
