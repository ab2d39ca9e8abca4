"""Teaches the encoder's upper layers what our messages are about. Needs TensorFlow, which reading a message does not."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from bot.components.encoder import HEADS, SMALLEST, Encoder, Layer, read_encoder

BATCH = 64  # messages
NEIGHBOURS = 40  # batches within which messages of like length are put together: less padding
DROPPED = 0.1  # of the numbers in a layer, in teaching
WARMING = 0.06  # of the steps, while the rate rises
HEAD_RATE = 10  # times the layers' rate: the heads begin with nothing
DECAY = 0.01  # of weights
STEADINESS = 0.98  # of the optimizer's memory of squared slopes
STEEPEST = 1.0  # slope
RARE = -3.0  # log odds of any situation before anything is learned
OUTSIDE = -1e9  # attention to what is no text
SCALE = 5.0  # of the mean before the heads
_SHAPES = [tf.TensorSpec((None, None, None), tf.float32), tf.TensorSpec((None, 1, 1, None), tf.float32)]


class Head(NamedTuple):
    """A linear layer over the mean of a text."""

    weights: Any
    bias: Any


class Network(NamedTuple):
    """What is taught: the upper layers, and a head each for topics and for situations told and denied, side by side."""

    layers: list[Layer]
    topics: Head
    situations: Head


def teach(
    texts: list[str],
    topics: list[str],
    asserted: list[list[str]],
    denied: list[list[str]],
    depth: int,
    passes: int,
    rate: float,
) -> dict[str, np.ndarray]:
    """Teach the layers from `depth` on, in so many passes over n texts with their topics and situations.

    Returns each upper layer's arrays as "place field", and the heads as `topics` and `situations`: weights above a bias.
    """
    encoder = read_encoder()
    names, situations = sorted(set(topics)), sorted({name for told in (*asserted, *denied) for name in told})
    numbers = np.array([names.index(topic) for topic in topics], np.int32)
    told = [
        [name in holds for name in situations] + [name in denies for name in situations]
        for holds, denies in zip(asserted, denied)
    ]
    network = _taught(
        below(encoder, texts, depth), encoder.layers[depth:], numbers, np.array(told, np.float32), passes, rate
    )
    arrays = {
        f"{place} {name}": part.astype(np.float16)
        for place, layer in enumerate(network.layers)
        for name, part in layer._asdict().items()
    }
    heads = {"topics": network.topics, "situations": network.situations}
    return arrays | {name: np.vstack([head.weights * SCALE, head.bias]) for name, head in heads.items()}


def below(encoder: Encoder, texts: list[str], depth: int) -> list[np.ndarray]:
    """What the layer at `depth` (from 0) gets to see of each text: pieces × 384, in half precision."""
    layers = [Layer(*map(tf.constant, layer)) for layer in encoder.layers[:depth]]

    @tf.function(input_signature=_SHAPES)
    def through(states: tf.Tensor, outside: tf.Tensor) -> tf.Tensor:
        for layer in layers:
            states = _run(layer, states, outside, 0.0)
        return states

    known = {text: encoder.embedded(text) for text in texts}
    order = sorted(known, key=lambda text: len(known[text]))
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        states = through(*padded([known[text] for text in batch])).numpy().astype(np.float16)
        known.update({text: row[: len(known[text])] for text, row in zip(batch, states)})
    return [known[text] for text in texts]


def padded(rows: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Texts of different length as one array, texts × pieces × numbers, and texts × 1 × 1 × pieces: 0 where there is text."""
    longest = max(map(len, rows))
    states = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    outside = np.full((len(rows), 1, 1, longest), OUTSIDE, np.float32)
    for i, row in enumerate(rows):
        states[i, : len(row)] = row
        outside[i, ..., : len(row)] = 0
    return states, outside


