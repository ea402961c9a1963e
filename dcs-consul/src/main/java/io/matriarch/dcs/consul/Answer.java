package io.matriarch.dcs.consul;

import java.util.Locale;

/**
 * What the agent answered.
 *
 * @param index of the state that was read, from {@code X-Consul-Index}; 0 if it says none
 */
record Answer(int status, String text, long index) {
    boolean ok() {
        return status == 200;
    }

    boolean missing() {
        return status == 404;
    }

    /** Whether a session is the reason; such an error is for the caller to act on. */
    boolean aboutASession() {
        return text.toLowerCase(Locale.ROOT).contains("invalid session");
    }

    /** Rights that are missing, or a token that is unknown. */
    boolean forbidden() {
        return status == 401 || status == 403;
    }

    /** Whether the servers could not do it now. */
    boolean busy() {
        return status == 429 || status >= 500;
    }

    /** Whether a change surely had no effect: nobody was there to take it, or it was put off. */
    boolean surelyWithoutEffect() {
        return status == 429 || text.contains("No cluster leader");
    }

    @Override
    public String toString() {
        String line = text.strip().replaceAll("\\s+", " ");
        return "HTTP " + status + (line.isEmpty() ? "" : " " + shortened(line));
    }

    private static String shortened(String line) {
        return line.length() > 200 ? line.substring(0, 200) + " ..." : line;
    }
}
