"""Reads a run's event files and compares them with its tables: read_events.py RUN EPOCHS.

Messages are parsed by Google's protobuf from the field numbers of TensorBoard's event.proto and summary.proto; records and
their CRC-32C by this file; pictures by zlib.
"""
import csv
import glob
import math
import struct
import sys
import zlib

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

DOUBLE, FLOAT, INT64, INT32, STRING, MESSAGE, BYTES = 1, 2, 3, 5, 9, 11, 12
MESSAGES = {
    "Image": [("height", 1, INT32), ("width", 2, INT32), ("colorspace", 3, INT32), ("encoded_image_string", 4, BYTES)],
    "Value": [("tag", 1, STRING), ("simple_value", 2, FLOAT), ("image", 4, "Image")],
    "Summary": [("value", 1, "Value")],
    "Event": [("wall_time", 1, DOUBLE), ("step", 2, INT64), ("file_version", 3, STRING), ("summary", 5, "Summary")],
}


def event_class():
    file = descriptor_pb2.FileDescriptorProto(name="events.proto", package="t", syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            entry = message.field.add(name=field, number=number, label=3 if field == "value" else 1)
            entry.type = MESSAGE if isinstance(kind, str) else kind
            if isinstance(kind, str):
                entry.type_name = ".t." + kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("t.Event")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def table():
    rows = []
    for n in range(256):
        for _ in range(8):
            n = (n >> 1) ^ (0x82F63B78 if n & 1 else 0)
        rows.append(n)
    return rows


TABLE = table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    data = open(path, "rb").read()
    at = 0
    while at + 12 <= len(data):
        length, crc = struct.unpack_from("<QI", data, at)
        assert crc == masked_crc(data[at:at + 8]), "a length's checksum"
        if at + 16 + length > len(data):
            return
        body = data[at + 12:at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc(body), "an event's checksum"
        yield body
        at += 16 + length


def check_png(image):
    data = image.encoded_image_string
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", data[16:24]) == (image.width, image.height)
    at, pixels = 8, b""
    while at < len(data):
        length = struct.unpack_from(">I", data, at)[0]
        assert zlib.crc32(data[at + 4:at + 8 + length]) == struct.unpack_from(">I", data, at + 8 + length)[0]
        if data[at + 4:at + 8] == b"IDAT":
            pixels += data[at + 8:at + 8 + length]
        at += 12 + length
    assert len(zlib.decompress(pixels)) == image.height * (3 * image.width + 1), "a picture's size"


def read(run):
    event_type, scalars, pictures = event_class(), {}, 0
    for path in sorted(glob.glob(run + "/tensorboard/events.out.tfevents.*")):
        for index, body in enumerate(records(path)):
            event = event_type.FromString(body)
            assert event.SerializeToString() == body, "fields that TensorBoard does not know"
            assert (event.file_version == "brain.Event:2") == (index == 0)
            for value in event.summary.value:
                if value.HasField("image"):
                    check_png(value.image)
                    pictures += 1
                else:
                    scalars[value.tag, event.step] = value.simple_value
    return scalars, pictures


def main(run, epochs):
    scalars, pictures = read(run)
    columns = {"score/evaluation": "eval_mean_score", "score/training": "mean_score_100_games", "q/heldout": "heldout_q",
               "q/mean": "mean_q", "loss": "mean_loss", "dead_units": "dead_units", "epsilon": "epsilon"}
    rows = list(csv.DictReader(open(run + "/metrics.csv")))
    assert len(rows) == epochs and pictures >= epochs, (len(rows), pictures)
    for row in rows:
        for tag, column in columns.items():
            found = scalars.pop((tag, int(row["frames"])), math.nan)
            assert row[column] == "" or math.isclose(float(row[column]), found, rel_tol=2e-5), (tag, row, found)
    left = {tag for tag, _ in scalars}
    assert left == {"speed/frames_per_second"}, left
    speed = list(csv.DictReader(open(run + "/timing.csv")))
    assert {int(row["epoch"]) for row in speed} == set(range(1, epochs + 1))


main(sys.argv[1], int(sys.argv[2]))
