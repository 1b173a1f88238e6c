package io.kvd.server.storage;

import org.rocksdb.AbstractNativeReference;

import java.util.ArrayDeque;

/** Native objects that live together; closed in reverse order of being added, since later ones use earlier ones. */
final class NativeResources implements AutoCloseable {
    private final ArrayDeque<AbstractNativeReference> owned = new ArrayDeque<>();

    /** Takes the object over and gives it back for use. */
    <T extends AbstractNativeReference> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
    }
}
