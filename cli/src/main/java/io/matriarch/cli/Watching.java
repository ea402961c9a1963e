package io.matriarch.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that repeat a listing until the operator interrupts it. */
final class Watching {
    private static final double DEFAULT_SECONDS = 2;

    @Option(names = "-W", description = "Repeat every 2 seconds.")
    private boolean watch;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "SECONDS",
            description = "Repeat at this interval.")
    private Double seconds;

    Verdict repeat(Surroundings surroundings, Runnable print) throws InterruptedException {
        if (!watch && seconds == null) {
            print.run();
            return Verdict.DONE;
        }
        double interval = seconds == null || seconds <= 0 ? DEFAULT_SECONDS : seconds;
        while (true) {
            surroundings.console().clearScreen();
            print.run();
            surroundings.nap().take(Duration.ofMillis((long) (interval * 1000)));
        }
    }
}
