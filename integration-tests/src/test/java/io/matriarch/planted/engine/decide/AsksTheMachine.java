package io.matriarch.planted.engine.decide;

/** Breaks: decide is pure. */
final class AsksTheMachine {
    String home() {
        return System.getenv("HOME");
    }
}
