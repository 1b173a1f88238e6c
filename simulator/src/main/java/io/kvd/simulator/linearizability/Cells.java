package io.kvd.simulator.linearizability;

import java.util.Arrays;

/** An immutable array of cells, in chunks: a changed copy shares all chunks but one, and knows its hash. */
final class Cells {
    private static final int CHUNK_BITS = 5;
    private static final int CHUNK_CELLS = 1 << CHUNK_BITS;

    private final Cell[][] chunks;
    private final int hash;

    private Cells(Cell[][] chunks, int hash) {
        this.chunks = chunks;
        this.hash = hash;
    }

    static Cells of(Cell[] cells) {
        Cell[][] chunks = new Cell[(cells.length + CHUNK_CELLS - 1) / CHUNK_CELLS][];
        int hash = 0;
        for (int c = 0; c < chunks.length; c++) {
            int from = c << CHUNK_BITS;
            chunks[c] = Arrays.copyOfRange(cells, from, Math.min(from + CHUNK_CELLS, cells.length));
        }
        for (int i = 0; i < cells.length; i++) {
            hash += share(i, cells[i]);
        }
        return new Cells(chunks, hash);
    }

    Cell get(int index) {
        return chunks[index >> CHUNK_BITS][index & (CHUNK_CELLS - 1)];
    }

    Cells with(int index, Cell cell) {
        int chunk = index >> CHUNK_BITS;
        Cell[][] copy = chunks.clone();
        copy[chunk] = chunks[chunk].clone();
        copy[chunk][index & (CHUNK_CELLS - 1)] = cell;
        return new Cells(copy, hash - share(index, get(index)) + share(index, cell));
    }

    /** About what one changed copy costs in memory. */
    long changedBytes() {
        return 80 + 4L * chunks.length + 4L * CHUNK_CELLS;
    }

    private static int share(int index, Cell cell) {
        int hash = (cell.hashCode() + index * 0x9E3779B9) * 0x85EBCA6B;
        return hash ^ (hash >>> 15);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Cells that)
                || hash != that.hash
                || chunks.length != that.chunks.length) {
            return false;
        }
        for (int c = 0; c < chunks.length; c++) {
            if (chunks[c] != that.chunks[c] && !Arrays.equals(chunks[c], that.chunks[c])) {
                return false;
            }
        }
        return true;
    }
}
