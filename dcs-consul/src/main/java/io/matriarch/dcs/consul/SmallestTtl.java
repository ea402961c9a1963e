package io.matriarch.dcs.consul;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limit that Consul names when it refuses a session: {@code must be between [10s=24h0m0s]}. */
final class SmallestTtl {
    private static final Pattern RANGE = Pattern.compile("must be between \\[([0-9a-zµ.]+)=");

    /** Go writes {@code 1m30s} and {@code 500ms}. */
    private static final Pattern PART = Pattern.compile("([0-9.]+)(h|ms|m|s)");

    private static final Map<String, Long> MILLIS =
            Map.of("h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);

    private SmallestTtl() {}

    static Optional<Duration> in(String message) {
        Matcher range = RANGE.matcher(message);
        if (!range.find()) {
            return Optional.empty();
        }
        BigDecimal millis = BigDecimal.ZERO;
        Matcher part = PART.matcher(range.group(1));
        while (part.find()) {
            long unit = MILLIS.get(part.group(2));
            millis = millis.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        return Optional.of(Duration.ofMillis(millis.longValue()))
                .filter(ttl -> ttl.compareTo(Duration.ZERO) > 0);
    }
}
