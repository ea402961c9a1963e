package io.matriarch.planted.engine.shell;

/** Breaks: time is handed in, and the shell starts no thread. */
final class Sleeps {
    void nap() throws InterruptedException {
        Thread.sleep(System.nanoTime() % 2);
    }
}
