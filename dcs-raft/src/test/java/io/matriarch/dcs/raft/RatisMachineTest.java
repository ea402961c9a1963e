package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
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
    }
}
