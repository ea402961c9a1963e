package io.matriarch.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Standard input, output and error of one run. Questions go to the output without a line end, as
 * programs that drive the tool expect them.
 */
final class Console {
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS");
    private static final List<String> YES = List.of("y", "yes");
    private static final List<String> NO = List.of("n", "no", "");

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

    /**
     * @param terminal whether a person sits in front: both input and output are a terminal
     */
    Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** For text that somebody else lays out. */
    PrintWriter writer() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    boolean isTerminal() {
        return terminal;
    }

    void line(String text) {
        out.print(text + "\n");
        out.flush();
    }

    void errorLine(String text) {
        out.flush();
        err.print(text + "\n");
        err.flush();
    }

    /** A line as a logger would write it. */
    void warn(Clock clock, String text) {
        errorLine(LocalDateTime.now(clock).format(LOG_TIME) + " - WARNING - " + text);
    }

    void trace(Throwable thrown) {
        thrown.printStackTrace(err);
        err.flush();
    }

    void clearScreen() {
        if (terminal) {
            out.print("\u001b[2J\u001b[1;1H");
        }
    }

    /** Asks until something is typed. */
    String prompt(String question) {
        String answer;
        do {
            answer = ask(question + ": ");
        } while (answer.isEmpty());
        return answer;
    }

    /** Asks once; an empty line means the default, which the question shows. */
    String prompt(String question, String otherwise) {
        String answer = ask(question + " [" + otherwise + "]: ");
        return answer.isEmpty() ? otherwise : answer;
    }

    /** Asks until the answer is a yes or a no; an empty line is a no. */
    boolean confirm(String question) {
        while (true) {
            String answer = ask(question + " [y/N]: ").strip().toLowerCase(Locale.ROOT);
            if (YES.contains(answer)) {
                return true;
            }
            if (NO.contains(answer)) {
                return false;
            }
            line("Error: invalid input");
        }
    }

    private String ask(String question) {
        out.print(question);
        out.flush();
        String answer = readLine();
        if (answer == null) {
            throw new Aborted();
        }
        return answer;
    }

    private String readLine() {
        try {
            return in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    /** Everything that is left on standard input. */
    String rest() {
        try {
            StringWriter text = new StringWriter();
            in.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }
}
