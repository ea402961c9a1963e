package io.matriarch.demo;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What the person sees. On a terminal the last part is drawn over; elsewhere every change is a
 * line. Safe for use by any thread.
 */
final class Screen {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private int drawnLines;
    private String drawn = "";

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static Screen ofThisProcess() {
        return new Screen(System.out, System.console() != null);
    }

    /** Prints lines that stay. */
    synchronized void say(String text) {
        drawnLines = 0;
        drawn = "";
        out.print((terminal ? CLEAR_LINE : "") + text + System.lineSeparator());
        out.flush();
    }

    /** Draws a block over the one that was drawn before it; prints it only if it changed. */
    synchronized void draw(String block) {
        if (block.equals(drawn)) {
            return;
        }
        if (terminal && drawnLines > 0) {
            out.print("\u001b[" + drawnLines + "A\u001b[J");
        }
        out.print(block);
        out.flush();
        drawn = block;
        drawnLines = (int) block.lines().count();
    }

    /** How far a step of the drill is: a line that is drawn over, and only on a terminal. */
    synchronized void progress(int step, int steps, String what, double seconds) {
        if (terminal) {
            int width = 20;
            int full = width * (step - 1) / steps;
            out.print(
                    String.format(
                            Locale.ROOT,
                            "%s[%s%s] %d/%d %s ... %.1f s",
                            CLEAR_LINE,
                            "#".repeat(full),
                            ".".repeat(width - full),
                            step,
                            steps,
                            what,
                            seconds));
            out.flush();
        }
    }
}
