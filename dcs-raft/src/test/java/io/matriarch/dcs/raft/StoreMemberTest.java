package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of one member, which runs in the process of the test. */
@Tag("real")
class StoreMemberTest {
    private final Address address = new Address("127.0.0.1", LoopbackPorts.free(1).get(0));

    @TempDir private Path folder;

    private RaftSettings settings() {
        return RaftSettings.of(
                new Section(
                        "raft",
                        Map.of(
                                "self_addr",
                                address.toString(),
                                "data_dir",
                                folder.toString(),
                                "min_timeout",
                                "0.2",
                                "max_timeout",
                                "0.4")));
    }

    private static Reply counted(Submission log) {
        return log.read(new Command.CountSessions(), "counting", RaftCluster.within(20)).reply();
    }

    /** As after a failed read of the log, or when memory ran out: nobody is told. */
    @Test
    void aMemberThatTheLibraryEndedComesBack() throws IOException {
        try (StoreMember member = StoreMember.open(settings(), Optional.empty());
                Wire wire = new Wire(Optional.empty(), Map.of())) {
            Submission log = new Submission(wire, List.of(address), Ticker.system());
            assertThat(counted(log)).isEqualTo(new Reply.Count(0));
            RaftServer first = member.server().orElseThrow();
            first.getDivision(Group.ID).close();
            assertThat(counted(log)).isEqualTo(new Reply.Count(0));
            assertThat(member.server().orElseThrow()).isNotSameAs(first);
        }
    }
}
