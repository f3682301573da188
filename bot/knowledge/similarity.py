"""How like is a message to what is known? Centres, nearest lines, and ridge regression, each with its left-out scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack, solve_triangular
from scipy.sparse import csr_matrix

Array = npt.NDArray[Any]

#: The ridge: how strongly the regression is smoothed.
RIDGE = 1.0
#: How much pairs of features count in the regression beside single ones.
CURVE = 0.65
#: So many features are multiplied as full arrays.
_COMMON = 800
#: How many rows of a kernel, or columns of an inverse, are made at once.
_STRIP = 512


def bent(products: Array) -> Array:
    """The regression's kernel, from plain products: with the square, two things said together weigh more than each by itself."""
    kernel = products * CURVE
    kernel += 1
    kernel *= products
    return np.asarray(kernel)


def products(places: Array, values: Array, columns: csr_matrix) -> Array:
    """One message's features (`values` at `places`) times many columns: only the features that it has are read, and no sparse result is built."""
    return np.asarray(columns[places].T @ values)


class Lines:
    """Lines that many others are multiplied with.

    Most of the work of a sparse product goes into the few features that very many lines have; those are multiplied as full arrays.

    Args:
        rows: one row a line.
    """

    def __init__(self, rows: csr_matrix) -> None:
        counts = np.bincount(rows.indices, minlength=rows.shape[1])
        self._common = np.argsort(-counts, kind="stable")[:_COMMON]
        self._rare = np.setdiff1d(np.arange(rows.shape[1]), self._common)
        self._full = rows[:, self._common].toarray()
        self._sparse = csr_matrix(rows[:, self._rare].T)

    def products(self, rows: csr_matrix) -> Array:
        """A row for each of `rows`, a column a line."""
        found = rows[:, self._common].toarray() @ self._full.T
        found += (rows[:, self._rare] @ self._sparse).toarray()
        return np.asarray(found)

    def among_themselves(self, first: int, last: int) -> Array:
        """Some of the lines (from the first, before the last) with those from the first on."""
        found = self._full[first:last] @ self._full[first:].T
        found += (csr_matrix(self._sparse[:, first:last].T) @ self._sparse[:, first:]).toarray()
        return np.asarray(found)


class Centres:
    """The mean direction of the lines of each label.

    Args:
        sums: one row a label, the sum of its lines' features.
    """

    def __init__(self, sums: csr_matrix) -> None:
        self._columns = csr_matrix(sums.T)  # the one copy that is kept: it is what messages are multiplied with
        self._lengths = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel()) + 1e-9

    @classmethod
    def of(cls, rows: csr_matrix, labels: Array, count: int) -> Centres:
        """The centres of `count` labels; a line labelled -1 belongs to none."""
        belonging = np.flatnonzero(labels >= 0)
        indicator = csr_matrix((np.ones(len(belonging), dtype=np.float32), (labels[belonging], belonging)), shape=(count, rows.shape[0]))
        return cls(csr_matrix(indicator @ rows))

    @property
    def sums(self) -> csr_matrix:
        """One row a label."""
        return csr_matrix(self._columns.T)

    def similarities(self, places: Array, values: Array) -> Array:
        """Cosine-like similarity of one message's features (`values` at `places`) to each centre."""
        return np.asarray(products(places, values, self._columns) / self._lengths)

    def left_out(self, rows: csr_matrix, labels: Array) -> Array:
        """The same for the training lines, each compared with its own centre as if it were not part of it."""
        products = np.asarray((rows @ self._columns).todense())
        found = products / self._lengths
        own = np.flatnonzero(labels >= 0)
        itself = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()[own]
        with_own = products[own, labels[own]]
        length = np.sqrt(np.maximum(self._lengths[labels[own]] ** 2 - 2 * with_own + itself, 1e-9))
        found[own, labels[own]] = (with_own - itself) / length
        return np.asarray(found)


