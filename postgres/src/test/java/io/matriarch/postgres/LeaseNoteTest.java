package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one daemon leaves to the next about its lease. */
@Tag("real")
class LeaseNoteTest {
    @TempDir private Path base;

    @BeforeEach
    void aDataDirectory() throws Exception {
        for (String name : new String[] {"a", "b"}) {
            Path data = Files.createDirectories(base.resolve(name).resolve("data"));
            Files.writeString(data.resolve("PG_VERSION"), "15\n");
        }
    }

    @Test
    void theNextDaemonInheritsTheEndOfTheProof() throws Exception {
        long end = armed("a", Duration.ofSeconds(20));
        try (Node next = new Node(base, "a")) {
            assertThat(next.postgres.inheritedLease()).isPresent();
            assertThat(next.postgres.inheritedLease().getAsLong())
                    .isCloseTo(end, within(Duration.ofMillis(100).toNanos()))
                    .isLessThanOrEqualTo(end);
        }
    }

    @Test
    void aLeaseThatWasGivenUpIsNotInherited() throws Exception {
        armed("a", Duration.ofSeconds(20));
        try (Node next = new Node(base, "a")) {
            next.postgres.inheritedLease();
            next.postgres.disarm();
            Awaitility.await().until(() -> !Files.exists(note("a")));
            assertThat(next.postgres.inheritedLease()).isEmpty();
        }
    }

    @Test
    void aCopyOfTheFileSaysNothingAboutAnotherMember() throws Exception {
        armed("a", Duration.ofSeconds(20));
        Files.copy(note("a"), note("b"));
        try (Node other = new Node(base, "b")) {
            assertThat(other.postgres.inheritedLease()).isEmpty();
        }
    }

    @Test
    void aFileOfBeforeAReboot() throws Exception {
        armed("a", Duration.ofSeconds(20));
        Files.writeString(note("a"), "a\n00000000-0000-0000-0000-000000000000\n99999999999999\n");
        assertInheritsNothing();
    }

    @Test
    void aTornFile() throws Exception {
        armed("a", Duration.ofSeconds(20));
        String whole = Files.readString(note("a"));
        Files.writeString(note("a"), whole.replaceAll("[0-9]+\n$", "many\n"));
        assertInheritsNothing();
    }

    private void assertInheritsNothing() throws Exception {
        try (Node next = new Node(base, "a")) {
            assertThat(next.postgres.inheritedLease()).isEqualTo(OptionalLong.empty());
        }
    }

    private long armed(String name, Duration left) throws Exception {
        try (Node node = new Node(base, name)) {
            long end = System.nanoTime() + left.toNanos();
            node.postgres.arm(end, end);
            Awaitility.await().until(() -> Files.exists(note(name)));
            return end;
        }
    }

    private Path note(String name) {
        return base.resolve(name).resolve("data").resolve("matriarch.lease");
    }
}
