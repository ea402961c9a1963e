package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A daemon is killed in the middle of a clone; nobody helps but the service manager. */
@Tag("real")
class KilledWhileCloningTest {
    private static final LabPlan PLAN =
            LabPlan.three()
                    .withMembers(2)
                    .customized(
                            (name, yaml) ->
                                    yaml.replace(
                                            "  listen: 127.0.0.1:",
                                            "  basebackup: [max-rate: 8M, checkpoint: fast]\n"
                                                    + "  listen: 127.0.0.1:"));

    @Test
    @DisplayName("a member whose daemon was killed while it cloned clones again by itself")
    void killed() throws Exception {
        try (Lab lab = Product.lab(PLAN)) {
            lab.start();
            LabMember replica = cloning(lab);
            Path data = lab.directory().resolve(replica.name());
            Signals.kill(lab.daemon(replica.name()).pid());
            assertThat(data.resolve("global/pg_control")).as("the copy is half").doesNotExist();
            lab.startDaemon(replica);
            lab.awaitWhole(Duration.ofMinutes(1));
            assertThat(lab.directory().resolve(replica.name() + ".unfinished")).doesNotExist();
            assertThat(Files.readString(lab.directory().resolve(replica.name() + ".log")))
                    .contains("holds a copy that was never finished")
                    .doesNotContain("system ID is invalid");
        }
    }

    /** The member that has copied something, but not all. */
    private static LabMember cloning(Lab lab) {
        return Awaitility.await("a clone under way")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () ->
                                lab.members().stream()
                                        .filter(member -> halfCopied(lab, member))
                                        .findFirst()
                                        .orElse(null),
                        found -> found != null);
    }

    private static boolean halfCopied(Lab lab, LabMember member) {
        Path data = lab.directory().resolve(member.name());
        return Files.exists(data.resolve("backup_label"))
                && Files.exists(data.resolve("base"))
                && bearsToken(data);
    }

    /** Without it nothing is removed, and the copy that goes on by itself is used. */
    private static boolean bearsToken(Path data) {
        try (Stream<Path> files = Files.list(data)) {
            return files.anyMatch(
                    file -> file.getFileName().toString().startsWith("matriarch.unfinished."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
