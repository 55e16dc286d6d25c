# SPDX-License-Identifier: MIT
"""A capture file for the demo where there is no network: three flows of UDP and some ARP."""
import struct

ADDRESSES = (b"\x02\x00\x00\x00\x00\x0a", b"\x02\x00\x00\x00\x00\x0b")
FRAMES = 4000


def sum16(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff


def ip_of(side):
    return bytes((10, 77, 0, side + 1))


def arp(side):
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + ADDRESSES[side] + ip_of(side)
    body += bytes(6) + ip_of(1 - side)
    return b"\xff" * 6 + ADDRESSES[side] + b"\x08\x06" + body + bytes(18)


def udp(side, number):
    """The lengths go through everything from the shortest frame to the longest."""
    payload = struct.pack(">I", number) + bytes(14 + number * 7 % 1455)
    body = struct.pack(">HHHH", 5000 + number % 3, 7, 8 + len(payload), 0) + payload
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), number & 0xffff, 0, 64, 17, 0)
    header += ip_of(side) + ip_of(1 - side)
    header = header[:10] + struct.pack(">H", sum16(header)) + header[12:]
    return ADDRESSES[1 - side] + ADDRESSES[side] + b"\x08\x00" + header + body


def make(path, side):
    """Writes what the side 0 or 1 sends."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for number in range(FRAMES):
            frame = arp(side) if number % 500 == 0 else udp(side, number)
            file.write(struct.pack("<IIII", 1700000000, number, len(frame), len(frame)))
            file.write(frame)
