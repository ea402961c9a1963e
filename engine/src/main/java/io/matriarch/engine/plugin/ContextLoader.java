package io.matriarch.engine.plugin;

import java.util.function.Supplier;

/**
 * Runs code with another context class loader, which the threads that it starts inherit. Client
 * libraries find their own services through it.
 */
record ContextLoader(ClassLoader loader) {
    <T> T call(Supplier<T> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return code.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    void run(Runnable code) {
        call(
                () -> {
                    code.run();
                    return true;
                });
    }
}
