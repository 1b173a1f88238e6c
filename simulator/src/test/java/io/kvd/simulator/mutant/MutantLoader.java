package io.kvd.simulator.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Another copy of the product's and the simulator's classes, in which a mutant's take the place of their namesakes.
 * Everything else is shared, so only types of the JDK may pass between the copies.
 */
final class MutantLoader extends ClassLoader {
    private final Map<String, byte[]> mutated;

    /** @param mutated by class name */
    MutantLoader(Map<String, byte[]> mutated) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = Map.copyOf(mutated);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.kvd.core.") && !name.startsWith("io.kvd.simulator.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = mutated.getOrDefault(name, new byte[0]);
        bytes = bytes.length == 0 ? built(name) : bytes;
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] built(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
