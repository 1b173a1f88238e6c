package io.kvd.simulator.world;

import io.kvd.simulator.engine.Delay;

/**
 * How long things take on a host that is well.
 *
 * @param wake from an input's arrival to the thread's turn
 * @param fsync of one log write
 * @param work of a read, a load or a flush, from being handed out to being done
 */
public record Pace(Delay wake, Delay fsync, Delay work) {
    /** About those of a machine with a fast SSD. */
    public static final Pace USUAL = new Pace(
            Delay.between(2_000, 30_000),
            new Delay(100_000, 300_000, 3_000_000, 100),
            new Delay(5_000, 200_000, 3_000_000, 50));
}
