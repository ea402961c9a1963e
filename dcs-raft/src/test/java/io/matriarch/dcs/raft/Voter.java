package io.matriarch.dcs.raft;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The main program of a process that is nothing but a member of the store. */
final class Voter {
    private Voter() {}

    /** What it tells of the wall clock when it is asked. */
    static final String WALL_CLOCK = "wall clock: ";

    /**
     * Arguments are {@code key=value} of the section; ends when its input does. For each byte of it
     * the wall clock is told.
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, Object> section = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            section.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        section.put(RaftSettings.WITNESS, "true");
        DcsConfig config =
                new DcsConfig(
                        new Scope("/service", "witness"),
                        Optional.empty(),
                        new Section("raft", section),
                        DcsSettings.defaults(),
                        Ticker.system());
        Dcs dcs = new RaftProvider().open(config, hint -> {});
        while (System.in.read() >= 0) {
            // The parent holds the pipe open for as long as this shall live.
            System.out.println(WALL_CLOCK + Instant.now());
        }
        dcs.close();
    }
}
