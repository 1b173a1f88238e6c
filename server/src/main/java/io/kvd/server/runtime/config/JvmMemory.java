package io.kvd.server.runtime.config;

import com.sun.management.HotSpotDiagnosticMXBean;

import java.lang.management.ManagementFactory;

/**
 * What the JVM may take.
 *
 * @param heapBytes of objects, -Xmx
 * @param directBytes outside the heap, for what sockets take: -XX:MaxDirectMemorySize, else as much as the heap
 */
public record JvmMemory(long heapBytes, long directBytes) {

    static JvmMemory ofThisProcess() {
        long heap = Runtime.getRuntime().maxMemory();
        String option = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        long direct = Long.parseLong(option);
        return new JvmMemory(heap, direct == 0 ? heap : direct);
    }
}
