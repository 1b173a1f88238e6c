package io.kvd.simulator.world;

/** Thrown from a door to end the process in the middle of whatever it does. Nothing but a lane's top catches it. */
final class ProcessDied extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProcessDied() {
        super("the process was killed within a turn", null, false, false);
    }
}