class Nearest:
    """The similarity to the nearest questions of each record, and to the nearest line outside the scope: a soft maximum over them.

    Args:
        rows: the features of the questions, those of one record side by side, then of the lines outside the scope.
        starts: where each record's rows begin, then where the lines outside begin.
    """

    #: The soft maximum takes powers of eight: three squares.
    _SQUARED = 3

    def __init__(self, rows: csr_matrix, starts: Array) -> None:
        self.starts = starts
        self.columns = csr_matrix(rows.T)

    @property
    def rows(self) -> csr_matrix:
        """One row a question or line."""
        return csr_matrix(self.columns.T)

    @property
    def records(self) -> Array:
        """The record (as a place) of each row, -1 for the lines outside."""
        sizes = np.diff(np.append(self.starts, self.columns.shape[1]))
        return np.repeat(np.append(np.arange(len(sizes) - 1), -1), sizes)

    def similarities(self, products: Array) -> Array:
        """From products with all rows (a row a message) to one similarity a record, and a last one for what is outside."""
        powers = np.maximum(products, 0)
        for _ in range(self._SQUARED):
            np.square(powers, out=powers)
        return np.asarray(np.add.reduceat(powers, self.starts, axis=1) ** (1 / 2**self._SQUARED))


@dataclass(frozen=True)
class Block:
    """The ridge regression of one field.

    Attributes:
        questions: places of the field's questions among all questions; lines outside the scope are among them, as negatives.
        records: places of its records among all records.
        duals: a row a question, a column a record.
    """

    questions: Array
    records: Array
    duals: Array

    @classmethod
    def fit(cls, rows: csr_matrix, asked: Array, inside: Array, left_out: int) -> tuple[Block, Array]:
        """Solve the regression of the questions `inside` one field.

        Args:
            rows: the features of all questions.
            asked: the record (as a place) of each question, -1 outside the scope.
            inside: places of the field's questions, those to be left out last.
            left_out: how many of them, from the end, are to be scored as if each had been left out.

        Returns:
            The block, and those scores (a row a question, a column a record of the field).
        """
        own = csr_matrix(rows[inside])
        records = np.unique(asked[inside][asked[inside] >= 0])
        targets = (asked[inside][:, None] == records).astype(np.float32)
        kernel = _kernel(own)
        factor, _ = lapack.spotrf(kernel, lower=True, clean=True, overwrite_a=True)
        duals, _ = lapack.spotrs(factor, targets, lower=True)
        diagonal = _inverse_diagonal(factor, left_out)
        scores = targets[-left_out:] - duals[-left_out:] / diagonal[:, None]
        return cls(inside, records, np.ascontiguousarray(duals)), scores


def _kernel(rows: csr_matrix) -> Array:
    """The lower half of the ridge's kernel of lines, column by column, as LAPACK reads it; what is above it says nothing."""
    size = rows.shape[0]
    kernel = np.empty((size, size), dtype=np.float32)
    lines = Lines(rows)
    for start in range(0, size, _STRIP):
        kernel[start : start + _STRIP, start:] = bent(lines.among_themselves(start, start + _STRIP))
    kernel[np.diag_indices(size)] += RIDGE
    return kernel.T


def _inverse_diagonal(factor: Array, count: int) -> Array:
    """The last `count` values of the diagonal of the inverse of L L', from its lower Cholesky factor L.

    They are the column sums of squares of the inverse of L, whose last columns depend on the last rows of L alone. That inverse is made strip
    by strip: LAPACK's own `trtri` and `potri` end the process in some builds of OpenBLAS when it has one thread.
    """
    factor = factor[-count:, -count:]
    diagonal = np.empty(count, dtype=factor.dtype)
    for start in range(0, count, _STRIP):
        width = min(_STRIP, count - start)
        strip = solve_triangular(factor[start:, start:], np.eye(count - start, width, dtype=factor.dtype), lower=True, check_finite=False, overwrite_b=True)
        diagonal[start : start + width] = np.einsum("ij,ij->j", strip, strip)
    return diagonal
