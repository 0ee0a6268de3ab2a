"""read_figure.py FILE.png PART: the first line of a figure goes through three points, the middle one PART of the way from left to
right and half way up; exits with a sentence if it does not."""
import struct
import sys
import zlib

FIRST = (0, 114, 178)  # the first line's colour; a point is 7 x 7 of it
SIDE = 7


def rows_of(path):
    """The picture's rows of RGB bytes: one IDAT stream of 8-bit colours, any filters."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        at += 12 + size
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
            assert (depth, colours) == (8, 2), "not 8 bits of red, green and blue"
        elif kind == b"IDAT":
            packed += body
    raw, stride, before, rows = zlib.decompress(packed), 3 * width, bytes(3 * width), []
    for y in range(height):
        filtering, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            a = line[i - 3] if i >= 3 else 0
            b, c = before[i], before[i - 3] if i >= 3 else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: abs(p - v))
            line[i] = (line[i] + (0, a, b, (a + b) // 2, paeth)[filtering]) & 255
        before = bytes(line)
        rows.append(before)
    return rows


def points_of(rows):
    """Middles of all squares of the first colour."""
    run = bytes(FIRST) * SIDE
    found = []
    for y in range(len(rows) - SIDE + 1):
        x = rows[y].find(run)
        while x >= 0:
            if x % 3 == 0 and all(row[x:x + len(run)] == run for row in rows[y:y + SIDE]):
                found.append((x // 3 + SIDE // 2, y + SIDE // 2))
            x = rows[y].find(run, x + 1)
    return sorted(found)


points = points_of(rows_of(sys.argv[1]))
if len(points) != 3:
    sys.exit(f"{sys.argv[1]}: {len(points)} points, not three: {points}")
(x0, y0), (x1, y1), (x2, y2) = points
part = (x1 - x0) / (x2 - x0)
if not y0 > y1 > y2 or abs(part - float(sys.argv[2])) > 0.01 or abs((y0 - y1) - (y1 - y2)) > 2:
    sys.exit(f"{sys.argv[1]}: the points {points} are not where they should be")