def _taught(
    states: list[np.ndarray], layers: list[Layer], topics: np.ndarray, told: np.ndarray, passes: int, rate: float
) -> Network:
    """The network after so many passes over messages (`below`), their topics (numbers) and situations (n × 2s, 0 or 1)."""
    tf.random.set_seed(0)
    random = np.random.default_rng(0)
    width = layers[0].outward.shape[0]

    def head(outputs: int, bias: float) -> Head:
        weights = random.normal(0, 0.02, (width, outputs)).astype(np.float32)
        return Head(tf.Variable(weights), tf.Variable(np.full(outputs, bias, np.float32)))

    network = Network(
        [Layer(*map(tf.Variable, layer)) for layer in layers],
        head(int(topics.max()) + 1, 0.0),
        head(told.shape[1], RARE),
    )
    groups = [[part for layer in network.layers for part in layer], [*network.topics, *network.situations]]
    optimizers = [_optimizer(group) for group in groups]

    @tf.function(
        input_signature=[*_SHAPES, tf.TensorSpec((None,), tf.int32), tf.TensorSpec((None, told.shape[1]), tf.float32)]
    )
    def step(states: tf.Tensor, outside: tf.Tensor, topics: tf.Tensor, told: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            of_topics, of_situations = _heads(network, states, outside)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(topics, of_topics)
                + tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(told, of_situations), 1)
            )
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, [*groups[0], *groups[1]]), STEEPEST)
        optimizers[0].apply_gradients(zip(slopes[: len(groups[0])], groups[0]))
        optimizers[1].apply_gradients(zip(slopes[len(groups[0]) :], groups[1]))

    lengths, done = [len(row) for row in states], 0
    steps = passes * len(_batches(lengths, np.random.default_rng(0)))
    for number in range(passes):
        print(f"  pass {number + 1} of {passes} over {len(states)} messages …", file=sys.stderr, flush=True)
        for batch in _batches(lengths, random):
            now = rate * min(1, (done + 1) / (WARMING * steps)) * (1 - done / steps)
            optimizers[0].learning_rate.assign(now)
            optimizers[1].learning_rate.assign(now * HEAD_RATE)
            step(*padded([states[i] for i in batch]), topics[batch], told[batch])
            done += 1
    return Network(
        [Layer(*(part.numpy() for part in layer)) for layer in network.layers],
        Head(*(part.numpy() for part in network.topics)),
        Head(*(part.numpy() for part in network.situations)),
    )


def _optimizer(variables: list[Any]) -> Any:
    optimizer = tf.keras.optimizers.AdamW(weight_decay=DECAY, beta_2=STEADINESS, jit_compile=False)
    optimizer.exclude_from_weight_decay([variable for variable in variables if len(variable.shape) < 2])
    optimizer.build(variables)
    return optimizer


def _batches(lengths: list[int], random: np.random.Generator) -> list[np.ndarray]:
    order = random.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), BATCH * NEIGHBOURS):
        near = order[start : start + BATCH * NEIGHBOURS]
        near = near[np.argsort([lengths[i] for i in near], kind="stable")]
        batches += [near[place : place + BATCH] for place in range(0, len(near), BATCH)]
    return [batches[i] for i in random.permutation(len(batches))]


def _heads(network: Network, states: tf.Tensor, outside: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    for layer in network.layers:
        states = _run(layer, states, outside, DROPPED)
    inside = tf.cast(outside[:, 0, 0, :, None] == 0, tf.float32)
    seen = tf.nn.dropout(SCALE * tf.reduce_sum(states * inside, 1) / tf.reduce_sum(inside, 1), DROPPED)
    return tuple(seen @ head.weights + head.bias for head in (network.topics, network.situations))


def _run(layer: Layer, states: tf.Tensor, outside: tf.Tensor, dropped: float) -> tf.Tensor:
    """As `encoder.run`, in TensorFlow."""
    texts, pieces, width = tf.shape(states)[0], tf.shape(states)[1], layer.outward.shape[0]

    def by_head(part: tf.Tensor) -> tf.Tensor:
        return tf.transpose(tf.reshape(part, (texts, pieces, HEADS, width // HEADS)), (0, 2, 1, 3))

    def kept(part: tf.Tensor) -> tf.Tensor:
        return tf.nn.dropout(part, dropped) if dropped else part

    flat = tf.reshape(states, (-1, width))
    queries, keys, values = map(by_head, tf.split(flat @ layer.inward + layer.inward_bias, 3, 1))
    likeness = tf.matmul(queries, keys, transpose_b=True) / (width // HEADS) ** 0.5
    attended = tf.transpose(kept(tf.nn.softmax(likeness + outside)) @ values, (0, 2, 1, 3))
    attended = tf.reshape(attended, (-1, width)) @ layer.outward + layer.outward_bias
    flat = _normed(flat + kept(attended), layer.attended_scale, layer.attended_shift)
    wide = tf.nn.gelu(flat @ layer.wide + layer.wide_bias, approximate=False)
    flat = _normed(flat + kept(wide @ layer.narrow + layer.narrow_bias), layer.scale, layer.shift)
    return tf.reshape(flat, (texts, pieces, width))


def _normed(rows: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) -> tf.Tensor:
    middle, spread = tf.nn.moments(rows, -1, keepdims=True)
    return (rows - middle) * tf.math.rsqrt(spread + SMALLEST) * scale + shift
