package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state on a member's disk. */
class RatisMachineTest {
    /** Nothing of it is asked but its name. */
    private static final RaftServer SERVER =
            (RaftServer)
                    Proxy.newProxyInstance(
                            RaftServer.class.getClassLoader(),
                            new Class<?>[] {RaftServer.class},
                            (proxy, method, arguments) -> RaftPeerId.valueOf("a"));

    @TempDir private Path folder;

    private RaftStorage storage;

    @BeforeEach
    void openStorage() throws IOException {
        storage =
                RaftStorage.newBuilder()
                        .setDirectory(folder.resolve("member").resolve("store").toFile())
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .setStorageFreeSpaceMin(SizeInBytes.valueOf(0))
                        .build();
        storage.initialize();
    }

    @AfterEach
    void closeStorage() throws IOException {
        storage.close();
    }

    private static final class Deaf implements RatisMachine.Events {
        @Override
        public void leads() {}

        @Override
        public void follows() {}

        @Override
        public void broken(Throwable cause) {}
    }

    private RatisMachine opened() throws IOException {
        RatisMachine machine = new RatisMachine(new Deaf());
        machine.initialize(SERVER, Group.ID, storage);
        return machine;
    }

    private Path file(String name) {
        return storage.getStorageDir().getStateMachineDir().toPath().resolve(name);
    }

    /** Anything else than this exception would end the member. */
    @Test
    void aSnapshotWhoseChecksumCannotBeSavedHasFailed() throws IOException {
        RatisMachine machine = opened();
        machine.notifyTermIndexUpdated(3, 50);
        Files.createDirectories(file("snapshot.3_50.md5").resolve("in the way"));
        assertThatThrownBy(machine::takeSnapshot).isInstanceOf(IOException.class);
        assertThat(file("snapshot.3_50.tmp")).doesNotExist();
        assertThat(file("snapshot.3_50")).doesNotExist();
    }

    @Test
    void whatAKilledMemberLeftIsRemoved() throws IOException {
        Path snapshot = snapshot();
        Path half = Files.writeString(file("snapshot.3_90.tmp"), "half");
        Path checksum = Files.writeString(file("snapshot.3_90.md5.tmp"), "half");
        opened();
        assertThat(half).doesNotExist();
        assertThat(checksum).doesNotExist();
        assertThat(snapshot).exists();
    }

    private void refused(String says) {
        assertThatThrownBy(this::opened)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(says)
                .hasMessageContaining("empty " + folder.resolve("member") + ", and");
    }

    private Path snapshot() throws IOException {
        RatisMachine machine = opened();
        machine.notifyTermIndexUpdated(3, 50);
        machine.takeSnapshot();
        return file("snapshot.3_50");
    }

    @Test
    void aSnapshotIsFoundAgain() throws IOException {
        assertThat(opened().getLastAppliedTermIndex().getIndex()).isEqualTo(-1);
        snapshot();
        RatisMachine again = opened();
        assertThat(again.getLastAppliedTermIndex()).isEqualTo(TermIndex.valueOf(3, 50));
        assertThat(again.getLatestSnapshot().getTermIndex()).isEqualTo(TermIndex.valueOf(3, 50));
    }

    @Test
    void aDamagedSnapshotIsNotBelieved() throws IOException {
        Path file = snapshot();
        byte[] bytes = Files.readAllBytes(file);
        // The clock: any value of it makes sense.
        bytes[5] ^= 1;
        Files.write(file, bytes);
        refused(file + " is damaged");
    }

    @Test
    void aDamagedChecksumDoesNotMakeAnEmptyMember() throws IOException {
        Files.writeString(snapshot().resolveSibling("snapshot.3_50.md5"), "nothing");
        refused("or its checksum is damaged");
    }

    /** As after a crash while a snapshot of the leader took the place of the own ones. */
    @Test
    void aLostSnapshotDoesNotMakeAnEmptyMember() throws IOException {
        Path log = storage.getStorageDir().getCurrentDir().toPath();
        Files.writeString(log.resolve("log_51-60"), "");
        refused("the log begins with entry 51");
        snapshotWithout(log);
        assertThat(opened().getLastAppliedTermIndex().getIndex()).isEqualTo(50);
    }

    private void snapshotWithout(Path log) throws IOException {
        Path segment = log.resolve("log_51-60");
        Files.delete(segment);
        snapshot();
        Files.writeString(segment, "");
    }
}
