package io.matriarch.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.dcs.raft.machine.Command.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The bytes of the log and of snapshots. They stand on the disks of running stores: a version that
 * writes others must still read these.
 */
class FormatTest {
    private static final String PATH = "/service/batman";
    private static final HexFormat HEX = HexFormat.of();

    private static final List<Command> COMMANDS =
            List.of(
                    new Command.Read(PATH),
                    new Command.Claim(PATH, "a", 30, Optional.of("{}"), Optional.empty()),
                    new Command.Release(PATH, "a", Optional.of("{\"optime\":1}")),
                    new Command.Touch(PATH, "a", 30, "é"),
                    new Command.Put(PATH, "config", Optional.of("{}"), new Condition.Always()),
                    new Command.Put(PATH, "sync", Optional.of(""), new Condition.Absent()),
                    new Command.Put(PATH, "config", Optional.empty(), new Condition.Unchanged(7)),
                    new Command.Purge(PATH),
                    new Command.Reign(-2),
                    new Command.Tick(-2, 1, 250_000_000),
                    new Command.EndSession(3),
                    new Command.CountSessions());

    private static List<String> golden(String name) throws IOException {
        try (InputStream file = FormatTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
    }

    @Test
    void entriesOfTheLog() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Command command : COMMANDS) {
            Request request = new Request("p", 5, 9, command);
            byte[] bytes = RequestCodec.encode(request);
            lines.add(command.getClass().getSimpleName() + " " + HEX.formatHex(bytes));
            assertThat(RequestCodec.decode(bytes)).isEqualTo(request);
        }
        assertThat(lines).isEqualTo(golden("log.txt"));
    }

    @Test
    void aSnapshot() throws IOException {
        Machine machine = new Machine();
        long index = 0;
        for (Command command :
                List.of(
                        new Command.Reign(-2),
                        new Command.Tick(-2, 1, 250_000_000),
                        new Command.Claim(
                                PATH, "a", Story.TTL, Optional.of("{}"), Optional.empty()),
                        new Command.Touch(PATH, "a", Story.TTL, "é"),
                        new Command.Put(
                                "/service/robin",
                                "config",
                                Optional.of(""),
                                new Condition.Absent()))) {
            index++;
            machine.apply(index, new Request("p", index, Story.SECOND, command));
        }
        String bytes = HEX.formatHex(SnapshotCodec.encode(machine));
        assertThat(List.of(bytes)).isEqualTo(golden("snapshot.txt"));
        byte[] again = SnapshotCodec.encode(SnapshotCodec.decode(HEX.parseHex(bytes)));
        assertThat(HEX.formatHex(again)).isEqualTo(bytes);
    }

    @Test
    void whatIsNotKnownIsRefused() {
        byte[] unknown = RequestCodec.encode(new Request("p", 5, 9, new Command.CountSessions()));
        unknown[unknown.length - 1] = 77;
        assertThatThrownBy(() -> RequestCodec.decode(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kind 77");
        assertThatThrownBy(() -> SnapshotCodec.decode(new byte[] {2}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RequestCodec.decode(new byte[] {0, 0, 0, 1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
