package io.kvd.bench.workload;

/** How requests come. */
public sealed interface Load {

    /**
     * A closed loop: so many callers, each of which sends its next request when the last is answered. A slow answer
     * delays the requests behind it, so latencies are those of so many waiting callers, not of a given rate.
     */
    record InFlight(int callers) implements Load {
        public InFlight {
            if (callers < 1) {
                throw new IllegalArgumentException("requests in flight: " + callers);
            }
        }

        @Override
        public String toString() {
            return callers + " in flight";
        }
    }

    /**
     * An open loop: requests start at fixed intervals, whatever becomes of the earlier ones. Latency counts from the
     * moment at which a request was to start, so a stall shows in every request that it held up.
     */
    record Rate(long perSecond) implements Load {
        public Rate {
            if (perSecond < 1) {
                throw new IllegalArgumentException("requests a second: " + perSecond);
            }
        }

        /** One thread sends them all. */
        @Override
        public int callers() {
            return 1;
        }

        @Override
        public String toString() {
            return perSecond + "/s";
        }
    }

    /** Who needs a supply of requests of its own. */
    int callers();
}
