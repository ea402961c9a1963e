package io.matriarch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Screen screen(boolean terminal) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalOnlyChangesArePrinted() {
        Screen screen = screen(false);
        screen.draw("one\n");
        screen.draw("one\n");
        screen.draw("two\n");
        screen.progress(1, 3, "waiting", 1.5);
        assertThat(text()).isEqualTo("one\ntwo\n");
    }

    @Test
    void onATerminalTheBlockIsDrawnOver() {
        Screen screen = screen(true);
        screen.draw("one\nmore\n");
        screen.draw("two\n");
        assertThat(text()).isEqualTo("one\nmore\n\u001b[2A\u001b[Jtwo\n");
    }
}
