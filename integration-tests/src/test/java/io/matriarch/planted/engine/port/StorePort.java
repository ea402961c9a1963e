package io.matriarch.planted.engine.port;

/** A door to the world. */
public interface StorePort {
    void write(String text);
}
