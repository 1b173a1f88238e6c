package io.kvd.server.net;

import io.kvd.core.base.Bytes;

/**
 * What a connection is at the moment: at its handshake, a client's, a peer's. A stage handles frames and replaces
 * itself by the next one through {@link Connection#become}. Called on the connection's net thread only.
 */
interface Stage {
    /** A connection before its first stage and after its last. */
    Stage NONE = new Stage() {
        @Override
        public int maxFrameBytes() {
            return 0;
        }

        @Override
        public void frame(Bytes body) {}
    };

    /** The largest body that may come; a larger one is {@link #tooLarge}. */
    int maxFrameBytes();

    /** A whole frame came. */
    void frame(Bytes body);

    /** The connection is established. */
    default void active() {}

    /** A body of a permitted length begins; nothing is allocated for it yet. */
    default FrameReader.Verdict frameBegins(int bodyBytes) {
        return FrameReader.Verdict.READ;
    }

    /** So many more bytes are about to be allocated for the body; false has the rest of it skipped. */
    default boolean bodyGrows(int bytes) {
        return true;
    }

    /** A body that {@link #frameBegins} or {@link #bodyGrows} refused went by. */
    default void frameSkipped(Bytes head) {}

    /** A body over the limit was announced. The stage may say so before the connection is closed, which follows. */
    default void tooLarge(long bodyBytes) {}

    /** All that one read event brought was handed over. */
    default void readComplete() {}

    /** The connection is gone. Called once, on the last stage. */
    default void closed() {}
}
