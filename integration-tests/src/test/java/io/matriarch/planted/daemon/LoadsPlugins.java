package io.matriarch.planted.daemon;

import java.util.ServiceLoader;

/** Breaks: one caller of ServiceLoader. */
final class LoadsPlugins {
    ServiceLoader<Runnable> all() {
        return ServiceLoader.load(Runnable.class);
    }
}
