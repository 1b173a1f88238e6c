package io.kvd.server.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands over the signals that stop a process. A shutdown hook could not: it can't choose the exit code, and it hides
 * a second signal. By reflection, since javac has a warning for {@code sun.misc.Signal} that can't be switched off;
 * module jdk.unsupported exports it, in every JDK so far.
 */
final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);
    private static final List<String> STOP = List.of("INT", "TERM", "HUP");

    private Signals() {}

    static void handle(Consumer<String> handler) {
        STOP.forEach(name -> handle(name, handler));
    }

    private static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(),
                    new Class<?>[] {handlerClass},
                    (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            handler.accept("SIG" + name);
                        }
                        return 0;
                    });
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException e) {
            // Such as -Xrs: the signal then ends the process at once, which no data is lost by.
            log.warn(
                    "SIG{} will not stop this process gracefully: {}",
                    name,
                    String.valueOf(e.getCause()));
        }
    }
}
