package io.matriarch.cli;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The listing of all clusters that were named, or of the configured one. */
final class Listings {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final Surroundings surroundings;
    private final GlobalOptions options;
    private final List<String> clusters;

    Listings(Surroundings surroundings, GlobalOptions options, List<String> named) {
        this.surroundings = surroundings;
        this.options = options;
        this.clusters = named.isEmpty() ? surroundings.sessions().configured(options) : named;
    }

    void print(Format format, boolean extended, boolean timestamp) {
        Console console = surroundings.console();
        if (clusters.isEmpty()) {
            console.warn(surroundings.clock(), "Listing members: No cluster names were provided");
            return;
        }
        if (timestamp) {
            console.line(LocalDateTime.now(surroundings.clock()).format(SECONDS));
        }
        for (String cluster : clusters) {
            try (CtlSession session = surroundings.sessions().open(options, Optional.of(cluster))) {
                new MemberListing(session.picture()).print(console, format, extended);
            }
        }
    }
}
